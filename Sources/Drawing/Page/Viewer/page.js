// SPDX-License-Identifier: MIT
// The page: what is shown, and what hands do.

class Page extends Look {
  constructor(scene) {
    super(scene);
    this.takes = scene.takes.map(({label, episodes}) => ({label, episodes: episodes.map((data) => new Episode(data, scene))}));
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

  get time() {
    return this.player.time;
  }

  /** Whatever the address asks for behind #: episode=2&time=1.5&camera=stand. */
  follow(wishes) {
    const episode = Number(wishes.get("episode")) - 1;
    if (Number.isInteger(episode) && episode > 0) this.choose(episode);
    if (wishes.has("camera")) this.takeCamera(wishes.get("camera"));
    if (wishes.has("time")) this.player.seek(Number(wishes.get("time")) || 0);
    else if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.player.play();
  }

  fillTools() {
    const count = Math.max(...this.takes.map(({episodes}) => episodes.length));
    for (let i = 0; i < count; i++) {
      const returns = this.takes.map(({episodes}) => (episodes[i] ? digits(episodes[i].total) : "none")).join(" and ");
      at("episode").append(element("option", {value: i, textContent: `${i + 1} of ${count}: return ${returns}`}));
    }
    for (const speed of speeds) at("speed").append(element("option", {value: speed, textContent: `${speed}\u00d7`}));
    const usual = this.takes[0].episodes[0];
    const hasForces = this.takes.some(({episodes}) => episodes.some(({strongest}) => strongest > 0));
    this.fillLooks((name) => name !== "forces" || hasForces);
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
    addEventListener("keydown", (event) => press(this, playerKeys, event));
    this.listenToLooks();
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

  resize() {
    this.paintPlots();
    // At once: a canvas of another size is empty.
    this.show();
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
    this.markLooks();
  }

}

new Page(JSON.parse(at("episodes").textContent));
