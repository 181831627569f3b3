/** Of the scalp, the orbits and the neck. */
export const FAT_HU = -95;
export const MUSCLE_HU = 52;
