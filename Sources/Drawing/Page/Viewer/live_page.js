// SPDX-License-Identifier: MIT
// The page of what goes on now: it is told of it through a WebSocket, and says what hands want.

const liveKeys = {
  ...lookKeys,
  " ": (page) => page.say(page.state.paused ? "play" : "pause"),
  ".": (page) => page.say("step"),
  n: (page) => page.say("reset"),
  p: (page) => page.scene.hasPolicy || page.say(page.state.moving ? "hold" : "move"),
  x: (page) => page.say("command free"),
  "[": (page) => page.changeSpeed(-1),
  "]": (page) => page.changeSpeed(1),
  // What Driver and pushes hear of is no key of the browser's.
  ...Object.fromEntries(Object.keys(driving).map((key) => [key, () => {}])),
  ...Object.fromEntries(Object.entries(pushes).map(([key, way]) => [key, (page) => page.push(way)])),
};

class LivePage extends Look {
  constructor() {
    super({hasCommand: false, joints: [], commands: []});
    this.state = {paused: false, moving: false, speed: 1, seed: "0", end: "open", policy: "", problem: ""};
    this.grip = new Grip(this);
    this.driver = new Driver(this);
    this.listen();
    this.connect();
    new ResizeObserver(() => this.resize()).observe(document.body);
    requestAnimationFrame(() => this.loop());
  }

  get time() {
    return this.episode?.now ?? 0;
  }

  get isMoving() {
    return this.state.moving && this.episode !== undefined;
  }

  get poses() {
    return this.episode.poses(this.time);
  }

  // What is heard

  connect() {
    const address = new URL("live", location.href.replace(/[#?].*/, "").replace(/\/?$/, "/"));
    address.protocol = "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("message", ({data}) => (typeof data === "string" ? this.hear(JSON.parse(data), data) : this.see(new Float32Array(data))));
    this.socket.addEventListener("close", () => {
      this.showStatus("disconnected", this.scene.scene ? this.note ?? "The view has ended, or is out of reach." : "No connection to sinew. Each start has an address of its own: open the one that it printed last.");
      setTimeout(() => this.connect(), 2000);
    });
  }

  say(text) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  hear(message, text) {
    switch (message.kind) {
      case "scene": return this.begin(message, text);
      case "ground": return this.changeGround(message.terrain);
      case "curves": return this.showCurves(message);
      case "note":
        this.note = message.text;
        return this.showState();
      case "state":
        this.state = message;
        return this.showState();
    }
  }

  /** Begins with a scene; after a lost connection it is the same one as a rule. */
  begin(scene, text) {
    this.showStatus("", "");
    if (this.sceneText === text) return;
    this.sceneText = text;
    this.scene = scene;
    this.shown = {forces: false, velocity: scene.hasCommand, frames: false};
    [this.views, this.episode, this.plots, this.curves, this.grip.held] = [[], undefined, [], null, null];
    document.title = `${scene.scene} - Sinew`;
    at("scene-name").textContent = scene.scene;
    at("robot-name").textContent = [scene.robot, scene.label].filter((word) => word).join(", ");
    at("picture").setAttribute("aria-label", `The robot ${scene.robot} in the scene ${scene.scene}, as it is now`);
    this.picker = new Picker(scene);
    this.controls = new Controls(scene, (wish) => this.say(wish));
    at("plots").replaceChildren(this.controls.element);
    at("modes").hidden = scene.hasPolicy;
    this.fillLooks(() => true);
    this.startPicture();
  }

  /** A moment of the simulation. */
  see(frame) {
    if (!this.sceneText) return;
    if (!this.episode) {
      this.episode = new LiveEpisode(this.scene);
      this.episode.take(frame);
      if (this.episode.count === 0) return void (this.episode = undefined);
      const stage = new LiveStage(this.scene, this.episode);
      this.views = [{label: "", episode: this.episode, stage, camera: new Camera(stage)}];
      this.fillPlots();
    } else {
      const change = this.episode.take(frame);
      if (!change) return;
      this.views[0].stage.follow(change);
    }
    if (this.scene.hasCommand) this.controls.showCommand(this.episode.command.map((column) => column.at(-1)));
    this.change();
  }

  changeGround(terrain) {
    this.scene.terrain = terrain;
    if (this.models) this.models.changeTerrain(this.renderer, terrain);
    this.change();
  }

  // What is shown

  fillPlots() {
    this.plots = plotsOf(this.scene, this.episode).map((description) => new Plot(description, this.episode, () => {}));
    for (const plot of this.plots) {
      plot.element.classList.add("live");
      at("plots").append(plot.element);
    }
  }

  showCurves(message) {
    const plot = curvesPlot(message);
    if (this.curves) this.curves.element.replaceWith(plot.element);
    else at("plots").prepend(plot.element);
    this.curves = plot;
    this.paintCurves();
  }

  paintCurves() {
    if (!this.curves) return;
    this.curves.paint();
    this.curves.mark(0);
  }

  /** The curves of the last seconds, ten times in a second: they cost more than the picture. */
  paintPlots(now) {
    if (!this.episode || (now !== undefined && now - (this.painted ?? 0) < 100)) return;
    this.painted = now;
    const end = Math.max(this.time, memory - 2);
    for (const plot of this.plots) {
      plot.paint(end, end - (memory - 2));
      plot.mark(this.time);
    }
  }

  /** A word in the header: `kind` is what it is about, for the style. */
  showStatus(kind, text) {
    at("status").textContent = text;
    at("status").dataset.kind = kind;
  }

  showState() {
    const {state} = this;
    document.body.classList.toggle("playing", !state.paused);
    document.body.classList.toggle("held", !state.moving);
    at("play").setAttribute("aria-label", state.paused ? "Go on" : "Pause");
    at("hold").setAttribute("aria-checked", String(!state.moving));
    at("move").setAttribute("aria-checked", String(state.moving));
    for (const id of ["play", "forth", "speed"]) at(id).disabled = !state.moving;
    at("endless").checked = state.endless;
    at("speed").value = state.speed;
    if (document.activeElement !== at("seed")) at("seed").value = state.seed;
    at("problem").hidden = state.problem === "";
    at("problem").textContent = state.problem === "" ? "" : `${state.problem}. Press N for a new episode.`;
    const waits = this.scene.hasPolicy && state.policy === "" ? "no policy yet: the first one comes with the first evaluation" : state.policy;
    this.showStatus("", [waits, this.note].filter((word) => word).join("; "));
    this.controls?.show(state);
    this.change();
  }

  showTime() {
    const {state, episode} = this;
    const ends = {terminated: "the task ended it", truncated: "time over", diverged: "the simulation diverged", open: ""};
    const end = ends[state.end] ? `, ${ends[state.end]}${state.endless && state.end !== "diverged" ? " here" : ""}` : "";
    const [time, total] = [this.time.toFixed(2), digits(episode.returns.at(-1))];
    at("clock").textContent = state.moving ? `${time} s` : "held";
    at("captions").replaceChildren(element("p", {textContent: state.moving ? `return ${total}${end}` : "held in a pose; physics rests"}));
    this.markLooks();
  }

  /** A robot that is held in a pose has neither speed nor contacts. */
  layersOn() {
    return this.state.moving ? this.shown : {...this.shown, velocity: false, forces: false};
  }

  more({stage}) {
    const {pull} = this.grip;
    if (!pull) return [];
    return stage.arrow(this.models, pull.from, subtract(pull.to, pull.from), 0.012 * stage.radius, palette.force);
  }

  resize() {
    this.paintPlots();
    this.paintCurves();
    this.show();
  }

  show() {
    this.isStale = false;
    if (!this.episode) return;
    this.showTime();
    if (this.renderer) this.draw();
  }

  loop(now) {
    this.driver.askGamepad();
    this.grip.tell();
    if (this.isStale) {
      this.show();
      this.paintPlots(now);
    }
    requestAnimationFrame((next) => this.loop(next));
  }

  // What hands want

  listen() {
    at("play").addEventListener("click", () => liveKeys[" "](this));
    at("forth").addEventListener("click", () => this.say("step"));
    at("reset").addEventListener("click", () => this.say("reset"));
    at("hold").addEventListener("click", () => this.say("hold"));
    at("move").addEventListener("click", () => this.say("move"));
    at("endless").addEventListener("change", () => this.say(`endless ${at("endless").checked ? 1 : 0}`));
    for (const speed of speeds) at("speed").append(element("option", {value: speed, textContent: `${speed}\u00d7`}));
    at("speed").addEventListener("change", () => this.say(`speed ${at("speed").value}`));
    at("seed").addEventListener("change", () => {
      if (/^[0-9]{1,20}$/.test(at("seed").value)) this.say(`reset ${at("seed").value}`);
      at("seed").blur();
    });
    addEventListener("keydown", (event) => {
      const isSlider = event.target instanceof Element && event.target.closest("input[type=range]") !== null;
      if (!(isSlider && event.key.startsWith("Arrow"))) press(this, liveKeys, event);
    });
    this.listenToLooks();
  }

  changeSpeed(direction) {
    const index = speeds.indexOf(this.state.speed);
    this.say(`speed ${speeds[clamp(index + direction, 0, speeds.length - 1)]}`);
  }

  /** A blow as one looks: up is away, right is to the right. */
  push([right, away]) {
    if (!this.isMoving) return;
    const {eye, target} = this.views[0].camera.at(this.time);
    const look = subtract(target, eye);
    const forth = unit([look[0], look[1], 0]);
    const side = [forth[1], -forth[0], 0];
    const way = add(scale(away, forth), scale(right, side));
    const speed = 1.2 * Math.sqrt(this.views[0].stage.radius);
    this.say(`kick ${(speed * way[0]).toFixed(3)} ${(speed * way[1]).toFixed(3)}`);
  }
}

new LivePage();
