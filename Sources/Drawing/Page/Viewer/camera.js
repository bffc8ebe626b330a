// SPDX-License-Identifier: MIT
// Where one looks from: around the robot as it goes, around a place, or from a place.

const cameraKinds = [
  {name: "follow", label: "Follow", help: "The camera goes with the robot"},
  {name: "orbit", label: "Orbit", help: "The camera stays, and turns about one place"},
  {name: "stand", label: "Stand", help: "The camera stays, and turns to the robot"},
];

class Camera {
  constructor(stage) {
    this.stage = stage;
    this.angle = 0.6;
    this.home();
  }

  /** The view that one begins with. */
  home() {
    const {stage} = this;
    this.kind = stage.travels ? "follow" : "orbit";
    // A robot that moves in the plane of x and z is seen from the side, one that lies flat from above.
    [this.yaw, this.pitch] = stage.isFlat ? [-Math.PI / 2, 1.15] : stage.isPlanar ? [-1.33, 0.16] : [-0.95, 0.38];
    this.distance = (1.08 * stage.radius) / Math.sin(this.angle / 2);
    this.offset = [0, 0, 0];
    this.place = stage.centre(0);
    this.stood = null;
  }

  /** Takes another kind, from where it is. */
  take(kind, time) {
    const {eye, target} = this.at(time);
    this.kind = kind;
    this.place = target;
    this.offset = [0, 0, 0];
    if (kind === "follow") this.offset = subtract(target, this.stage.centre(time));
    this.stood = kind === "stand" ? eye : null;
    if (kind !== "stand") this.face(eye, target);
  }

  /** Sets the angles so that it looks from one place to another. */
  face(eye, target) {
    const back = subtract(eye, target);
    this.distance = Math.max(size(back), 1e-3);
    this.yaw = Math.atan2(back[1], back[0]);
    this.pitch = Math.asin(clamp(back[2] / this.distance, -1, 1));
  }

  /** From where to where it looks at a time. */
  at(time) {
    const centre = this.stage.centre(time);
    if (this.kind === "stand" && this.stood) return {eye: this.stood, target: centre};
    const target = this.kind === "follow" ? add(centre, this.offset) : this.place;
    return {eye: add(target, scale(this.distance, this.back())), target};
  }

  back() {
    const flat = Math.cos(this.pitch);
    return [flat * Math.cos(this.yaw), flat * Math.sin(this.yaw), Math.sin(this.pitch)];
  }

  /** Turns by a way on the screen, in parts of its height. */
  turn(x, y, time) {
    if (this.kind === "stand") this.face(this.stood, this.stage.centre(time));
    this.yaw -= 3.5 * x;
    this.pitch = clamp(this.pitch + 3.5 * y, -1.5, 1.5);
    if (this.kind === "stand") this.stood = add(this.stage.centre(time), scale(this.distance, this.back()));
  }

  /** Comes nearer by a factor below 1. */
  zoom(factor, time) {
    const {radius} = this.stage;
    if (this.kind === "stand") {
      const centre = this.stage.centre(time);
      const back = subtract(this.stood, centre);
      const length = clamp(factor * size(back), 0.2 * radius, 60 * radius);
      this.stood = add(centre, scale(length, unit(back)));
    } else {
      this.distance = clamp(factor * this.distance, 0.2 * radius, 60 * radius);
    }
  }

  /** Moves sideways and up by a way on the screen, in parts of its height. */
  pan(x, y, time) {
    const {eye, target} = this.at(time);
    const back = unit(subtract(eye, target));
    const right = unit(cross([0, 0, 1], back));
    const way = 2 * Math.tan(this.angle / 2) * size(subtract(eye, target));
    const move = add(scale(-x * way, right), scale(y * way, cross(back, right)));
    if (this.kind === "follow") this.offset = add(this.offset, move);
    else if (this.kind === "orbit") this.place = add(this.place, move);
    else this.stood = add(this.stood, move);
  }

  /** The view of a picture so many times as wide as high. */
  view(time, aspect) {
    let {eye, target} = this.at(time);
    // What fits into the height of a wide picture has to fit into the width of a narrow one.
    if (aspect < 1 && this.kind !== "stand") eye = add(target, scale(1 / Math.max(aspect, 0.3), subtract(eye, target)));
    const away = size(subtract(eye, target));
    const near = Math.max(0.02 * away, 1e-3);
    const lens = perspective(this.angle, aspect, near, away + 30 * this.stage.radius);
    return {eye, target, matrix: multiply(lens, looking(eye, target))};
  }
}

/** Lets pointers and the wheel move a camera: one turns, two pinch and shift; `changed` is called after each. */
function steer(canvas, camera, time, changed) {
  const pointers = new Map();
  const between = () => {
    const [a, b] = [...pointers.values()];
    return {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: Math.hypot(a.x - b.x, a.y - b.y)};
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, {x: event.clientX, y: event.clientY});
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (event) => pointers.delete(event.pointerId));
  }
  canvas.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const height = canvas.clientHeight;
    const last = pointers.get(event.pointerId);
    const before = pointers.size === 2 ? between() : null;
    pointers.set(event.pointerId, {x: event.clientX, y: event.clientY});
    if (before) {
      const after = between();
      if (after.width > 0) camera().zoom(before.width / after.width, time());
      camera().pan((after.x - before.x) / height, (after.y - before.y) / height, time());
    } else {
      const way = [(event.clientX - last.x) / height, (event.clientY - last.y) / height];
      if (event.shiftKey || event.buttons === 2 || event.buttons === 4) camera().pan(...way, time());
      else camera().turn(...way, time());
    }
    changed();
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    camera().zoom(Math.exp(0.0012 * clamp(event.deltaY * (event.deltaMode === 1 ? 30 : 1), -300, 300)), time());
    changed();
  }, {passive: false});
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
}
