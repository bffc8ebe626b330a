// SPDX-License-Identifier: MIT
// What all pages do that draw a robot: the picture, its cameras, and what is told in it. `views` are what is drawn beside each other.

const speeds = [0.1, 0.25, 0.5, 1, 2, 4];

const layers = [
  {name: "forces", label: "Forces", help: "Contact forces (F)"},
  {name: "velocity", label: "Velocity", help: "Velocity: commanded blue, actual green (V)"},
  {name: "frames", label: "Joints", help: "Joint axes and frames (J)"},
];

class Look {
  constructor(scene) {
    this.scene = scene;
    this.views = [];
    this.shown = {forces: false, velocity: scene.hasCommand, frames: false};
  }

  startPicture() {
    this.renderer = null;
    try {
      this.renderer = Renderer.on(at("picture"));
      this.explain(this.renderer ? null : "This browser shows no WebGL 2, which the robot is drawn by. The plots are all there; for the robot take a recent Chrome, Firefox, Safari or Edge, with hardware acceleration or not.");
      if (this.renderer) this.models = new Models(this.renderer, this.scene);
    } catch (error) {
      this.renderer = null;
      this.explain(`The robot cannot be drawn: ${error.message}`);
    }
  }

  /** Says in place of the picture why there is none; null where there is one. */
  explain(text) {
    at("message").hidden = text === null;
    at("message").textContent = text ?? "";
    at("tools").hidden = text !== null;
  }

  /** The buttons of cameras and layers; some layers a page leaves out. */
  fillLooks(hasLayer) {
    at("cameras").replaceChildren();
    at("layers").replaceChildren();
    for (const {name, label, help} of cameraKinds) {
      const button = element("button", {type: "button", textContent: label, title: help, role: "radio"});
      button.dataset.camera = name;
      button.addEventListener("click", () => this.takeCamera(name));
      at("cameras").append(button);
    }
    for (const {name, label, help} of layers) {
      if (name === "velocity" && this.scene.base === "fixed") continue;
      if (!hasLayer(name)) continue;
      const button = element("button", {type: "button", textContent: label, title: help});
      button.dataset.layer = name;
      button.addEventListener("click", () => this.toggle(name));
      at("layers").append(button);
    }
  }

  listenToLooks() {
    at("home").addEventListener("click", () => this.goHome());
    at("help").addEventListener("click", () => at("keys").showModal());
    // After a press by mouse or finger keys are the page's again: the space bar pauses. Who came by the tab key stays on the button.
    addEventListener("click", ({detail}) => {
      if (detail > 0) setTimeout(() => !at("keys").open && document.activeElement.matches("button, input[type=checkbox]") && document.activeElement.blur());
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      inkCache = null;
      this.resize();
    });
    const picture = at("picture");
    const every = (action) => (...values) => this.views.forEach(({camera}) => camera[action](...values));
    const all = {turn: every("turn"), zoom: every("zoom"), pan: every("pan")};
    steer(picture, () => all, () => this.time, () => this.change());
    picture.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.renderer = null;
    });
    picture.addEventListener("webglcontextrestored", () => {
      this.startPicture();
      this.change();
    });
  }

  toggle(name) {
    this.shown[name] = !this.shown[name];
    this.change();
  }

  takeCamera(name) {
    if (!cameraKinds.some((kind) => kind.name === name)) return;
    for (const {camera} of this.views) camera.take(name, this.time);
    this.change();
  }

  takeNextCamera() {
    if (this.views.length === 0) return;
    const index = cameraKinds.findIndex(({name}) => name === this.views[0].camera.kind);
    this.takeCamera(cameraKinds[(index + 1) % cameraKinds.length].name);
  }

  goHome() {
    for (const {camera} of this.views) camera.home();
    this.change();
  }

  change() {
    this.isStale = true;
  }

  /** Which camera and which layers are on, as the buttons say it. */
  markLooks() {
    for (const button of document.querySelectorAll("[data-camera]")) {
      button.setAttribute("aria-checked", String(button.dataset.camera === this.views[0].camera.kind));
    }
    for (const button of document.querySelectorAll("[data-layer]")) {
      button.setAttribute("aria-pressed", String(this.shown[button.dataset.layer]));
    }
  }

  /** The layers that are drawn now. */
  layersOn() {
    return this.shown;
  }

  /** What else is drawn of a view; pages add to it. */
  more(view) {
    return [];
  }

  draw() {
    this.renderer.fit();
    const colours = this.colours();
    const {width, height} = this.renderer.canvas;
    const {time} = this;
    const labels = [];
    this.views.forEach((view, i) => {
      const {stage, camera} = view;
      const part = Math.floor(width / this.views.length);
      const area = [i * part, 0, part, height];
      const {eye, target, matrix} = camera.view(time, part / height);
      const centre = stage.centre(time);
      this.renderer.draw({
        area, eye, view: matrix, target: centre, colours, radius: stage.radius, light: unit([-0.3, -0.42, 1]),
        floor: stage.floorUnder(time), items: [...stage.items(this.models, time, this.layersOn()), ...this.more(view)], grounds: stage.grounds(this.models, time),
      });
      if (this.shown.frames) labels.push(...this.names(stage, matrix, area, height));
    });
    at("labels").replaceChildren(...labels);
  }

  colours() {
    const {low, high, ground: paper, grid, shade} = inks();
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    return {
      low: rgb(low), high: rgb(high), paper: rgb(paper), line: rgb(grid), shade: rgb(shade),
      sky: isDark ? [0.4, 0.45, 0.52] : [0.62, 0.66, 0.72], bounce: isDark ? [0.14, 0.15, 0.17] : [0.34, 0.34, 0.35],
    };
  }

  /** The joints' names where the joints are in the picture. */
  names(stage, matrix, area, height) {
    const density = height / at("picture").clientHeight;
    const poses = stage.episode.poses(this.time);
    return this.scene.joints.flatMap(({name, child}) => {
      const [x, y, , w] = carried(matrix, poses[child].position);
      if (w <= 0 || Math.abs(x) > w || Math.abs(y) > w) return [];
      const label = element("span", {textContent: name});
      const left = (area[0] + (0.5 + (0.5 * x) / w) * area[2]) / density + 8;
      const top = ((0.5 - (0.5 * y) / w) * height) / density - 8;
      label.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      return [label];
    });
  }
}
