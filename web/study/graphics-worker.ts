/** Tells the page, true or false, whether WebGL2 draws on a graphics card. */

/** What drivers without a card call themselves: Chromium's, Mesa's two, Apple's, Windows'. */
const IN_SOFTWARE = /swiftshader|llvmpipe|softpipe|software renderer|basic render/i;

function isOnCard(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl === null) return false;
  const named = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer: unknown = gl.getParameter(named?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  return !IN_SOFTWARE.test(String(renderer));
}

globalThis.postMessage(isOnCard());
