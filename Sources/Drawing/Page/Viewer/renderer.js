// SPDX-License-Identifier: MIT
// Draws surfaces by WebGL 2: their depths as the light sees them, then the picture.

class Program {
  constructor(gl, vertex, fragment) {
    this.gl = gl;
    this.program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
        throw new Error(gl.getShaderInfoLog(shader));
      }
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    this.places = {};
    const count = gl.getProgramParameter(this.program, gl.ACTIVE_UNIFORMS) || 0;
    for (let i = 0; i < count; i++) {
      const {name} = gl.getActiveUniform(this.program, i);
      this.places[name] = gl.getUniformLocation(this.program, name);
    }
  }

  /** Uses the program with these values: numbers, vectors, and matrices of sixteen. */
  use(values) {
    this.gl.useProgram(this.program);
    this.set(values);
  }

  set(values) {
    const {gl} = this;
    for (const [name, value] of Object.entries(values)) {
      const place = this.places[name];
      if (place === undefined) continue;
      if (typeof value === "number") gl.uniform1f(place, value);
      else if (value.length === 16) gl.uniformMatrix4fv(place, false, value);
      else gl[`uniform${value.length}fv`](place, value);
    }
  }
}

const shadowSize = 2048;

class Renderer {
  /** Null where the browser has no WebGL 2. */
  static on(canvas) {
    const gl = canvas.getContext("webgl2", {antialias: true, alpha: false, preserveDrawingBuffer: false});
    return gl && new Renderer(gl, canvas);
  }

  constructor(gl, canvas) {
    [this.gl, this.canvas] = [gl, canvas];
    this.solid = new Program(gl, placing, solid);
    this.ground = new Program(gl, placing, ground);
    this.depth = new Program(gl, depth.vertex, depth.fragment);
    this.backdrop = new Program(gl, backdrop.vertex, backdrop.fragment);
    this.nothing = gl.createVertexArray();
    this.makeShadows();
  }

  makeShadows() {
    const {gl} = this;
    this.shadows = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.shadows);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT24, shadowSize, shadowSize);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE);
    this.shadowBuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.shadowBuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, this.shadows, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** Gives a surface to the graphics card. */
  load(surface) {
    const {gl} = this;
    const array = gl.createVertexArray();
    const buffers = [];
    gl.bindVertexArray(array);
    for (const [place, numbers] of [surface.places, surface.normals].entries()) {
      buffers.push(gl.createBuffer());
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[place]);
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(numbers), gl.STATIC_DRAW);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, 3, gl.FLOAT, false, 0, 0);
    }
    gl.bindVertexArray(null);
    return {array, buffers, count: surface.places.length / 3};
  }

  /** Takes a surface from the graphics card again. */
  unload({array, buffers}) {
    this.gl.deleteVertexArray(array);
    for (const buffer of buffers) this.gl.deleteBuffer(buffer);
  }

  /** Fits the canvas to its place on the page. */
  fit() {
    const {canvas} = this;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((length) => Math.max(1, Math.round(density * length)));
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  }

  /**
   * Draws a view: `area` is [x, y, width, height] in pixels from below, `items` are {model, matrix, colour, and what differs}.
   */
  draw({area, eye, target, view, items, grounds, light, colours, radius, floor}) {
    const {gl} = this;
    const lightView = this.drawShadows(items, target, light, radius);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(...area);
    gl.scissor(...area);
    gl.enable(gl.SCISSOR_TEST);
    gl.disable(gl.BLEND);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    this.drawBackdrop(colours);
    gl.enable(gl.DEPTH_TEST);
    gl.bindTexture(gl.TEXTURE_2D, this.shadows);
    const shared = {uView: view, uLightView: lightView, uLight: light, uEye: eye, uSoftness: 0.006};
    this.solid.use({...shared, uSky: colours.sky, uBounce: colours.bounce, uGround: [floor, 0.35 * radius]});
    const [clear, opaque] = [items.filter((item) => item.colour[3] < 1), items.filter((item) => item.colour[3] >= 1)];
    for (const item of opaque) if (!item.isOnTop) this.drawSolid(item);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.drawGrounds(grounds, {...shared, uMiddle: target, uReach: 9 * radius}, colours);
    this.solid.use({});
    gl.depthMask(false);
    for (const item of clear) this.drawSolid(item);
    gl.depthMask(true);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    for (const item of opaque) if (item.isOnTop) this.drawSolid(item);
    gl.disable(gl.SCISSOR_TEST);
  }

  drawShadows(items, target, light, radius) {
    const {gl} = this;
    const reach = 3 * radius;
    const lightView = multiply(
      orthographic(reach, 0.1 * reach, 6 * reach), looking(add(target, scale(3 * reach, light)), target));
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.shadowBuffer);
    gl.disable(gl.SCISSOR_TEST);
    gl.viewport(0, 0, shadowSize, shadowSize);
    gl.enable(gl.DEPTH_TEST);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.POLYGON_OFFSET_FILL);
    gl.polygonOffset(1.5, 2);
    this.depth.use({uView: lightView});
    for (const item of items) {
      if (!item.hasShadow) continue;
      this.depth.set({uModel: item.matrix});
      this.drawModel(item.model);
    }
    gl.disable(gl.POLYGON_OFFSET_FILL);
    return lightView;
  }

  drawBackdrop(colours) {
    const {gl} = this;
    gl.disable(gl.DEPTH_TEST);
    this.backdrop.use({uLow: colours.low, uHigh: colours.high});
    gl.bindVertexArray(this.nothing);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  drawGrounds(grounds, shared, colours) {
    this.ground.use({...shared, uPaper: colours.paper, uLine: colours.line, uShade: colours.shade});
    for (const item of grounds) {
      this.ground.set({uModel: item.matrix, uCell: item.cell});
      this.drawModel(item.model);
    }
  }

  drawSolid(item) {
    this.solid.set({uModel: item.matrix, uColour: item.colour, uGlow: item.glow ?? 0});
    this.drawModel(item.model);
  }

  drawModel(model) {
    this.gl.bindVertexArray(model.array);
    this.gl.drawArrays(this.gl.TRIANGLES, 0, model.count);
  }
}
