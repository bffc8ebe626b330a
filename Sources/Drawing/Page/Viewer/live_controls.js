// SPDX-License-Identifier: MIT
// What stands beside the picture of a live robot: sliders, and curves of the last seconds and of the run.

/** A slider with its name and value; `said` is called with what a hand gives it. */
class Slider {
  constructor({name, low, high, unit, start, fixed = false}, said) {
    [this.start, this.unit, this.said] = [start, unit, said];
    this.input = element("input", {type: "range", min: low, max: high, step: "any", value: start, disabled: fixed, ariaLabel: name});
    this.output = element("output");
    const label = element("span", {textContent: name, title: name});
    this.row = element("label", {className: "slider"});
    this.row.append(label, this.input, this.output);
    this.input.addEventListener("input", () => this.say(Number(this.input.value)));
    // A double press goes back to where it began.
    this.row.addEventListener("dblclick", () => !fixed && this.say(this.start));
    this.show(start);
  }

  say(value) {
    this.show(value, true);
    this.said(value);
  }

  /** Shows a value, unless a hand is on it. */
  show(value, isForced = false) {
    if (!isForced && this.input.matches(":active")) return;
    this.input.value = value;
    this.output.textContent = `${digits(value)} ${this.unit}`;
  }
}

/** A group of sliders under a heading, with buttons. */
function panel(title, sliders, buttons = [], note = "") {
  const made = element("section", {className: "panel"});
  const heading = element("h2", {textContent: title});
  heading.append(...buttons);
  made.append(heading, ...(note ? [element("p", {textContent: note})] : []), ...sliders.map(({row}) => row));
  return made;
}

class Controls {
  constructor(scene, say) {
    [this.scene, this.say] = [scene, say];
    const degrees = (joint) => joint.unit === "rad";
    this.joints = scene.joints.map((joint, i) => new Slider({
      name: joint.name, unit: joint.unit, start: scene.start[i], fixed: scene.followers.includes(i),
      low: joint.lower ?? Math.min(scene.start[i], degrees(joint) ? -Math.PI : -1),
      high: joint.upper ?? Math.max(scene.start[i], degrees(joint) ? Math.PI : 1),
    }, (value) => say(`joint ${i} ${value}`)));
    const reach = Math.max(0.5, Math.abs(scene.startHeight));
    this.height = new Slider(
      {name: "height of the base", unit: "m", start: scene.startHeight, low: scene.startHeight - reach, high: scene.startHeight + reach},
      (value) => say(`height ${value}`));
    this.actions = scene.actions.map((name, i) => new Slider(
      {name, unit: "", start: 0, low: -1, high: 1}, (value) => say(`action ${i} ${value}`)));
    const names = [["forward", "m/s"], ["sideways", "m/s"], ["turning", "rad/s"]];
    this.commands = scene.commands.map(([low, high], i) => new Slider(
      {name: names[i][0], unit: names[i][1], low, high, start: clamp(0, low, high), fixed: low === high}, () => this.sayCommand()));
    this.free = element("button", {type: "button", textContent: "the scene's own", title: "Let the scene draw the commands again (X)"});
    this.free.addEventListener("click", () => say("command free"));
    this.element = element("div", {id: "controls"});
    this.show({moving: null});
  }

  sayCommand(values = this.commands.map(({input}) => Number(input.value))) {
    this.say(`command ${values.join(" ")}`);
  }

  /** The panels that serve what goes on. */
  arrange(isMoving) {
    const {scene} = this;
    const panels = [];
    const reset = (sliders) => {
      const button = element("button", {type: "button", textContent: "back to the start"});
      button.addEventListener("click", () => sliders.filter(({input}) => !input.disabled).forEach((slider) => slider.say(slider.start)));
      return button;
    };
    if (!isMoving) {
      const sliders = [...(scene.base === "fixed" ? [] : [this.height]), ...this.joints];
      panels.push(panel("Pose", sliders, [reset(sliders)]));
    } else if (!scene.hasPolicy && this.actions.length > 0) {
      panels.push(panel("Actions", this.actions, [reset(this.actions)], "What each motor is told, as a share of its range; it is held."));
    }
    if (this.commands.length > 0 && isMoving) panels.push(panel("Command", this.commands, [this.free]));
    this.element.replaceChildren(...panels);
    this.element.hidden = panels.length === 0;
  }

  /** Shows the state that the simulation is in. */
  show({moving, pose = [], height, held = [], told}) {
    if (moving !== this.isMoving) this.arrange((this.isMoving = moving));
    pose.forEach((value, i) => this.joints[i]?.show(value));
    if (height !== undefined) this.height.show(height);
    held.forEach((value, i) => this.actions[i]?.show(value));
    this.free.setAttribute("aria-pressed", String(told === false));
  }

  /** Shows the command that holds. */
  showCommand(values) {
    values.forEach((value, i) => this.commands[i]?.show(value));
  }
}

/** The returns of a run against its steps: of training episodes as means, and of evaluations. */
function curvesPlot({training, evaluations, total}) {
  const series = [
    {name: "training episodes", values: training.returns, times: training.steps, hue: hues[0]},
    {name: "evaluations", values: evaluations.returns, times: evaluations.steps, hue: hues[1]},
  ].filter(({values}) => values.length > 0);
  const plot = new Plot({title: "Return while it learns", across: "steps", hasCursor: false, series}, {times: []}, () => {});
  plot.element.id = "curves";
  // The whole run is wide at its beginning: what is left of it comes in as it goes on.
  const done = Math.max(1, ...[training, evaluations].map(({steps}) => steps.at(-1) ?? 0));
  plot.longest = Math.min(total, 1.2 * done);
  return plot;
}
