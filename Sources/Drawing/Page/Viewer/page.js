// SPDX-License-Identifier: MIT
// The page: what is shown, and what hands do.

const layers = [
  {name: "forces", label: "Forces", help: "Contact forces (F)"},
  {name: "velocity", label: "Velocity", help: "Velocity: commanded blue, actual green (V)"},
  {name: "frames", label: "Joints", help: "Joint axes and frames (J)"},
];

class Page {
  constructor(scene) {
    this.scene = scene;
    this.takes = scene.takes.map(({label, episodes}) => ({label, episodes: episodes.map((data) => new Episode(data, scene))}));
    this.shown = {forces: false, velocity: scene.hasCommand, frames: false};
    this.player = new Player(() => this.change());
    at("scene-name").textContent = scene.scene;
    at("robot-name").textContent = `${scene.robot}, ${this.takes.map(({label}) => label).join(" and ")}`;
    this.fillTools();
    this.listen();
    this.startPicture();
    this.choose(0);
    this.follow(new URLSearchParams(location.hash.slice(1)));
    new ResizeObserver(() => this.resize()).observe(document.body);
    requestAnimationFrame((now) => this.loop(now));
  }

  /** Whatever the address asks for behind #: episode=2&time=1.5&camera=stand. */
  follow(wishes) {
    const episode = Number(wishes.get("episode")) - 1;
    if (Number.isInteger(episode) && episode > 0) this.choose(episode);
    if (wishes.has("camera")) this.takeCamera(wishes.get("camera"));
    if (wishes.has("time")) this.player.seek(Number(wishes.get("time")) || 0);
    else if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.player.play();
  }

  startPicture() {
    this.renderer = null;
    try {
      this.renderer = Renderer.on(at("picture"));
      this.say(this.renderer ? null : "This browser shows no WebGL 2, which the robot is drawn by. The plots are all there; for the robot take a recent Chrome, Firefox, Safari or Edge, with hardware acceleration or not.");
      if (this.renderer) this.models = new Models(this.renderer, this.scene);
    } catch (error) {
      this.renderer = null;
      this.say(`The robot cannot be drawn: ${error.message}`);
    }
  }

  say(text) {
    at("message").hidden = text === null;
    at("message").textContent = text ?? "";
    at("tools").hidden = text !== null;
  }

  fillTools() {
    const count = Math.max(...this.takes.map(({episodes}) => episodes.length));
    for (let i = 0; i < count; i++) {
      const returns = this.takes.map(({episodes}) => (episodes[i] ? digits(episodes[i].total) : "none")).join(" and ");
      at("episode").append(element("option", {value: i, textContent: `${i + 1} of ${count}: return ${returns}`}));
    }
    for (const speed of speeds) at("speed").append(element("option", {value: speed, textContent: `${speed}\u00d7`}));
    const usual = this.takes[0].episodes[0];
    for (const {name, label, help} of cameraKinds) {
      const button = element("button", {type: "button", textContent: label, title: help, role: "radio"});
      button.dataset.camera = name;
      button.addEventListener("click", () => this.takeCamera(name));
      at("cameras").append(button);
    }
    for (const {name, label, help} of layers) {
      if (name === "velocity" && this.scene.base === "fixed") continue;
      if (name === "forces" && !this.takes.some(({episodes}) => episodes.some(({strongest}) => strongest > 0))) continue;
      const button = element("button", {type: "button", textContent: label, title: help});
      button.dataset.layer = name;
      button.addEventListener("click", () => this.toggle(name));
      at("layers").append(button);
    }
    at("picture").setAttribute("aria-label", `The robot ${this.scene.robot} in the scene ${this.scene.scene}; ${usual.count} frames`);
  }

  listen() {
    const {player} = this;
    at("play").addEventListener("click", () => player.toggle());
    at("back").addEventListener("click", () => player.step(-1));
    at("forth").addEventListener("click", () => player.step(1));
    at("time").addEventListener("input", () => player.seek(Number(at("time").value)));
    at("speed").addEventListener("change", () => {
      player.speed = Number(at("speed").value);
      player.changed();
    });
    at("episode").addEventListener("change", () => {
      const wasPlaying = player.isPlaying;
      this.choose(Number(at("episode").value));
      if (wasPlaying) player.play();
    });
    at("home").addEventListener("click", () => this.goHome());
    at("help").addEventListener("click", () => at("keys").showModal());
    addEventListener("keydown", (event) => press(this, event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      inkCache = null;
      this.resize();
    });
    const picture = at("picture");
    const every = (action) => (...values) => this.views.forEach(({camera}) => camera[action](...values));
    const all = {turn: every("turn"), zoom: every("zoom"), pan: every("pan")};
    steer(picture, () => all, () => player.time, () => this.change());
    picture.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.renderer = null;
    });
    picture.addEventListener("webglcontextrestored", () => {
      this.startPicture();
      this.change();
    });
  }

  /** Shows an episode of every policy, from its start. */
  choose(index) {
    const views = this.takes.filter(({episodes}) => episodes[index]).map(({label, episodes}) => {
      const stage = new Stage(this.scene, episodes[index]);
      return {label, episode: episodes[index], stage, camera: new Camera(stage)};
    });
    if (views.length === 0) return;
    this.views = views;
    at("episode").value = index;
    at("captions").replaceChildren(...views.map(() => element("p")));
    at("plots").replaceChildren();
    this.plots = views.flatMap(({label, episode}) => {
      if (views.length > 1) at("plots").append(element("h2", {className: "take", textContent: label}));
      return plotsOf(this.scene, episode).map((description) => {
        const plot = new Plot(description, episode, (time) => this.player.seek(time));
        at("plots").append(plot.element);
        return plot;
      });
    });
    const longest = views.reduce((best, view) => (view.episode.duration > best.episode.duration ? view : best));
    at("time").max = longest.episode.duration;
    this.paintPlots(longest.episode.duration);
    this.player.load(longest.episode.times);
  }

  paintPlots(longest) {
    for (const plot of this.plots) plot.paint(longest);
  }

  toggle(name) {
    this.shown[name] = !this.shown[name];
    this.change();
  }

  takeCamera(name) {
    if (!cameraKinds.some((kind) => kind.name === name)) return;
    for (const {camera} of this.views) camera.take(name, this.player.time);
    this.change();
  }

  takeNextCamera() {
    const index = cameraKinds.findIndex(({name}) => name === this.views[0].camera.kind);
    this.takeCamera(cameraKinds[(index + 1) % cameraKinds.length].name);
  }

  goHome() {
    for (const {camera} of this.views) camera.home();
    this.change();
  }

  resize() {
    this.paintPlots();
    // At once: a canvas of another size is empty.
    this.show();
  }

  change() {
    this.isStale = true;
  }

  loop(now) {
    this.player.tick(now);
    if (this.isStale) this.show();
    requestAnimationFrame((next) => this.loop(next));
  }

  show() {
    this.isStale = false;
    this.showTime();
    if (this.renderer) this.draw();
  }

  showTime() {
    const {time, duration, isPlaying, speed} = this.player;
    document.body.classList.toggle("playing", isPlaying);
    at("play").setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    at("time").value = time;
    at("time").setAttribute("aria-valuetext", `${time.toFixed(2)} of ${duration.toFixed(2)} s`);
    at("clock").textContent = `${time.toFixed(2)} / ${duration.toFixed(2)} s`;
    at("speed").value = speed;
    for (const plot of this.plots) plot.mark(time);
    this.views.forEach(({label, episode}, i) => {
      const sum = episode.returns[episode.frameAt(time)];
      const ends = {terminated: "the task ended it", truncated: "time over", diverged: "the simulation diverged", open: ""};
      const end = time >= episode.duration && ends[episode.end] ? `, ${ends[episode.end]}` : "";
      const name = this.views.length > 1 ? [element("b", {textContent: label}), "  "] : [];
      at("captions").children[i].replaceChildren(...name, `return ${digits(sum)}${end}`);
    });
    for (const button of document.querySelectorAll("[data-camera]")) {
      button.setAttribute("aria-checked", String(button.dataset.camera === this.views[0].camera.kind));
    }
    for (const button of document.querySelectorAll("[data-layer]")) {
      button.setAttribute("aria-pressed", String(this.shown[button.dataset.layer]));
    }
  }

  draw() {
    this.renderer.fit();
    const colours = this.colours();
    const {width, height} = this.renderer.canvas;
    const {time} = this.player;
    const labels = [];
    this.views.forEach(({stage, camera}, i) => {
      const part = Math.floor(width / this.views.length);
      const area = [i * part, 0, part, height];
      const {eye, target, matrix} = camera.view(time, part / height);
      const centre = stage.centre(time);
      this.renderer.draw({
        area, eye, view: matrix, target: centre, colours, radius: stage.radius, light: unit([-0.3, -0.42, 1]),
        floor: stage.floorUnder(time), items: stage.items(this.models, time, this.shown), grounds: stage.grounds(this.models, time),
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
    const poses = stage.episode.poses(this.player.time);
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

new Page(JSON.parse(at("episodes").textContent));
