// SPDX-License-Identifier: MIT
// Hands on a live robot: a drag that pulls it, keys and a gamepad that command and push it.

/** What a ray meets first: a part of the robot, and the point in the world; null where it meets none. */
class Picker {
  constructor(scene) {
    this.scene = scene;
    this.surfaces = new Map();
  }

  /** The corners of a part's triangles, made when they are wanted first. */
  corners(index) {
    if (!this.surfaces.has(index)) this.surfaces.set(index, surfaceOf(this.scene.parts[index], this.scene).places);
    return this.surfaces.get(index);
  }

  pick(from, way, poses) {
    let best = null;
    this.scene.parts.forEach((part, index) => {
      const pose = poses[part.link];
      // The ray in the frame of the part.
      const into = (v) => turned(inverse(part.pose.slice(3)), turned(inverse(pose.turn), v));
      const start = turned(inverse(part.pose.slice(3)), subtract(turned(inverse(pose.turn), subtract(from, pose.position)), part.pose.slice(0, 3)));
      const distance = meet(this.corners(index), start, into(way));
      if (distance < (best?.distance ?? Infinity)) best = {distance, link: part.link, point: add(from, scale(distance, way))};
    });
    return best;
  }
}

const inverse = (q) => [q[0], -q[1], -q[2], -q[3]];

/** How far it is along a ray to the nearest of some triangles (Moeller and Trumbore 1997); Infinity where it meets none. */
function meet(places, from, way) {
  let nearest = Infinity;
  for (let i = 0; i + 8 < places.length; i += 9) {
    const [a, b, c] = [0, 3, 6].map((k) => places.slice(i + k, i + k + 3));
    const [u, v] = [subtract(b, a), subtract(c, a)];
    const normal = cross(way, v);
    const area = dot(u, normal);
    if (Math.abs(area) < 1e-14) continue;
    const offset = subtract(from, a);
    const first = dot(offset, normal) / area;
    const across = cross(offset, u);
    const second = dot(way, across) / area;
    const distance = dot(v, across) / area;
    if (first >= 0 && second >= 0 && first + second <= 1 && distance > 0) nearest = Math.min(nearest, distance);
  }
  return nearest;
}

/** Lets a drag on the robot pull it; what is not on the robot is left to the camera. */
class Grip {
  constructor(page) {
    this.page = page;
    const picture = at("picture");
    picture.addEventListener("pointerdown", (event) => this.take(event));
    picture.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) picture.addEventListener(kind, (event) => this.release(event));
  }

  /** From where a pointer looks, and where to. */
  ray(event) {
    const box = at("picture").getBoundingClientRect();
    const {camera} = this.page.views[0];
    const {eye, target} = camera.view(this.page.time, box.width / box.height);
    const back = unit(subtract(eye, target));
    const right = unit(cross([0, 0, 1], back));
    const up = cross(back, right);
    const slope = Math.tan(camera.angle / 2);
    const x = ((2 * (event.clientX - box.left)) / box.width - 1) * slope * (box.width / box.height);
    const y = (1 - (2 * (event.clientY - box.top)) / box.height) * slope;
    return {eye, back, way: unit(subtract(add(scale(x, right), scale(y, up)), back))};
  }

  take(event) {
    const {page} = this;
    if (!page.isMoving || event.button !== 0 || event.shiftKey || this.held) return;
    const {eye, back, way} = this.ray(event);
    const poses = page.poses;
    const found = page.picker.pick(eye, way, poses);
    if (!found || found.link < page.scene.fixedLinks) return;
    event.stopImmediatePropagation();
    event.target.setPointerCapture(event.pointerId);
    const pose = poses[found.link];
    const local = turned(inverse(pose.turn), subtract(found.point, pose.position));
    this.held = {pointer: event.pointerId, link: found.link, local, depth: -dot(subtract(found.point, eye), back), event};
    at("picture").classList.add("pulls");
  }

  move(event) {
    if (this.held?.pointer !== event.pointerId) return;
    event.stopImmediatePropagation();
    this.held.event = event;
    this.page.change();
  }

  release(event) {
    if (this.held?.pointer !== event.pointerId) return;
    event.stopImmediatePropagation();
    this.held = null;
    this.page.say("release");
    at("picture").classList.remove("pulls");
    this.page.change();
  }

  /** Where the robot is held, and where that is pulled to; null where it is not. The camera may have gone on meanwhile. */
  get pull() {
    if (!this.held) return null;
    const {link, local, depth, event} = this.held;
    const {eye, back, way} = this.ray(event);
    const pose = this.page.poses[link];
    return {from: add(pose.position, turned(pose.turn, local)), to: add(eye, scale(-depth / dot(way, back), way))};
  }

  /** Tells the simulation, as often as there is a picture. */
  tell() {
    const {pull} = this;
    if (!pull) return;
    const numbers = [...this.held.local, ...pull.to].map((value) => value.toFixed(4));
    this.page.say(`pull ${this.held.link} ${numbers.join(" ")}`);
  }
}

/** Which way each key drives: forward, to the left, turning to the left. */
const driving = {w: [0, 1], s: [0, -1], a: [1, 1], d: [1, -1], q: [2, 1], e: [2, -1]};
const pushes = {ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]};

/** Commands by keys that are held down, and by the sticks of a gamepad. */
class Driver {
  constructor(page) {
    this.page = page;
    this.down = new Set();
    this.last = "";
    addEventListener("keydown", (event) => {
      if (!driving[event.key.toLowerCase()] || !actionOf(liveKeys, event) || page.scene.commands.length === 0) return;
      event.preventDefault();
      this.down.add(event.key.toLowerCase());
      this.tell(this.ofKeys());
    });
    addEventListener("keyup", (event) => {
      if (this.down.delete(event.key.toLowerCase())) this.tell(this.ofKeys());
    });
    // Keys that are let go elsewhere are not heard of.
    addEventListener("blur", () => {
      if (this.down.size > 0) this.tell([0, 0, 0]);
      this.down.clear();
    });
  }

  ofKeys() {
    const shares = [0, 0, 0];
    for (const key of this.down) shares[driving[key][0]] += driving[key][1];
    return shares;
  }

  /** Tells shares of what the scene draws at most, each from -1 to 1. */
  tell(shares) {
    const values = this.page.scene.commands.map(([low, high], i) => (shares[i] >= 0 ? shares[i] * Math.max(high, 0) : -shares[i] * Math.min(low, 0)));
    const text = `command ${values.map((value) => value.toFixed(3)).join(" ")}`;
    if (text !== this.last) this.page.say(text);
    this.last = text;
  }

  /** Asks a gamepad, where there is one: the left stick drives, the right one turns. */
  askGamepad() {
    if (this.page.scene.commands.length === 0 || !navigator.getGamepads) return;
    const pad = [...navigator.getGamepads()].find((pad) => pad?.connected && pad.axes.length >= 2);
    if (!pad) return;
    const axis = (i) => (Math.abs(pad.axes[i] ?? 0) > 0.12 ? -pad.axes[i] : 0);
    const shares = [axis(1), axis(0), axis(2)];
    const isUsed = shares.some((share) => share !== 0);
    if (isUsed || this.isSteered) this.tell(shares);
    this.isSteered = isUsed;
  }
}
