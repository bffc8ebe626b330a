// SPDX-License-Identifier: MIT
// What came of the episode that goes on: its last frames, as `Moment` in Swift sends them, and how the robot is seen in them.

/** How much of an episode is kept for the curves, s. */
const memory = 12;

class LiveEpisode extends Frames {
  constructor(scene) {
    super(scene);
    this.strongest = 0;
    const {terms, joints, actions, hasCommand} = scene;
    const columns = (count) => Array.from({length: count}, () => []);
    [this.frames, this.times, this.returns] = [[], [], []];
    [this.terms, this.joints, this.actions] = [terms, joints, actions].map((names) => columns(names.length));
    this.velocity = columns(3);
    this.command = columns(hasCommand ? 3 : 0);
    this.columns = [...this.joints, ...this.actions, ...this.terms, ...this.velocity, ...this.command];
    this.targetAt = 3 + 7 * this.linkCount;
    this.numbersAt = this.targetAt + (scene.hasTarget ? 7 : 0);
    this.contactsAt = this.numbersAt + this.columns.length;
  }

  get count() {
    return this.times.length;
  }

  get now() {
    return this.times.at(-1) ?? 0;
  }

  /** Takes in a frame; says whether an episode began with it, and how many old ones went: null where it is none of this scene. */
  take(frame) {
    if (frame.length < this.contactsAt) return null;
    const begins = this.count === 0 || frame[0] < this.now;
    // Of a robot that is held in a pose the time stands still.
    const replaces = !begins && frame[0] === this.now;
    const old = begins ? this.count : this.frameAt(frame[0] - memory);
    this.forget(replaces ? this.count - 1 : 0, replaces ? 1 : old);
    this.frames.push(frame);
    this.times.push(frame[0]);
    this.returns.push(frame[1]);
    this.columns.forEach((column, i) => column.push(frame[this.numbersAt + i]));
    if (begins) this.strongest = 0;
    for (const {force} of this.contacts(this.count - 1)) this.strongest = Math.max(this.strongest, size(force));
    return {begins, replaces, old};
  }

  forget(start, count) {
    if (count > 0) for (const list of [this.frames, this.times, this.returns, ...this.columns]) list.splice(start, count);
  }

  numbers(index, start, count) {
    return [...this.frames[index].subarray(start, start + count)];
  }

  place(index, link) {
    return this.numbers(index, 3 + 7 * link, 3);
  }

  turn(index, link) {
    return this.numbers(index, 6 + 7 * link, 4);
  }

  contacts(index) {
    const contacts = [];
    for (let at = this.contactsAt; at + 7 <= this.frames[index].length; at += 7) {
      contacts.push({point: this.numbers(index, at + 1, 3), force: this.numbers(index, at + 4, 3)});
    }
    return contacts;
  }

  target(index) {
    if (!this.scene.hasTarget) return null;
    const values = this.numbers(index, this.targetAt, 7);
    return {position: values.slice(0, 3), turn: values.slice(3)};
  }
}

/** The robot of a live episode: what comes later is not known, so that it is measured by what was seen. */
class LiveStage extends Stage {
  measure() {
    this.makeBalls();
    this.path = [this.middle(0)];
    [this.radius, this.lowest] = [0, Infinity];
    this.widen(0, this.path[0]);
    this.travels = this.scene.base !== "fixed";
    const most = this.scene.commands.slice(0, 2).flat().map(Math.abs);
    this.fastest = Math.max(0.5, ...most);
  }

  /** Takes in the newest frame. */
  follow({begins, replaces, old}) {
    const {episode, path} = this;
    const last = episode.count - 1;
    if (begins) path.length = 0;
    else if (replaces) path.pop();
    else path.splice(0, old);
    const middle = this.middle(last);
    const before = path.at(-1);
    const step = last > 0 ? episode.times[last] - episode.times[last - 1] : 0;
    if (this.scene.base === "fixed") path.push(before ?? this.anchor ?? middle);
    else path.push(before ? mix(before, middle, 1 - Math.exp(-step / 0.2)) : middle);
    this.anchor ??= path[0];
    // A robot without ground may reach below what it began with.
    if (this.scene.slope !== undefined || this.scene.terrain) return;
    for (const ball of this.balls) this.lowest = Math.min(this.lowest, this.placeOf(ball, last)[2] - ball.radius);
    this.floor = Math.min(this.floor, this.lowest - 0.04 * this.radius);
  }
}
