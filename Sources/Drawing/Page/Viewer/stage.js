// SPDX-License-Identifier: MIT
// What is drawn of an episode at a time: the robot, what it stands on, and what is told of it by arrows and axes.

const palette = {
  root: [0.25, 0.43, 0.6, 1], even: [0.83, 0.85, 0.88, 1], odd: [0.5, 0.6, 0.7, 1], end: [0.88, 0.48, 0.37, 1],
  obstacle: [0.57, 0.6, 0.63, 1], force: [0.96, 0.62, 0.13, 1], command: [0.16, 0.5, 0.9, 1], actual: [0.2, 0.68, 0.42, 1],
  target: [0.86, 0.25, 0.32, 1], axis: [0.95, 0.7, 0.1, 1],
  axes: [[0.86, 0.25, 0.25, 1], [0.2, 0.65, 0.3, 1], [0.2, 0.42, 0.9, 1]],
};

/** Surfaces on the graphics card, made once for a page. */
class Models {
  constructor(renderer, scene) {
    const load = (surface) => renderer.load(surface);
    const surfaces = new Map();
    const model = (part) => {
      if (part.kind !== "surface") return load(surfaceOf(part, scene));
      if (!surfaces.has(part.surface)) surfaces.set(part.surface, load(surfaceOf(part, scene)));
      return surfaces.get(part.surface);
    };
    this.parts = scene.parts.map(model);
    this.obstacles = scene.obstacles.map(model);
    [this.rod, this.cone, this.ball] = [rod(), cone(), sphere(1)].map(load);
    const plane = new Surface();
    plane.quad(...[[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([x, y]) => [[x, y, 0], [0, 0, 1]]));
    this.plane = load(plane);
    this.terrain = scene.terrain && load(terrain(scene.terrain));
  }

  /** Takes other ground in place of what there was. */
  changeTerrain(renderer, ground) {
    renderer.unload(this.terrain);
    this.terrain = renderer.load(terrain(ground));
  }
}

class Stage {
  constructor(scene, episode) {
    [this.scene, this.episode] = [scene, episode];
    this.hasChild = new Set(scene.links.map((link) => link.parent));
    this.measure();
    this.floor = scene.slope === undefined && !scene.terrain ? this.lowest - 0.04 * this.radius : 0;
    this.isPlanar = scene.base === "planar";
    this.isFlat = scene.base === "fixed" && scene.joints.length > 0 && this.isSeenFromAbove();
  }

  isSeenFromAbove() {
    return this.scene.joints.every((joint) => Math.abs(turned(this.episode.turn(0, joint.child), joint.axis)[2]) > 0.99);
  }

  /** How large the robot is, and the way of its middle without its haste: what cameras go along. */
  measure() {
    const {scene, episode} = this;
    this.makeBalls();
    const path = Array.from({length: episode.count}, (_, index) => this.middle(index));
    const fixed = scale(1 / path.length, path.reduce(add, [0, 0, 0]));
    this.path = scene.base === "fixed" ? path.map(() => fixed) : smooth(path, episode.times);
    [this.radius, this.lowest] = [0, Infinity];
    for (let index = 0; index < episode.count; index += Math.max(1, Math.floor(episode.count / 200))) {
      this.widen(index, this.path[index]);
    }
    this.travels = scene.base !== "fixed" && path.some((point) => size(subtract(point, path[0])) > 0.5 * this.radius);
    const speeds = [...episode.velocity.slice(0, 2), ...episode.command.slice(0, 2)];
    this.fastest = speeds.reduce((most, column) => column.reduce((most, speed) => Math.max(most, Math.abs(speed)), most), 0.5);
  }

  /** A ball around each part. */
  makeBalls() {
    const {scene} = this;
    const balls = scene.parts.filter((part) => part.link !== undefined).map((part) => {
      const {middle, radius} = boundsOf(part, scene);
      return {link: part.link, radius, middle: add(part.pose.slice(0, 3), turned(part.pose.slice(3), middle))};
    });
    if (balls.length === 0) balls.push(...scene.links.map((_, link) => ({link, radius: 0.02, middle: [0, 0, 0]})));
    this.balls = balls;
  }

  /** The middle of the robot in a frame. */
  middle(index) {
    const weight = this.balls.reduce((sum, ball) => sum + ball.radius, 0);
    return this.balls.reduce((sum, ball) => add(sum, scale(ball.radius / weight, this.placeOf(ball, index))), [0, 0, 0]);
  }

  /** Takes in how far the robot reaches from a place in a frame, and how low. */
  widen(index, centre) {
    for (const ball of this.balls) {
      const place = this.placeOf(ball, index);
      this.radius = Math.max(this.radius, size(subtract(place, centre)) + ball.radius);
      this.lowest = Math.min(this.lowest, place[2] - ball.radius);
    }
  }

  /** Where the middle of a part is in a frame. */
  placeOf(ball, index) {
    return add(this.episode.place(index, ball.link), turned(this.episode.turn(index, ball.link), ball.middle));
  }

  centre(time) {
    const [first, second, share] = this.episode.between(time);
    return mix(this.path[first], this.path[second], share);
  }

  /** All that is to be drawn at a time. */
  items(models, time, shown) {
    const {scene, episode} = this;
    const index = episode.frameAt(time);
    const poses = episode.poses(time);
    const matrices = poses.map(({position, turn}) => poseMatrix(position, turn));
    const items = scene.parts.map((part, i) => ({
      model: models.parts[i], colour: part.colour ?? this.colourOf(part.link), hasShadow: true,
      matrix: multiply(matrices[part.link], poseMatrix(part.pose.slice(0, 3), part.pose.slice(3))),
    }));
    scene.obstacles.forEach((part, i) => items.push({
      model: models.obstacles[i], colour: part.colour ?? palette.obstacle, hasShadow: true,
      matrix: poseMatrix(part.pose.slice(0, 3), part.pose.slice(3)),
    }));
    items.push(...this.target(models, index));
    if (shown.forces) items.push(...this.forces(models, index));
    if (shown.velocity) items.push(...this.velocities(models, index, poses[0], time));
    if (shown.frames) items.push(...this.frames(models, poses, matrices));
    return items;
  }

  colourOf(link) {
    const {links} = this.scene;
    if (links[link].parent === undefined) return palette.root;
    if (!this.hasChild.has(link)) return palette.end;
    let depth = 0;
    for (let up = link; links[up].parent !== undefined; up = links[up].parent) depth++;
    return depth % 2 === 1 ? palette.even : palette.odd;
  }

  arrow(models, from, way, width, colour) {
    const length = size(way);
    if (length < 1e-6) return [];
    const head = Math.min(2.6 * width, length / 2);
    const shaft = length - 2 * head;
    const tip = add(from, scale(shaft / length, way));
    const look = {colour, glow: 0.55};
    return [
      ...(shaft > 0 ? [{...look, model: models.rod, matrix: along(from, way, width, shaft)}] : []),
      {...look, model: models.cone, matrix: along(tip, way, head, head)},
    ];
  }

  /** Where something touches, how it pushes the robot: the strongest force is about as long as the robot. */
  forces(models, index) {
    const {episode, radius} = this;
    return episode.contacts(index).flatMap(({point, force}) => {
      // A square root, so that weak forces are seen beside an impact.
      const share = Math.sqrt(size(force) / Math.max(episode.strongest, 1e-9));
      return share < 0.02 ? [] : this.arrow(models, point, scale(0.9 * radius * share, unit(force)), 0.014 * radius, palette.force);
    });
  }

  /** What the root was told, and what it does, over the robot. */
  velocities(models, index, root, time) {
    const {episode, radius} = this;
    const from = add(this.centre(time), [0, 0, 0.62 * radius]);
    const forward = turned(root.turn, [1, 0, 0]);
    const heading = unit([forward[0], forward[1], 0]);
    const left = [-heading[1], heading[0], 0];
    const draw = (columns, colour, up) => {
      const way = add(scale(columns[0][index], heading), scale(columns[1][index], left));
      return this.arrow(models, add(from, [0, 0, up]), scale((0.9 * radius) / this.fastest, way), 0.018 * radius, colour);
    };
    const told = episode.command.length > 0 ? draw(episode.command, palette.command, 0.05 * radius) : [];
    return [...told, ...draw(episode.velocity, palette.actual, 0)];
  }

  target(models, index) {
    const target = this.episode.target(index);
    if (!target) return [];
    const {radius} = this;
    const [x, y, z, origin] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], target.position];
    const sized = (s) => frame(scale(s, x), scale(s, y), scale(s, z), origin);
    const items = [
      {model: models.ball, matrix: sized(0.035 * radius), colour: palette.target, glow: 0.35, hasShadow: true},
      {model: models.ball, matrix: sized(0.09 * radius), colour: [...palette.target.slice(0, 3), 0.22], glow: 0.6},
    ];
    return target.turn[0] > 0.99999 ? items : [...items, ...this.axes(models, poseMatrix(origin, target.turn), 0.22)];
  }

  /** Three rods, red, green, blue, along x, y, z. */
  axes(models, matrix, length) {
    const {radius} = this;
    return palette.axes.map((colour, axis) => ({
      model: models.rod, colour, glow: 0.5, isOnTop: true,
      matrix: along([...matrix.slice(12, 15)], [...matrix.slice(4 * axis, 4 * axis + 3)], 0.008 * radius, length * radius),
    }));
  }

  /** The frames of all links, and the axis of each joint. */
  frames(models, poses, matrices) {
    const {radius} = this;
    const joints = this.scene.joints.map(({child, axis}) => {
      const way = turned(poses[child].turn, axis);
      const from = subtract(poses[child].position, scale(0.16 * radius, way));
      return {model: models.rod, matrix: along(from, way, 0.005 * radius, 0.32 * radius), colour: palette.axis, glow: 0.7, isOnTop: true};
    });
    return [...joints, ...matrices.flatMap((matrix) => this.axes(models, matrix, 0.11))];
  }

  /** The ground, and under a robot without one a floor for the eye alone. */
  grounds(models, time) {
    const {scene, radius} = this;
    const cell = roundLength(0.5 * radius);
    if (scene.terrain) return [{model: models.terrain, matrix: poseMatrix([0, 0, 0], [1, 0, 0, 0]), cell}];
    const slope = scene.slope ?? 0;
    const half = 12 * radius;
    const [x, z] = [[Math.cos(slope), 0, Math.sin(slope)], [-Math.sin(slope), 0, Math.cos(slope)]];
    const centre = this.centre(time);
    const middle = [centre[0], centre[1], this.floor + Math.tan(slope) * centre[0]];
    return [{model: models.plane, matrix: frame(scale(half, x), [0, half, 0], z, middle), cell}];
  }

  /** The height of the ground under the robot; of uneven ground that of its lowest part, which is all that shading needs. */
  floorUnder(time) {
    if (this.scene.terrain) {
      const index = this.episode.frameAt(time);
      return this.balls.reduce((low, ball) => Math.min(low, this.placeOf(ball, index)[2] - ball.radius), Infinity);
    }
    return this.floor + Math.tan(this.scene.slope ?? 0) * this.centre(time)[0];
  }
}

/** Points of a way without what is faster than half a second, to both sides alike. */
function smooth(path, times) {
  const pass = (points) => {
    let state = points[0];
    return points.map((point, i) => {
      const step = i > 0 ? Math.abs(times[i] - times[i - 1]) : 0;
      state = mix(state, point, 1 - Math.exp(-step / 0.25));
      return state;
    });
  };
  const forth = pass(path);
  const back = pass([...path].reverse()).reverse();
  return forth.map((point, i) => mix(point, back[i], 0.5));
}

/** The length of the kind 1, 2, 5 times a power of ten that is nearest below. */
function roundLength(length) {
  const power = 10 ** Math.floor(Math.log10(length));
  const share = length / power;
  return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
}
