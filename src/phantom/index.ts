/**
 * Synthetic hemorrhage: bleeds put into real series.
 */
// Bleeds in real series
export type { Image, PixelMask } from './insertion/image.ts';
export type { Insertion, InsertionOptions } from './insertion/insert-bleed.ts';
export { insertBleed } from './insertion/insert-bleed.ts';
