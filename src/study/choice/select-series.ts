import { createCheck, mmText, type StudyCheck } from '../checks/checks.ts';
import { GEOMETRY_RULES } from '../geometry/geometry-checks.ts';
import { isSharpKernel } from '../headers/kernels.ts';
import { extentMm, type Series, seriesName, speaker, thicknessMm } from '../headers/series.ts';
import { fewPaths } from '../headers/slice-header.ts';
import { SERIES_RULES, type SeriesRule } from './series-rules.ts';

/** How candidates are ranked: the first preference in which two differ decides; lower is better. */
interface Preference {
  readonly name: string;
  readonly rank: (series: Series) => number;
  /** What the preference says of a series, for the text. */
  readonly says: (series: Series) => string;
}

/** The paper's slices are about 5 mm thick; thinner ones are noisier. */
const USUAL_THICKNESS_MM = 5;

export const PREFERENCES: readonly Preference[] = [
  {
    name: 'an original before a derived series (Image Type value 1)',
    rank: (series) => Number(speaker(series).imageType[0] === 'DERIVED'),
    says: (series) => (speaker(series).imageType[0] === 'DERIVED' ? 'derived' : 'original'),
  },
  {
    name: 'a soft-tissue kernel before a sharp one (Convolution Kernel)',
    rank: (series) => Number(isSharpKernel(speaker(series).kernel)),
    says: (series) => `kernel ${speaker(series).kernel || 'not given'}`,
  },
  {
    name: 'slices of at least 2 mm before thinner ones',
    rank: (series) => Number((thicknessMm(series) ?? USUAL_THICKNESS_MM) < GEOMETRY_RULES.thinMm),
    says: thicknessSays,
  },
  {
    name: 'the longer stretch of the body, by positions, in steps of 20 mm, up to 160 mm',
    rank: (series) => -Math.round(Math.min(160, extentMm(series)) / 20),
    says: (series) => `${mmText(extentMm(series))} covered`,
  },
  {
    name: 'the thickness nearest to 5 mm',
    rank: (series) => Math.abs((thicknessMm(series) ?? USUAL_THICKNESS_MM) - USUAL_THICKNESS_MM),
    says: thicknessSays,
  },
  {
    name: 'more slices',
    rank: (series) => -series.slices.length,
    says: (series) => `${series.slices.length} slices`,
  },
  {
    name: 'the lower Series Number',
    rank: (series) => speaker(series).seriesNumber ?? Number.MAX_SAFE_INTEGER,
    says: (series) => `Series Number ${speaker(series).seriesNumber ?? 'not given'}`,
  },
];

function thicknessSays(series: Series): string {
  const thickness = thicknessMm(series);
  return thickness === undefined ? 'thickness not given' : `${mmText(thickness)} thick`;
}

export interface Selection {
  /** Best first; what is read is the first whose slices hold. */
  readonly candidates: readonly Series[];
  /** Every refused series with its reason; `code` is the rule's. */
  readonly refused: readonly RefusedSeries[];
  /** What is to be said whichever candidate is read. */
  readonly checks: readonly StudyCheck[];
}

export interface RefusedSeries {
  readonly series: Series;
  readonly check: StudyCheck;
}

export interface SelectionOptions {
  readonly seriesUid?: string | undefined;
  readonly minimumSlices: number;
}

/** Applies SERIES_RULES and PREFERENCES; with a series' UID, or its Series Number, only that. */
export function selectSeries(all: readonly Series[], options: SelectionOptions): Selection {
  if (options.seriesUid !== undefined) return named(all, options.seriesUid, options.minimumSlices);
  const judged = all.map((series) => ({ series, broken: brokenRule(series, options.minimumSlices) }));
  const candidates = judged.flatMap(({ series, broken }) => (broken === undefined ? [series] : []));
  const refused = judged.flatMap(({ series, broken }) =>
    broken === undefined ? [] : [{ series, check: refusal(series, broken) }],
  );
  return { candidates: candidates.toSorted(comparePreferred), refused, checks: [] };
}

interface Broken {
  readonly rule: SeriesRule;
  readonly reason: string;
}

function brokenRule(series: Series, minimumSlices: number, rules = SERIES_RULES): Broken | undefined {
  for (const rule of rules) {
    const reason = rule.reason(series, minimumSlices);
    if (reason !== undefined) return { rule, reason };
  }
  return undefined;
}

function refusal(series: Series, { rule, reason }: Broken): StudyCheck {
  return createCheck(rule.code, `${seriesName(series)}: ${reason}`, { files: fewPaths(series.slices) });
}

function named(all: readonly Series[], uid: string, minimumSlices: number): Selection {
  const asked = all.filter((s) => s.uid === uid || speaker(s).seriesNumber?.toString() === uid);
  const [series] = asked;
  if (series === undefined || asked.length > 1) {
    const which = series === undefined ? 'is not in the study' : `names ${asked.length} series, give the UID`;
    const text = `series ${uid} ${which}; it holds ${all.map((s) => `${s.uid} = ${seriesName(s)}`).join('; ')}`;
    return { candidates: [], refused: [], checks: [createCheck('series-unknown', text)] };
  }
  const firm = brokenRule(
    series,
    minimumSlices,
    SERIES_RULES.filter((rule) => !rule.overridable),
  );
  if (firm !== undefined)
    return { candidates: [], refused: [{ series, check: refusal(series, firm) }], checks: [] };
  const checks = SERIES_RULES.flatMap((rule) => {
    const reason = rule.overridable ? rule.reason(series, minimumSlices) : undefined;
    return reason === undefined
      ? []
      : [createCheck('rule-overridden', `${rule.code} set aside, the series was asked for: ${reason}`)];
  });
  return { candidates: [series], refused: [], checks };
}

function comparePreferred(a: Series, b: Series): number {
  for (const { rank } of PREFERENCES) {
    const difference = rank(a) - rank(b);
    if (difference !== 0) return difference;
  }
  return a.uid < b.uid ? -1 : 1;
}

/** Why one candidate comes before another: the preference that decided. */
export function preferredText(better: Series, worse: Series): string {
  const decisive = PREFERENCES.find(({ rank }) => rank(better) !== rank(worse));
  if (decisive === undefined) return 'the first of equals';
  return `${decisive.name}: ${decisive.says(better)} against ${decisive.says(worse)}`;
}
