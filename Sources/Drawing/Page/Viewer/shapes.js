// SPDX-License-Identifier: MIT
// Shapes as triangles: three corners each, every corner with its place and its normal.

class Surface {
  constructor() {
    this.places = [];
    this.normals = [];
  }

  corner(place, normal) {
    this.places.push(...place);
    this.normals.push(...normal);
  }

  /** Four corners in their order around, each [place, normal]. */
  quad(a, b, c, d) {
    for (const [place, normal] of [a, b, c, a, c, d]) this.corner(place, normal);
  }
}

/** What a profile sweeps around z: points [r, z, normal's r, normal's z], from below to above. */
function lathe(profile, segments = 40) {
  const surface = new Surface();
  const point = ([r, z, nr, nz], angle) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [[r * c, r * s, z], [nr * c, nr * s, nz]];
  };
  for (let i = 0; i < segments; i++) {
    const [a, b] = [(2 * Math.PI * i) / segments, (2 * Math.PI * (i + 1)) / segments];
    for (let k = 0; k + 1 < profile.length; k++) {
      const [low, high] = [profile[k], profile[k + 1]];
      surface.quad(point(low, a), point(low, b), point(high, b), point(high, a));
    }
  }
  return surface;
}

/** A part of a circle for a profile: around (r, z), from one angle to another; 0 is outwards, a quarter turn up. */
function arc(r, z, radius, from, to, steps) {
  return Array.from({length: steps + 1}, (_, i) => {
    const angle = from + ((to - from) * i) / steps;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [r + radius * c, z + radius * s, c, s];
  });
}

const sphere = (radius) => lathe(arc(0, 0, radius, -Math.PI / 2, Math.PI / 2, 22));

function capsule(radius, length) {
  const quarter = Math.PI / 2;
  return lathe([...arc(0, -length / 2, radius, -quarter, 0, 12), ...arc(0, length / 2, radius, 0, quarter, 12)]);
}

/** Its edges are a little round, so that they catch the light. */
function cylinder(radius, length) {
  const [quarter, half] = [Math.PI / 2, length / 2];
  const edge = Math.min(0.08 * radius, 0.08 * length);
  return lathe([
    [0, -half, 0, -1], ...arc(radius - edge, -half + edge, edge, -quarter, 0, 4),
    ...arc(radius - edge, half - edge, edge, 0, quarter, 4), [0, half, 0, 1]]);
}

/** A rod of radius 1 and length 1, from the origin along z. */
const rod = () => lathe([[0, 0, 0, -1], [1, 0, 0, -1], [1, 0, 1, 0], [1, 1, 1, 0], [1, 1, 0, 1], [0, 1, 0, 1]], 16);

/** A cone of radius 1 and height 2, from the origin along z. */
const cone = () => lathe([[0, 0, 0, -1], [1, 0, 0, -1], [1, 0, 0.894, 0.447], [0, 2, 0.894, 0.447]], 20);

/** A box whose edges are a little round. */
function box(lengths) {
  const surface = new Surface();
  const half = scale(0.5, lengths);
  const edge = 0.06 * Math.min(...lengths);
  // Along each axis: three steps over an edge, one over the face between.
  const lines = half.map((h) => {
    const steps = [0, 0.35, 1].map((share) => share * edge);
    return [...steps.map((step) => -h + step), ...steps.reverse().map((step) => h - step)];
  });
  const point = (place) => {
    const inner = place.map((value, i) => clamp(value, -half[i] + edge, half[i] - edge));
    const normal = unit(subtract(place, inner));
    return [add(inner, scale(edge, normal)), normal];
  };
  for (let axis = 0; axis < 3; axis++) {
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
    for (const side of [-1, 1]) {
      const at = (i, k) => {
        const place = [];
        [place[axis], place[u], place[v]] = [side * half[axis], lines[u][i], lines[v][k]];
        return point(place);
      };
      for (let i = 0; i < 5; i++) {
        for (let k = 0; k < 5; k++) {
          const corners = [at(i, k), at(i + 1, k), at(i + 1, k + 1), at(i, k + 1)];
          surface.quad(...(side > 0 ? corners : corners.reverse()));
        }
      }
    }
  }
  return surface;
}

/** Triangles between points; faces that meet at less than about 40 degrees are smooth there. Of some no two points are one. */
function mesh(points, triangles, areApart = false) {
  const surface = new Surface();
  const names = new Map();
  const corners = Array.from({length: points.length / 3}, (_, i) => points.slice(3 * i, 3 * i + 3));
  // Files often have a corner once for each of its triangles.
  const number = areApart ? [...corners.keys()] : corners.map((point) => {
    const name = point.join();
    if (!names.has(name)) names.set(name, names.size);
    return names.get(name);
  });
  const faces = [];
  const around = Array.from({length: areApart ? corners.length : names.size}, () => []);
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = triangles.slice(i, i + 3);
    const area = cross(subtract(corners[b], corners[a]), subtract(corners[c], corners[a]));
    if (!(size(area) > 0)) continue;
    const face = {corners: [a, b, c], area, normal: unit(area)};
    faces.push(face);
    for (const corner of face.corners) around[number[corner]].push(face);
  }
  for (const face of faces) {
    for (const corner of face.corners) {
      let sum = [0, 0, 0];
      for (const other of around[number[corner]]) {
        if (dot(other.normal, face.normal) > 0.76) sum = add(sum, other.area);
      }
      surface.corner(corners[corner], unit(sum));
    }
  }
  return surface;
}

/** A grid of heights, two triangles for each of its cells. */
function terrain({origin, cell, columns, heights: text}) {
  const heights = floatsOf(text);
  const rows = heights.length / columns;
  const points = [];
  const triangles = [];
  heights.forEach((height, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    points.push(origin[0] + column * cell[0], origin[1] + row * cell[1], origin[2] + height);
    if (column + 1 === columns || row + 1 === rows) return;
    triangles.push(i, i + 1, i + columns + 1, i, i + columns + 1, i + columns);
  });
  return mesh(points, triangles, true);
}

/** The surface of a part of a scene. */
function surfaceOf(part, scene) {
  switch (part.kind) {
    case "box": return box(part.size);
    case "sphere": return sphere(part.radius);
    case "cylinder": return cylinder(part.radius, part.length);
    case "capsule": return capsule(part.radius, part.length);
    default: {
      const {reach, points, triangles, small} = scene.surfaces[part.surface];
      const corners = small ? new Uint16Array(bytesOf(triangles)) : countsOf(triangles);
      return mesh(Array.from(shortsOf(points), (value) => (value * reach) / 32767), Array.from(corners));
    }
  }
}

/** How far a part reaches from its centre, and where the middle of what it fills is. */
function boundsOf(part, scene) {
  switch (part.kind) {
    case "box": return {middle: [0, 0, 0], radius: size(part.size) / 2};
    case "sphere": return {middle: [0, 0, 0], radius: part.radius};
    case "cylinder": return {middle: [0, 0, 0], radius: Math.hypot(part.radius, part.length / 2)};
    case "capsule": return {middle: [0, 0, 0], radius: part.radius + part.length / 2};
    default: {
      const {reach, points} = scene.surfaces[part.surface];
      const values = shortsOf(points);
      const [low, high] = [[1, 1, 1], [-1, -1, -1]];
      values.forEach((value, i) => {
        low[i % 3] = Math.min(low[i % 3], value / 32767);
        high[i % 3] = Math.max(high[i % 3], value / 32767);
      });
      return {middle: scale(reach / 2, add(low, high)), radius: (reach / 2) * size(subtract(high, low))};
    }
  }
}
