/** How numbers and lists are written in reports: the same way everywhere. */
import type { HemorrhageName } from '../base/index.ts';
import { type Prediction, thresholdOf } from '../prediction/index.ts';

/** Two decimals, and never 0.00 or 1.00 for what is neither. */
export function probabilityText(probability: number): string {
  if (probability > 0 && probability < 0.005) return '< 0.01';
  if (probability < 1 && probability >= 0.995) return '> 0.99';
  return probability.toFixed(2);
}

/** The operating point as it was given, without a tail of binary digits. */
export function operatingPointText(operatingPoint: number): string {
  return String(Number(operatingPoint.toPrecision(6)));
}

/** `0.5`, or where the point has a name `0.5 (balanced)`. */
export const namedPointText = (point: {
  readonly operatingPoint: number;
  readonly operatingPointName?: string | undefined;
}): string => {
  const text = operatingPointText(point.operatingPoint);
  return point.operatingPointName === undefined ? text : `${text} (${point.operatingPointName})`;
};

/** What a class of the prediction is held to, as its number and, for any hemorrhage, its name. */
export const thresholdText = (
  prediction: Pick<Prediction, 'operatingPoint' | 'operatingPointName' | 'subtypeThreshold'>,
  name: HemorrhageName,
): string =>
  name === 'anyHemorrhage' ? namedPointText(prediction) : operatingPointText(thresholdOf(prediction, name));

/** `12.5 mm`, with the sign of a true minus. */
export function millimetres(value: number, digits = 1): string {
  return `${value.toFixed(digits).replace('-', '\u2212')} mm`;
}

/** `1 slice`, `3 slices`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? '' : 's'}`;
}

/** `1950-01-01` from DICOM's `19500101`; what is no such date stays as it is. */
export const dateText = (date: string | undefined): string | undefined =>
  date?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

const AGE_UNITS: Readonly<Record<string, string>> = { Y: 'years', M: 'months', W: 'weeks', D: 'days' };

/** `63 years` from DICOM's `063Y`; what is no such age stays as it is. */
export const ageText = (age: string | undefined): string | undefined =>
  age?.replace(/^(\d{3})([YMWD])$/, (_, count, unit) => `${Number(count)} ${AGE_UNITS[unit]}`);

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Slice numbers as people say them, from indexes: `3 to 6, 9`. */
function sliceRanges(indexes: readonly number[]): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const index of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  const text = ([from, to]: [number, number]) =>
    from === to ? `${from + 1}` : to === from + 1 ? `${from + 1}, ${to + 1}` : `${from + 1} to ${to + 1}`;
  return runs.map(text).join(', ');
}

/** `slice 4`, `slices 3 to 6, 9`, from indexes. */
export const slicesText = (indexes: readonly number[]): string =>
  `${indexes.length === 1 ? 'slice' : 'slices'} ${sliceRanges(indexes)}`;

/** `0.8 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `412 MB`, decimal. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
