import { EXIT_CODE } from '../../base/index.ts';
import {
  type CohortCheck,
  divide,
  hasRefusal,
  isStore,
  readCohort,
  summariseCohort,
  type VerifiedStudy,
  type VerifyOptions,
  verifyCohort,
  verifyStore,
} from '../../cohort/index.ts';
import { readSplitOrFolds, splitsOfFolds } from '../options/split-files.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printJson, printLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { checkLine } from './checks-text.ts';

interface VerifyFlags {
  readonly threads?: number;
  readonly split?: readonly string[];
  readonly json?: boolean;
}

interface Verified {
  readonly checks: readonly CohortCheck[];
  readonly studies: readonly VerifiedStudy[];
}

/** `ichor cohort verify`: exit 3 where anything was refused, or nothing was there. */
export async function verifyPlaces(places: readonly string[], flags: VerifyFlags): Promise<number> {
  const progress = createProgressDisplay();
  const options: VerifyOptions = {
    onProgress: progress.listen,
    signal: interruptSignal(),
    ...(flags.threads !== undefined && { threads: flags.threads }),
  };
  let exitCode: number = EXIT_CODE.predicted;
  try {
    await holdToSplits(places, flags.split ?? []);
    const found: [place: string, verify: () => Promise<Verified>][] = [];
    // All before the first is read through, so that a mistyped place does not show after hours
    for (const place of places) found.push([place, await findPlace(place, options)]);
    for (const [place, verify] of found) {
      const verified = await verify();
      progress.stop();
      if (flags.json) for (const line of jsonLines(place, verified)) printJson(line);
      else printLines(verifiedLines(place, verified));
      if (isRefused(verified)) exitCode = EXIT_CODE.refused;
    }
  } finally {
    progress.stop();
  }
  return exitCode;
}

/** Throws RefusedInput where a patient stands on both sides, or in no part; each fold of a file of folds is held to the others. */
async function holdToSplits(places: readonly string[], files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const read = await Promise.all(files.map(readSplitOrFolds));
  const splits = read.flatMap((one) => ('folds' in one ? [] : [one]));
  const folds = read.flatMap((one) => ('folds' in one ? splitsOfFolds(one) : []));
  const together = [...(splits.length > 0 ? [splits] : []), ...folds.map((fold) => [fold])];
  for (const place of places) {
    const { scans } = await summariseCohort(place);
    for (const one of together) divide(scans, one);
  }
}

/** How a place is verified. Throws as readCohort does. */
async function findPlace(place: string, options: VerifyOptions): Promise<() => Promise<Verified>> {
  if (await isStore(place)) return async () => ({ checks: [], studies: await verifyStore(place, options) });
  const cohort = await readCohort(place, options);
  return async () => ({ checks: cohort.checks, studies: await verifyCohort(cohort, options) });
}

const isRefused = ({ checks, studies }: Verified): boolean =>
  studies.length === 0 || studies.some(({ accepted }) => !accepted) || hasRefusal(checks);

const jsonLines = (place: string, { checks, studies }: Verified): object[] => [
  ...checks.map((check) => ({ place, ...check })),
  ...studies.map((study) => ({ place, ...study })),
];

/** Every warning and refusal; notes are counted by code. */
function verifiedLines(place: string, { checks, studies }: Verified): string[] {
  const accepted = studies.filter((study) => study.accepted).length;
  const slices = studies.reduce((sum, study) => sum + (study.slices ?? 0), 0);
  const found = studies.flatMap((study) =>
    study.checks
      .filter(({ severity }) => severity !== 'noted')
      .map((check) => `${study.study}: ${checkLine(check)}`),
  );
  const notes = studies.flatMap((study) => study.checks.filter(({ severity }) => severity === 'noted'));
  const counts = [...Map.groupBy(notes, ({ code }) => code)].map(([code, own]) => `${code} ${own.length}`);
  return [
    ...checks.map(checkLine),
    ...found,
    ...(counts.length > 0 ? [`noted: ${counts.join(', ')}`] : []),
    `${place}: ${accepted} of ${studies.length} studies can be used (${slices} slices)`,
  ];
}
