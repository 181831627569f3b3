import { z } from 'zod';
import { base64, fromBase64, RefusedInput } from '../base/index.ts';

/** Of a model file's metadata: what the series of its training looked like to its CNN. */
export const REFERENCE_KEY = 'ichor.reference';

/**
 * A normal distribution of series, seen as the CNN sees them, by probabilistic PCA (Tipping and Bishop, J R Stat Soc B
 * 1999;61:611): a few directions with variances of their own, one variance for all others.
 */
export interface TrainingReference {
  /** Which series, in words. */
  readonly about: string;
  /** [size] each: what is subtracted, and what the rest is divided by. */
  readonly mean: Float32Array;
  readonly scale: Float32Array;
  /** [directions, size], of length 1. */
  readonly directions: Float32Array;
  readonly variances: readonly number[];
  readonly otherVariance: number;
  /** Of the distance: few series of the training lie beyond it, each left out in turn. */
  readonly limit: number;
  /**
   * How a head lies, from the mean of each map in the front half of the slices less that in the back half, [size]:
   * their product with the direction, and the offset, is 0 on average in the training and 1 in the same series upside
   * down (Fisher's linear discriminant). Absent in older files.
   */
  readonly facing?: { readonly direction: Float32Array; readonly offset: number } | undefined;
}

/** Base64 of float32, little endian. */
const floats = z.codec(
  z.string(),
  z.custom<Float32Array>((value) => value instanceof Float32Array),
  {
    decode: (text) => new Float32Array(fromBase64(text).buffer),
    encode: (values) => base64(new Uint8Array(new Float32Array(values).buffer)),
  },
);

const schema = z.object({
  about: z.string(),
  mean: floats,
  scale: floats,
  directions: floats,
  variances: z.array(z.number().positive()),
  otherVariance: z.number().positive(),
  limit: z.number().positive(),
  facing: z.object({ direction: floats, offset: z.number() }).optional(),
});

export const referenceText = (reference: TrainingReference): string =>
  JSON.stringify(z.encode(schema, { ...reference, variances: [...reference.variances] }));

/** Throws RefusedInput `model-unreadable`. */
export function parseReference(text: string, where: string): TrainingReference {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${where}: its description of the training series cannot be read: the file is damaged; take a whole copy`;
    throw new RefusedInput('model-unreadable', message, { cause });
  }
}
