import { heatMapCells, heatMapColor, heatMapScale } from '../../src/figures/index.ts';
import type { PaintedSlice } from './painted-slice.ts';

export interface Painter {
  paint(slice: PaintedSlice): void;
  close(): void;
}

/** The unit square of the slice, two triangles as a strip, laid where the slice lies (clip coordinates, y up). */
const VERTEX = `#version 300 es
uniform vec4 at;
out vec2 place;
void main() {
  place = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 point = at.xy + place * at.zw;
  gl_Position = vec4(2.0 * point.x - 1.0, 1.0 - 2.0 * point.y, 0.0, 1.0);
}`;

/** HU to grey as applyDisplayWindow does it, then the map's colour over it as colorHeatMap and overlay lay it. */
const FRAGMENT = `#version 300 es
precision highp float; precision highp int; precision highp isampler2D;
uniform isampler2D hu; uniform sampler2D shares; uniform sampler2D colors;
uniform vec2 window; uniform vec4 frame; uniform float opacity; uniform bool isSmooth;
uniform int cells; uniform float highest;
in vec2 place; out vec4 color;

float huAt(ivec2 voxel, ivec2 size) { return float(texelFetch(hu, clamp(voxel, ivec2(0), size - 1), 0).r); }
float shownHu(vec2 voxel, ivec2 size) {
  if (!isSmooth) return huAt(ivec2(voxel), size);
  vec2 near = voxel - 0.5; ivec2 low = ivec2(floor(near)); vec2 share = near - vec2(low);
  return mix(
    mix(huAt(low, size), huAt(low + ivec2(1, 0), size), share.x),
    mix(huAt(low + ivec2(0, 1), size), huAt(low + ivec2(1, 1), size), share.x), share.y);
}
float shareAt(ivec2 cell) { return texelFetch(shares, clamp(cell, ivec2(0), ivec2(cells - 1)), 0).r; }
float shownShare(vec2 inside) {
  vec2 cell = clamp(inside * float(cells) - 0.5, 0.0, float(cells - 1));
  ivec2 low = ivec2(floor(cell)); vec2 share = cell - vec2(low);
  return mix(
    mix(shareAt(low), shareAt(low + ivec2(1, 0)), share.x),
    mix(shareAt(low + ivec2(0, 1)), shareAt(low + ivec2(1, 1)), share.x), share.y);
}
void main() {
  ivec2 size = textureSize(hu, 0);
  vec2 voxel = place * vec2(size);
  float grey = clamp((shownHu(voxel, size) - window.x) / window.y, 0.0, 1.0);
  vec2 inside = (voxel - frame.xy) / frame.zw;
  vec4 heat = vec4(0.0);
  if (opacity > 0.0 && all(greaterThanEqual(inside, vec2(0.0))) && all(lessThanEqual(inside, vec2(1.0)))) {
    float level = clamp(shownShare(inside) / highest, 0.0, 1.0);
    heat = texelFetch(colors, ivec2(int(level * 255.0 + 0.5), 0), 0);
  }
  color = vec4(mix(vec3(grey), heat.rgb, heat.a * opacity), 1.0);
}`;

/** Looked up once: the driver is slow to tell. */
const UNIFORMS = [
  'hu',
  'shares',
  'colors',
  'at',
  'window',
  'frame',
  'opacity',
  'isSmooth',
  'cells',
  'highest',
] as const;

const COLORS = Uint8Array.from(Array.from({ length: 256 }, (_, level) => heatMapColor(level / 255)).flat());

/** Throws where the browser gives no WebGL2, or the driver does not take the shaders. */
export async function openWebGlPainter(canvas: HTMLCanvasElement): Promise<Painter> {
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: false });
  if (gl === null) throw new Error('this browser gives no WebGL2');
  const program = startLinking(gl);
  await linked(gl, program);
  return {
    paint: drawer(gl, program),
    close: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  };
}

function drawer(gl: WebGL2RenderingContext, program: WebGLProgram): Painter['paint'] {
  // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's name, not a hook of React
  gl.useProgram(program);
  const places = new Map(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]));
  const uniform = (name: (typeof UNIFORMS)[number]) => places.get(name) ?? null;
  for (const [unit, name] of (['hu', 'shares', 'colors'] as const).entries()) {
    openTexture(gl, unit);
    gl.uniform1i(uniform(name), unit);
  }
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.activeTexture(gl.TEXTURE2);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, COLORS);
  let onCard: Int16Array | undefined;
  return (slice) => {
    const { hu, rows, columns, at, map } = slice;
    const { width, height } = gl.canvas;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (onCard !== hu) {
      gl.activeTexture(gl.TEXTURE0);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16I, columns, rows, 0, gl.RED_INTEGER, gl.SHORT, hu);
      onCard = hu;
    }
    gl.uniform4f(uniform('at'), at.left / width, at.top / height, at.width / width, at.height / height);
    gl.uniform2f(uniform('window'), slice.centerHu - slice.widthHu / 2, slice.widthHu);
    gl.uniform1i(uniform('isSmooth'), Number(slice.isSmooth));
    gl.uniform1f(uniform('opacity'), map?.opacity ?? 0);
    if (map !== undefined) {
      gl.activeTexture(gl.TEXTURE1);
      const cells = heatMapCells(map.shares);
      gl.uniform1i(uniform('cells'), cells);
      gl.uniform1f(uniform('highest'), heatMapScale(cells).highestShare);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, cells, cells, 0, gl.RED, gl.FLOAT, map.shares);
      gl.uniform4f(uniform('frame'), map.frame.left, map.frame.top, map.frame.width, map.frame.height);
    }
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  };
}

function openTexture(gl: WebGL2RenderingContext, unit: number): void {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
}

function startLinking(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, text] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error('WebGL2 gives no shader');
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}

/** The driver links beside the page: whoever asks for the outcome at once waits for it, and the page does not answer meanwhile. */
async function linked(gl: WebGL2RenderingContext, program: WebGLProgram): Promise<void> {
  const parallel = gl.getExtension('KHR_parallel_shader_compile');
  const isUnderWay = (): boolean =>
    parallel !== null &&
    !gl.isContextLost() &&
    !gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR);
  while (isUnderWay()) await new Promise(requestAnimationFrame);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(`the picture's shader does not link: ${gl.getProgramInfoLog(program)}`);
}
