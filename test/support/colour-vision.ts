/** How colours look to colour-blind people, and how far two of them are apart. */

export type Rgb = readonly [red: number, green: number, blue: number];

/** On linear RGB, row by row: the whole of each deficiency (Machado, Oliveira and Fernandes 2009, table 1). */
export const VISIONS = {
  ordinary: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
export type Vision = keyof typeof VISIONS;

const toLinear = (byte: number): number => {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const toByte = (linear: number): number =>
  255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);

function seenLinear(rgb: Rgb, vision: Vision): Rgb {
  const [r, g, b] = [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])];
  const m = VISIONS[vision];
  const clipped = (value: number): number => Math.min(1, Math.max(0, value));
  return [
    clipped(m[0] * r + m[1] * g + m[2] * b),
    clipped(m[3] * r + m[4] * g + m[5] * b),
    clipped(m[6] * r + m[7] * g + m[8] * b),
  ];
}

/** sRGB bytes as somebody sees them, sRGB bytes. */
export function seenAs(rgb: Rgb, vision: Vision): Rgb {
  const [r, g, b] = seenLinear(rgb, vision);
  return [toByte(r), toByte(g), toByte(b)];
}

/** CIELAB under D65 of what somebody sees: lightness from 0 to 100, green to red, blue to yellow. */
export function labSeen(rgb: Rgb, vision: Vision): Rgb {
  const [r, g, b] = seenLinear(rgb, vision);
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const [fx, fy, fz] = [labCurve(x), labCurve(y), labCurve(z)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const labCurve = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);

/** CIE 1976: about 2.3 is just noticed. */
export const colourDifference = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
