// SPDX-License-Identifier: MIT
// Vectors as [x, y, z], quaternions as [w, x, y, z], matrices of 4 x 4 by columns. Lengths are in m, z is up.

const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const subtract = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const scale = (s, a) => [s * a[0], s * a[1], s * a[2]];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const size = (a) => Math.hypot(a[0], a[1], a[2]);
const mix = (a, b, share) => a.map((value, i) => value + share * (b[i] - value));
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function unit(a) {
  const length = size(a);
  return length > 1e-12 ? scale(1 / length, a) : [0, 0, 1];
}

/** The vector `v`, turned by `q`. */
function turned(q, v) {
  const imaginary = [q[1], q[2], q[3]];
  const twice = scale(2, cross(imaginary, v));
  return add(add(v, scale(q[0], twice)), cross(imaginary, twice));
}

/** From one turn to another by `share`, the short way. */
function turnBetween(a, b, share) {
  const sign = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] < 0 ? -1 : 1;
  const q = a.map((value, i) => value + share * (sign * b[i] - value));
  const length = Math.hypot(...q) || 1;
  return q.map((value) => value / length);
}

/** The matrix of three axes and an origin. */
function frame(x, y, z, origin) {
  return new Float32Array([...x, 0, ...y, 0, ...z, 0, ...origin, 1]);
}

/** The matrix of a pose. */
function poseMatrix(position, q) {
  const [w, x, y, z] = q;
  return frame(
    [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
    [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
    [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
    position);
}

/** Two directions at right angles to a unit vector and to each other. */
function across(z) {
  const x = unit(cross(Math.abs(z[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0], z));
  return [x, cross(z, x)];
}

/** What lies along z, from `from` on: as thick as `width` and as long as `length` says. */
function along(from, direction, width, length) {
  const z = unit(direction);
  const [x, y] = across(z);
  return frame(scale(width, x), scale(width, y), scale(length, z), from);
}

function multiply(a, b) {
  const product = new Float32Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * k + row] * b[4 * column + k];
      product[4 * column + row] = sum;
    }
  }
  return product;
}

/** A point, carried by a matrix; with its fourth coordinate. */
function carried(m, p) {
  return [0, 1, 2, 3].map((row) => m[row] * p[0] + m[4 + row] * p[1] + m[8 + row] * p[2] + m[12 + row]);
}

function looking(eye, target) {
  const back = unit(subtract(eye, target));
  const right = unit(cross([0, 0, 1], back));
  const up = cross(back, right);
  return new Float32Array([
    right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0,
    -dot(right, eye), -dot(up, eye), -dot(back, eye), 1]);
}

function perspective(angle, aspect, near, far) {
  const f = 1 / Math.tan(angle / 2);
  return new Float32Array([
    f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, (far + near) / (near - far), -1, 0, 0, (2 * far * near) / (near - far), 0]);
}

function orthographic(radius, near, far) {
  return new Float32Array([
    1 / radius, 0, 0, 0, 0, 1 / radius, 0, 0, 0, 0, -2 / (far - near), 0, 0, 0, -(far + near) / (far - near), 1]);
}
