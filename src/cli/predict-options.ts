import { InvalidArgumentError } from 'commander';

export interface PredictFlags {
  readonly model: string;
  readonly out: string;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly threads?: number;
  readonly series?: string;
  readonly operatingPoint?: number;
  readonly keyImages?: boolean;
  readonly showIdentity?: boolean;
  readonly json?: boolean;
  readonly heatMaps: boolean;
}

export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1');
}

export function numberAboveZero(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number above 0');
}

export function probabilityOption(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a probability from 0 to 1');
}
