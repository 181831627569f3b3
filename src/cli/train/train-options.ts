import { InvalidArgumentError } from 'commander';
import { type TrainingSettings, trainingSettingsSchema } from '../../training/index.ts';
import { wholeNumber } from '../options/numbers.ts';

export function classWeights(text: string): TrainingSettings['classWeights'] {
  const parsed = trainingSettingsSchema.shape.classWeights.safeParse(namedNumbers(text));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('expected classes with weights above 0, as subarachnoid=3,epidural=5');
}

/** Both levels must be named; a loss of nothing teaches nothing. */
export function lossWeights(text: string): TrainingSettings['lossWeights'] {
  const parsed = trainingSettingsSchema.shape.lossWeights.safeParse(namedNumbers(text));
  if (parsed.success && parsed.data.slice + parsed.data.subject > 0) return parsed.data;
  throw new InvalidArgumentError('expected weights from 0 of both levels, not both 0, as slice=1,subject=1');
}

export function parts(text: string): number {
  const count = wholeNumber(text);
  if (count >= 2) return count;
  throw new InvalidArgumentError('expected 2 parts or more: one is kept, the others train');
}

/** `a=1,b=2`. */
function namedNumbers(text: string): Record<string, number> {
  const entries = text.split(',').map((part) => part.split('='));
  const numberOf = (written: string) => (written.trim() === '' ? Number.NaN : Number(written));
  return Object.fromEntries(entries.map(([name = '', written = '']) => [name.trim(), numberOf(written)]));
}

/** Flags that were given, by the names that their settings have. */
export const given = (flags: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
