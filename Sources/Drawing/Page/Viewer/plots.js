// SPDX-License-Identifier: MIT
// The numbers of an episode as curves, with a cursor where one is.

const hues = [
  "#2f7fbf", "#e0703f", "#3d9b62", "#9a62b5", "#c79a1e", "#d1495b", "#2a9d94", "#8c6d4f", "#7a86d6", "#b0578d", "#6a994e", "#5c7a99",
];

/** What is plotted of an episode: titles, units, and named columns. */
function plotsOf(scene, episode) {
  const series = (names, columns, more = {}) => names.map((name, i) => ({name, values: columns[i], ...more}));
  const plots = [{title: "Return so far", series: [{name: "return", values: episode.returns}]}];
  if (scene.terms.length > 0) plots.push({title: "Reward by term, each step", series: series(scene.terms, episode.terms)});
  plots.push(...velocityPlots(scene, episode));
  for (const unit of new Set(scene.joints.map((joint) => joint.unit))) {
    const which = [...scene.joints.keys()].filter((i) => scene.joints[i].unit === unit);
    plots.push({
      title: "Joint positions", unit,
      series: series(which.map((i) => scene.joints[i].name), which.map((i) => episode.joints[i])),
    });
  }
  if (scene.actions.length > 0) {
    plots.push({title: "Actions", unit: "of the range", bounds: [-1, 1], series: series(scene.actions, episode.actions)});
  }
  return plots;
}

/** Velocities, where the base moves: what it was told beside what it does. */
function velocityPlots(scene, episode) {
  if (scene.base === "fixed") return [];
  const turn = scene.base === "planar" ? "Pitch rate" : "Turning rate";
  return [["Forward speed", "m/s"], ["Sideways speed", "m/s"], [turn, "rad/s"]].flatMap(([title, unit], i) => {
    if (scene.base === "planar" && i === 1) return [];
    const actual = {name: "actual", values: episode.velocity[i], hue: hues[2]};
    const isTold = episode.command.length > 0 && !(scene.base === "planar" && i === 2);
    if (!isTold) return i === 0 ? [{title, unit, series: [actual]}] : [];
    return [{title, unit, series: [{name: "commanded", values: episode.command[i], hue: hues[0], isStepped: true}, actual]}];
  });
}

/** A number with about four digits. */
function digits(value) {
  if (!Number.isFinite(value)) return "";
  const length = Math.abs(value);
  if (length !== 0 && (length < 1e-3 || length >= 1e5)) return value.toExponential(2).replace(/^-/, "\u2212");
  return value.toFixed(length >= 1000 ? 0 : length >= 100 ? 1 : length >= 10 ? 2 : 3).replace("-", "\u2212");
}

/** At most about five round numbers within a range. */
function ticksOf(low, high) {
  const raw = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= raw * 0.999);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(i * step);
  return {ticks, decimals: clamp(-Math.floor(Math.log10(step) + 1e-9), 0, 6)};
}

class Plot {
  /** `seek` is called with a time that was pointed at. */
  constructor({title, unit, series, bounds, across = "s", hasCursor = true}, episode, seek) {
    [this.title, this.series, this.bounds, this.episode] = [title, series, bounds, episode];
    [this.across, this.hasCursor] = [across, hasCursor];
    this.hidden = new Set();
    this.element = element("section", {className: "plot"});
    const heading = element("h2", {textContent: title});
    if (unit) heading.append(element("span", {className: "unit", textContent: unit}));
    const legend = this.legend();
    if (series.length === 1) heading.append(this.values[0]);
    this.canvas = element("canvas", {role: "img", ariaLabel: `${title}: ${series.map(({name}) => name).join(", ")}`});
    this.element.append(heading, this.canvas, ...(series.length > 1 ? [legend] : []));
    this.ground = document.createElement("canvas");
    const point = (event) => {
      if (event.buttons === 0 && event.type !== "pointerdown") return;
      const {left, right} = this.margins;
      const box = this.canvas.getBoundingClientRect();
      seek((clamp((event.clientX - box.left - left) / (box.width - left - right), 0, 1)) * this.longest);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      point(event);
    });
    this.canvas.addEventListener("pointermove", point);
  }

  get margins() {
    return {left: 46, right: 10, top: 8, bottom: 20};
  }

  hue(i) {
    return this.series[i].hue ?? hues[i % hues.length];
  }

  /** Names with their colours and values; a press hides a curve or shows it again. */
  legend() {
    const list = element("ul", {className: "legend"});
    this.values = this.series.map(({name}, i) => {
      const swatch = element("i");
      swatch.style.background = this.hue(i);
      const value = element("output");
      const button = element("button", {type: "button", title: name, ariaPressed: "true"});
      button.append(swatch, element("span", {textContent: name}), value);
      button.addEventListener("click", () => {
        if (!this.hidden.delete(i)) this.hidden.add(i);
        button.setAttribute("aria-pressed", String(!this.hidden.has(i)));
        this.paint();
        this.mark(this.time);
      });
      const item = element("li");
      item.append(button);
      list.append(item);
      return value;
    });
    return list;
  }

  /** The range of what is shown, a little wider. */
  range() {
    let [low, high] = this.bounds ?? [Infinity, -Infinity];
    this.series.forEach(({values}, i) => {
      if (this.hidden.has(i)) return;
      for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    });
    if (!(low <= high)) [low, high] = [0, 1];
    const least = 1e-6 * Math.max(Math.abs(low), Math.abs(high)) + 1e-9;
    if (high - low < least) [low, high] = [low - Math.max(0.5 * Math.abs(low), 0.5), high + Math.max(0.5 * Math.abs(high), 0.5)];
    const room = 0.05 * (high - low);
    return [low - room, high + room];
  }

  /** Paints axes and curves; `longest` is the time at the right end, `first` that at the left. */
  paint(longest = this.longest, first = this.first ?? 0) {
    this.first = first;
    this.longest = Math.max(longest, first + 1e-9);
    const density = Math.min(window.devicePixelRatio || 1, 3);
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (width === 0) return;
    for (const canvas of [this.canvas, this.ground]) {
      [canvas.width, canvas.height] = [Math.round(density * width), Math.round(density * height)];
    }
    const pen = this.ground.getContext("2d");
    pen.scale(density, density);
    const {left, right, top, bottom} = this.margins;
    const [low, high] = this.range();
    this.x = (time) => left + ((time - this.first) / (this.longest - this.first)) * (width - left - right);
    this.y = (value) => height - bottom - ((value - low) / (high - low)) * (height - top - bottom);
    this.paintAxes(pen, low, high, width, height);
    // What lies before the left end is not seen.
    pen.beginPath();
    pen.rect(left - 1, 0, width - left - right + 3, height);
    pen.clip();
    this.series.forEach((series, i) => {
      if (!this.hidden.has(i)) this.paintCurve(pen, series, this.hue(i));
    });
  }

  paintAxes(pen, low, high, width, height) {
    const {left, right, bottom} = this.margins;
    const colours = inks();
    pen.font = "11px system-ui, sans-serif";
    pen.lineWidth = 1;
    pen.fillStyle = colours.faint;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    const rows = ticksOf(low, high);
    for (const tick of rows.ticks) {
      const y = Math.round(this.y(tick)) + 0.5;
      pen.strokeStyle = Math.abs(tick) < 1e-12 ? colours.axis : colours.line;
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(width - right, y);
      pen.stroke();
      const text = Math.abs(tick) >= 1e5 ? tick.toExponential(0) : tick.toFixed(rows.decimals);
      pen.fillText(text.replace("-", "\u2212"), left - 6, y);
    }
    pen.textAlign = "center";
    const columns = ticksOf(this.first, this.longest);
    columns.ticks.forEach((tick, i) => {
      const text = tick >= 1e6 ? `${+(tick / 1e6).toFixed(3)}M` : tick >= 1e4 ? `${+(tick / 1e3).toFixed(3)}k` : tick.toFixed(columns.decimals);
      const label = `${text}${i === 0 ? ` ${this.across}` : ""}`;
      // The last one ends with the picture.
      pen.fillText(label, Math.min(this.x(tick), width - pen.measureText(label).width / 2 - 1), height - bottom + 11);
    });
  }

  paintCurve(pen, {values, isStepped, times = this.episode.times}, hue) {
    pen.strokeStyle = hue;
    pen.lineWidth = 1.5;
    pen.lineJoin = "round";
    pen.beginPath();
    values.forEach((value, i) => {
      if (isStepped && i > 0) pen.lineTo(this.x(times[i]), this.y(values[i - 1]));
      pen.lineTo(this.x(times[i]), this.y(value));
    });
    pen.stroke();
  }

  /** Sets the cursor and the values beside the names. */
  mark(time) {
    this.time = time;
    if (!this.x) return;
    const index = this.hasCursor ? this.episode.frameAt(time) : -1;
    this.values.forEach((output, i) => (output.textContent = digits(this.series[i].values.at(index))));
    const pen = this.canvas.getContext("2d");
    const density = this.canvas.width / this.canvas.clientWidth;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.ground, 0, 0);
    if (!this.hasCursor) return;
    pen.scale(density, density);
    const x = this.x(Math.min(time, this.longest));
    const colours = inks();
    pen.strokeStyle = colours.ink;
    pen.globalAlpha = 0.55;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, this.margins.top);
    pen.lineTo(x, this.canvas.clientHeight - this.margins.bottom);
    pen.stroke();
    pen.globalAlpha = 1;
    this.series.forEach(({values}, i) => {
      if (this.hidden.has(i)) return;
      pen.fillStyle = this.hue(i);
      pen.strokeStyle = colours.panel;
      pen.beginPath();
      pen.arc(x, this.y(values[index]), 3, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
    });
  }
}
