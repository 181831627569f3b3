/** A display window in HU: values from center - width / 2 to center + width / 2 span black to white. */
export interface DisplayWindow {
  readonly name: string;
  readonly centerHu: number;
  readonly widthHu: number;
}

export const BRAIN_WINDOW: DisplayWindow = { name: 'brain', centerHu: 40, widthHu: 80 };
export const SUBDURAL_WINDOW: DisplayWindow = { name: 'subdural', centerHu: 75, widthHu: 215 };
export const STROKE_WINDOW: DisplayWindow = { name: 'stroke', centerHu: 40, widthHu: 40 };
export const BONE_WINDOW: DisplayWindow = { name: 'bone', centerHu: 600, widthHu: 2800 };

/** HU to 8-bit grey, linear and clipped (PS3.3 C.11.2.1.3.2, LINEAR_EXACT). Any length in, the same out. */
export function applyDisplayWindow(hu: ArrayLike<number>, displayWindow: DisplayWindow): Uint8ClampedArray {
  const low = displayWindow.centerHu - displayWindow.widthHu / 2;
  const scale = 255 / displayWindow.widthHu;
  const grey = new Uint8ClampedArray(hu.length);
  for (let i = 0; i < hu.length; i++) grey[i] = ((hu[i] as number) - low) * scale;
  return grey;
}
