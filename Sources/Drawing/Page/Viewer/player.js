// SPDX-License-Identifier: MIT
// The time that is shown, and how it goes.

class Player {
  /** `changed` is called whenever the time, the speed, or whether it runs changes. */
  constructor(changed) {
    [this.time, this.duration, this.speed, this.isPlaying, this.changed] = [0, 0, 1, false, changed];
    this.times = [0];
  }

  /** Takes the times of the frames that there are, and goes to the start. */
  load(times) {
    this.times = times;
    this.duration = times[times.length - 1];
    this.seek(0);
  }

  seek(time) {
    this.time = clamp(time, 0, this.duration);
    this.changed();
  }

  play() {
    if (this.duration === 0) return;
    if (this.time >= this.duration) this.time = 0;
    this.isPlaying = true;
    this.last = undefined;
    this.changed();
  }

  pause() {
    this.isPlaying = false;
    this.changed();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** Goes on by so many frames. */
  step(count) {
    this.isPlaying = false;
    let index = this.times.findLastIndex((time) => time <= this.time + 1e-9);
    // From between two frames, back means to the one before.
    if (count < 0 && this.time > this.times[index] + 1e-9) index++;
    this.seek(this.times[clamp(index + count, 0, this.times.length - 1)]);
  }

  /** Takes the next speed up or down. */
  change(direction) {
    const index = speeds.indexOf(this.speed);
    this.speed = speeds[clamp(index + direction, 0, speeds.length - 1)];
    this.changed();
  }

  /** Goes on with the clock of the browser, in ms. */
  tick(now) {
    if (!this.isPlaying) return;
    // After a pause of the page it goes on where it was.
    const passed = this.last === undefined ? 0 : Math.min((now - this.last) / 1000, 0.25);
    this.last = now;
    this.time += passed * this.speed;
    if (this.time >= this.duration) {
      this.time = this.duration;
      this.isPlaying = false;
    }
    this.changed();
  }
}

const playerKeys = {
  ...lookKeys,
  " ": ({player}) => player.toggle(),
  ArrowLeft: ({player}, {shiftKey}) => (shiftKey ? player.seek(player.time - 1) : player.step(-1)),
  ArrowRight: ({player}, {shiftKey}) => (shiftKey ? player.seek(player.time + 1) : player.step(1)),
  ArrowUp: ({player}) => player.change(1),
  ArrowDown: ({player}) => player.change(-1),
  Home: ({player}) => player.seek(0),
  End: ({player}) => player.seek(player.duration),
};
for (let digit = 1; digit <= 9; digit++) playerKeys[digit] = (page) => page.choose(digit - 1);
