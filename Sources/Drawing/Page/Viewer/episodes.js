// SPDX-License-Identifier: MIT
// What the page holds: the scene, and of each episode the frames. `Packing` and `PackedFilm` in Swift write what is read here.

function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}

const shortsOf = (text) => new Int16Array(bytesOf(text));
const floatsOf = (text) => new Float32Array(bytesOf(text));
const countsOf = (text) => new Uint32Array(bytesOf(text));

/** Frames one after the other, each at its time; `place` and `turn` of those who have them say where links are. */
class Frames {
  constructor(scene) {
    this.scene = scene;
    this.linkCount = scene.links.length;
  }

  /** The last frame that is not after `time`. */
  frameAt(time) {
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= time + 1e-9) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The frames before and after a time, and how far it is from the one to the other. */
  between(time) {
    const first = this.frameAt(time);
    const second = Math.min(first + 1, this.count - 1);
    const step = this.times[second] - this.times[first];
    return [first, second, step > 0 ? clamp((time - this.times[first]) / step, 0, 1) : 0];
  }

  /** The poses of all links at a time, between two frames where it is between them. */
  poses(time) {
    const [first, second, share] = this.between(time);
    return this.scene.links.map((_, link) => ({
      position: mix(this.place(first, link), this.place(second, link), share),
      turn: turnBetween(this.turn(first, link), this.turn(second, link), share),
    }));
  }
}

/** An episode: where all links are, and a column of numbers for each quantity. */
class Episode extends Frames {
  constructor(data, scene) {
    super(scene);
    this.total = data.return;
    this.end = data.end;
    this.times = Float64Array.from(countsOf(data.steps), (step) => step * scene.period);
    this.count = this.times.length;
    this.duration = this.times[this.count - 1];
    this.roots = floatsOf(data.roots);
    this.reach = data.reach / 32767;
    this.places = shortsOf(data.places);
    this.turns = shortsOf(data.turns);
    this.targets = floatsOf(data.targets);
    this.readColumns(data.numbers);
    this.readContacts(data.contacts);
  }

  readColumns({low, high, values}) {
    const shorts = shortsOf(values);
    const columns = low.map((least, column) => {
      const [middle, half] = [(least + high[column]) / 2, (high[column] - least) / 2 / 32767];
      return Float32Array.from({length: this.count}, (_, row) => middle + half * shorts[row * low.length + column]);
    });
    let next = 0;
    const take = (count) => columns.slice(next, (next += count));
    const {terms, joints, actions, hasCommand} = this.scene;
    [this.returns] = take(1);
    this.terms = take(terms.length);
    this.joints = take(joints.length);
    this.actions = take(actions.length);
    this.velocity = take(3);
    this.command = take(hasCommand ? 3 : 0);
  }

  readContacts({counts, strongest, values}) {
    this.contactValues = shortsOf(values);
    this.strongest = strongest;
    this.firstContact = [0];
    for (const count of shortsOf(counts)) this.firstContact.push(this.firstContact.at(-1) + count);
  }

  root(index) {
    return [...this.roots.subarray(3 * index, 3 * index + 3)];
  }

  /** Where a link is in a frame. */
  place(index, link) {
    const start = 3 * (index * this.linkCount + link);
    return this.root(index).map((value, i) => value + this.reach * this.places[start + i]);
  }

  turn(index, link) {
    const start = 4 * (index * this.linkCount + link);
    return [...this.turns.subarray(start, start + 4)].map((value) => value / 32767);
  }

  /** Where something touches a link in a frame, and the force on it in N. */
  contacts(index) {
    const contacts = [];
    const root = this.root(index);
    for (let i = this.firstContact[index]; i < this.firstContact[index + 1]; i++) {
      const values = this.contactValues.subarray(7 * i, 7 * i + 7);
      contacts.push({
        point: root.map((value, axis) => value + this.reach * values[1 + axis]),
        force: [4, 5, 6].map((axis) => (this.strongest * values[axis]) / 32767),
      });
    }
    return contacts;
  }

  /** The target in a frame; null where the task has none. */
  target(index) {
    if (this.targets.length === 0) return null;
    const row = this.targets.length > 7 ? 7 * index : 0;
    const values = [...this.targets.subarray(row, row + 7)];
    return {position: values.slice(0, 3), turn: values.slice(3)};
  }
}
