import { EXIT_CODE, UsageError } from '../../base/index.ts';
import {
  divide,
  foldPatients,
  PAPER_SHARES,
  type PatientSplitOptions,
  type ScanSummary,
  SPLIT_PARTS,
  splitPatients,
} from '../../cohort/index.ts';
import { distributionTable, type ScanGroup, tableMarkdown } from '../../evaluation/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import { readSplit } from '../options/split-files.ts';
import { printText, warnLines } from '../terminal/print.ts';
import { scansOf } from './inspect-places.ts';

interface SplitFlags {
  readonly out: string;
  readonly shares?: PatientSplitOptions['shares'];
  readonly folds?: number;
  readonly keep?: readonly string[];
  readonly seed: number;
}

/** `ichor cohort split`. */
export async function splitPlaces(places: readonly string[], flags: SplitFlags): Promise<number> {
  refuseBoth(flags);
  const scans = await scansOf(places);
  const name = [...new Set(scans.map(({ source }) => source))].join(' + ');
  const { split, groups } =
    flags.folds === undefined
      ? await threeParts(name, scans, flags)
      : folds(name, scans, flags.folds, flags.seed);
  await writeFileWhole(flags.out, `${JSON.stringify(split, undefined, 1)}\n`);
  printText(tableMarkdown(distributionTable(groups)));
  warnLines([`The split is in ${flags.out}`]);
  return EXIT_CODE.predicted;
}

function refuseBoth({ folds: count, shares, keep }: SplitFlags): void {
  if (count === undefined || (shares === undefined && keep === undefined)) return;
  throw new UsageError('options-contradict', '--folds goes with neither --shares nor --keep');
}

async function threeParts(name: string, scans: readonly ScanSummary[], flags: SplitFlags) {
  const kept = await Promise.all((flags.keep ?? []).map(readSplit));
  const split = splitPatients(name, scans, { shares: flags.shares ?? PAPER_SHARES, seed: flags.seed, kept });
  const parts = divide(scans, [split]);
  const groups: ScanGroup[] = SPLIT_PARTS.map((part) => ({ name: part, scans: parts[part] }));
  return { split, groups };
}

function folds(name: string, scans: readonly ScanSummary[], count: number, seed: number) {
  const split = foldPatients(name, scans, { count, seed });
  const groups = split.folds.map((fold, i): ScanGroup => {
    const patients = new Set(fold);
    return { name: `fold ${i + 1}`, scans: scans.filter(({ patient }) => patients.has(patient)) };
  });
  return { split, groups };
}
