// SPDX-License-Identifier: MIT
// The programs of the graphics card. Light comes from one side and, weaker, from all around; a map of depths seen from the light tells
// what is in shadow.

const lighting = `#version 300 es
precision highp float;
precision highp sampler2DShadow;
uniform mat4 uLightView;
uniform vec3 uLight;
uniform sampler2DShadow uShadows;
uniform float uSoftness;

// 1 in the light, 0 in the shadow; between where its edge is.
float lit(vec3 place, vec3 normal) {
  vec3 p = (uLightView * vec4(place + 0.004 * normal, 1.0)).xyz * 0.5 + 0.5;
  if (any(lessThan(p, vec3(0.0))) || any(greaterThan(p, vec3(1.0)))) return 1.0;
  float turn = 6.2832 * fract(52.9829 * fract(dot(gl_FragCoord.xy, vec2(0.06711, 0.00584))));
  float sum = 0.0;
  for (int i = 0; i < 16; i++) {
    float angle = turn + 2.39996 * float(i);
    float radius = uSoftness * sqrt((float(i) + 0.5) / 16.0);
    sum += texture(uShadows, vec3(p.xy + radius * vec2(cos(angle), sin(angle)), p.z - 0.0012));
  }
  vec2 edge = smoothstep(0.42, 0.5, abs(p.xy - 0.5));
  return mix(sum / 16.0, 1.0, max(edge.x, edge.y));
}
`;

const placing = `#version 300 es
layout(location = 0) in vec3 aPlace;
layout(location = 1) in vec3 aNormal;
uniform mat4 uView;
uniform mat4 uModel;
out vec3 vPlace;
out vec3 vNormal;
void main() {
  vec4 place = uModel * vec4(aPlace, 1.0);
  vPlace = place.xyz;
  // Of a scaled model the axes are as long as the scale; normals take it the other way round.
  vec3 squares = vec3(dot(uModel[0].xyz, uModel[0].xyz), dot(uModel[1].xyz, uModel[1].xyz), dot(uModel[2].xyz, uModel[2].xyz));
  vNormal = mat3(uModel) * (aNormal / squares);
  gl_Position = uView * place;
}
`;

const solid = lighting + `
in vec3 vPlace;
in vec3 vNormal;
uniform vec3 uEye;
uniform vec4 uColour;
uniform vec3 uSky;
uniform vec3 uBounce;
uniform float uGlow;
uniform vec2 uGround;
out vec4 colour;
void main() {
  vec3 n = normalize(vNormal);
  vec3 toEye = normalize(uEye - vPlace);
  if (!gl_FrontFacing) n = -n;
  vec3 albedo = pow(uColour.rgb, vec3(2.2));
  float facing = max(dot(n, uLight), 0.0);
  float light = facing > 0.0 ? facing * lit(vPlace, n) : 0.0;
  // Little of the sky reaches what is near the ground.
  float open = mix(0.55, 1.0, clamp((vPlace.z - uGround.x) / uGround.y + 0.5 + 0.5 * n.z, 0.0, 1.0));
  vec3 around = mix(uBounce, uSky, 0.5 + 0.5 * n.z) * open;
  vec3 sum = albedo * (around + 0.95 * light);
  vec3 halfway = normalize(uLight + toEye);
  float fresnel = pow(1.0 - max(dot(n, toEye), 0.0), 4.0);
  sum += 0.16 * light * pow(max(dot(n, halfway), 0.0), 60.0) + 0.14 * fresnel * around;
  sum = mix(sum, albedo, max(uGlow, 0.0));
  colour = vec4(pow(sum / (1.0 + 0.12 * sum), vec3(1.0 / 2.2)), 1.0) * uColour.a;
}
`;

const ground = lighting + `
in vec3 vPlace;
in vec3 vNormal;
uniform vec3 uEye;
uniform vec3 uPaper;
uniform vec3 uLine;
uniform vec3 uShade;
uniform vec3 uMiddle;
uniform float uCell;
uniform float uReach;
out vec4 colour;

float lines(vec2 p, float width) {
  vec2 thick = fwidth(p);
  vec2 away = abs(fract(p - 0.5) - 0.5) / max(thick, 1e-6);
  vec2 line = clamp(width - away + 0.5, 0.0, 1.0) * clamp(1.0 - 2.0 * thick, 0.0, 1.0);
  return max(line.x, line.y);
}

void main() {
  vec3 n = normalize(vNormal);
  float fine = lines(vPlace.xy / uCell, 0.5) * 0.6;
  float coarse = lines(vPlace.xy / (5.0 * uCell), 0.9);
  float slope = dot(n, uLight) / uLight.z;
  vec3 paper = uPaper * clamp(0.55 + 0.45 * slope, 0.0, 1.15);
  vec3 sum = mix(paper, uLine, max(fine, coarse));
  sum *= mix(uShade, vec3(1.0), lit(vPlace, n));
  float away = length(vPlace.xy - uMiddle.xy) / uReach;
  // Seen from below, ground is nearly clear.
  float side = uEye.z > vPlace.z || n.z < 0.9 ? 1.0 : 0.25;
  colour = vec4(sum, 1.0) * (1.0 - smoothstep(0.35, 1.0, away)) * side;
}
`;

const depth = {
  vertex: `#version 300 es
layout(location = 0) in vec3 aPlace;
uniform mat4 uView;
uniform mat4 uModel;
void main() { gl_Position = uView * uModel * vec4(aPlace, 1.0); }
`,
  fragment: `#version 300 es
precision mediump float;
void main() {}
`,
};

const backdrop = {
  vertex: `#version 300 es
out float vHeight;
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  vHeight = 0.5 + 0.5 * corner.y;
  gl_Position = vec4(corner, 0.9999, 1.0);
}
`,
  fragment: `#version 300 es
precision highp float;
in float vHeight;
uniform vec3 uLow;
uniform vec3 uHigh;
out vec4 colour;
void main() {
  // A little noise, or the steps of so soft a slope would be seen.
  float noise = fract(52.9829 * fract(dot(gl_FragCoord.xy, vec2(0.06711, 0.00584)))) / 255.0;
  colour = vec4(mix(uLow, uHigh, vHeight) + noise - 0.5 / 255.0, 1.0);
}
`,
};
