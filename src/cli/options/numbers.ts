import { InvalidArgumentError } from 'commander';

export interface PredictFlags {
  readonly model: string;
  readonly out: string;
  readonly list?: string;
  readonly skipExisting?: boolean;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly threads?: number;
  readonly series?: string;
  readonly operatingPoint?: number | string;
  readonly keyImages?: boolean;
  readonly dicom?: boolean;
  readonly parametricMap?: boolean;
  readonly showIdentity?: boolean;
  readonly json?: boolean;
  readonly heatMaps: boolean;
}

export const wholeNumber = (text: string): number => numberUpTo(9999, text);

export const wholeNumberOrNone = (text: string): number => (text === '0' ? 0 : wholeNumber(text));

/** Seeds are not counts: any that fits in 32 bits. */
export const seedNumber = (text: string): number => numberUpTo(2 ** 31 - 1, text);

function numberUpTo(most: number, text: string): number {
  if (/^[1-9]\d*$/.test(text) && Number(text) <= most) return Number(text);
  throw new InvalidArgumentError(`expected a whole number from 1 to ${most}`);
}

export function portOption(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('expected a port, from 0 to 65535');
}

export function numberAboveZero(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number above 0');
}

/** A probability, or the name of one of the model's operating points. */
export const operatingPointOption = (text: string): number | string =>
  /^[a-z]/i.test(text) ? text : probabilityOption(text);

export function probabilityOption(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a probability from 0 to 1');
}
