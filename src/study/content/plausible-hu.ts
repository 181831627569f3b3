import { PADDING_HU } from '../../dicom/index.ts';
import { createCheck, type StudyCheck } from '../checks/checks.ts';

/** Where the values of a head's CT lie; published in docs/reading-studies.md. */
export const PLAUSIBLE_HU = {
  /** Air is lower by far: where nothing lies under this, air is not where it should be; noise of shifted air is lower than 0. */
  airBelow: -200,
  /** Where air and padding lie, and the least share of all values that they take: a head leaves the corners of its field free. */
  air: { from: -1150, to: -850 },
  smallestAirShare: 0.01,
  /** Windowed pictures span less, padding apart. */
  smallestSpan: 300,
  /** Air ends and tissue begins. */
  tissueAbove: -200,
  /** Dense bone and metal begin; they are the smaller share of what is no air. */
  denseAbove: 900,
  largestDenseShare: 0.4,
  /** Brain, CSF and blood, and the least share of all values that they take, an infant's head in a wide field. */
  soft: { from: -20, to: 120 },
  smallestSoftShare: 0.003,
} as const;

/** Whether air, brain and bone lie where Hounsfield units put them: a wrong intercept and windowed pictures do not say so. */
export function huChecks(hu: Int16Array): StudyCheck[] {
  const tally = tallyOf(hu);
  const reason = reasonAgainst(tally);
  if (reason !== undefined) return [createCheck('not-hu', reason)];
  return airElsewhere(tally);
}

interface Tally {
  readonly values: number;
  readonly lowest: number;
  /** Lowest and highest, padding and air alike apart. */
  readonly span: readonly [lowest: number, highest: number];
  readonly tissue: number;
  readonly dense: number;
  readonly soft: number;
  readonly air: number;
}

/** By a histogram: a volume has hundreds of times more values than there are HU. */
function tallyOf(hu: Int16Array): Tally {
  const counts = histogramOf(hu);
  const countIn = (from: number, to: number) =>
    counts.subarray(from - LOWEST, to - LOWEST + 1).reduce((sum, count) => sum + count, 0);
  const { tissueAbove, denseAbove, soft, air } = PLAUSIBLE_HU;
  const airCount = countIn(air.from, air.to);
  const lowest = LOWEST + counts.findIndex((count) => count > 0);
  counts[PADDING_HU - LOWEST] = 0;
  return {
    values: hu.length,
    lowest,
    span: [
      LOWEST + counts.findIndex((count) => count > 0),
      LOWEST + counts.findLastIndex((count) => count > 0),
    ],
    tissue: countIn(tissueAbove + 1, HIGHEST),
    dense: countIn(denseAbove + 1, HIGHEST),
    soft: countIn(soft.from, soft.to),
    air: airCount,
  };
}

const [LOWEST, HIGHEST] = [-32768, 32767] as const;

function histogramOf(hu: Int16Array): Uint32Array {
  const counts = new Uint32Array(HIGHEST - LOWEST + 1);
  for (let i = 0; i < hu.length; i++) {
    const place = (hu[i] ?? 0) - LOWEST;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

function reasonAgainst({ values, lowest, span, tissue, dense, soft }: Tally): string | undefined {
  const rules = PLAUSIBLE_HU;
  const [from, to] = span;
  if (lowest >= rules.airBelow)
    return `its lowest value is ${lowest}, -1000 HU (air) was expected: the values are shifted or windowed`;
  if (to - from < rules.smallestSpan)
    return `its values go from ${from} to ${to}, from air (-1000 HU) to bone was expected: they are windowed`;
  if (dense > rules.largestDenseShare * tissue)
    return `${percent(dense, tissue)} of what is not air lies above ${rules.denseAbove} HU, where dense bone is: the intercept is wrong`;
  if (soft < rules.smallestSoftShare * values)
    return `${percent(soft, values)} of its values lie at ${rules.soft.from} to ${rules.soft.to} HU, where brain is: the slope or the intercept is wrong`;
  return undefined;
}

/** As huChecks, of files of which nothing but a strange place of air is strange: research files are often clipped on purpose. */
export const airChecks = (hu: Int16Array): StudyCheck[] => airElsewhere(tallyOf(hu));

function airElsewhere({ values, air, lowest }: Tally): StudyCheck[] {
  const { air: place, smallestAirShare } = PLAUSIBLE_HU;
  if (air >= smallestAirShare * values) return [];
  const text = `${percent(air, values)} of its values lie at ${place.from} to ${place.to} HU, where air is, and the lowest is ${lowest}: the slope may be wrong, or the values are clipped`;
  return [createCheck('air-elsewhere', text)];
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;
