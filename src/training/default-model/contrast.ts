import { PREPROCESSING } from '../../network/index.ts';

/** The map's corners: from brain's own HU outwards the stretching fades, air and bone stay. */
const [AIR, DARK, MIDDLE, BRIGHT, BONE] = [-20, 8, 33, 62, 100] as const;

/**
 * Stretches brain's contrast about its middle, in place: grey and white matter lie further apart at a lower voltage,
 * and in some heads. Blood moves with them, bone and air do not.
 * @param slices HU above the floor
 * @param factor above 1 for more contrast
 */
export function stretchContrast(slices: Float32Array, factor: number): void {
  const { floorHu } = PREPROCESSING.head;
  const stretched = (hu: number) => MIDDLE + factor * (hu - MIDDLE);
  const [dark, bright] = [stretched(DARK), stretched(BRIGHT)];
  for (let i = 0; i < slices.length; i++) {
    const hu = (slices[i] as number) + floorHu;
    let to = stretched(hu);
    if (hu < DARK) to = AIR + ((hu - AIR) / (DARK - AIR)) * (dark - AIR);
    else if (hu > BRIGHT) to = BONE - ((BONE - hu) / (BONE - BRIGHT)) * (BONE - bright);
    slices[i] = to - floorHu;
  }
}
