import { EXIT_CODE, RefusedInput } from '../../base/index.ts';
import { divide, refuseTwice, type ScanSummary, SPLIT_PARTS, summariseCohort } from '../../cohort/index.ts';
import {
  agreementTables,
  type CohortFigure,
  cohortFigures,
  demographicsTable,
  distributionTable,
  opinionsOfReaders,
  opinionsOfReference,
  protocolTable,
  type ScanGroup,
  type Table,
  tableCsv,
  tableLatex,
  tableMarkdown,
} from '../../evaluation/index.ts';
import { writeFilesWhole } from '../../files/index.ts';
import { readSplitOrFolds, splitsOfFolds } from '../options/split-files.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printJson, printText, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { checkLine } from './checks-text.ts';

interface InspectFlags {
  readonly split?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const CONFIDENCE = 0.95;
const everyStudy = (): boolean => true;

/** `ichor cohort inspect`. */
export async function inspectPlaces(places: readonly string[], flags: InspectFlags): Promise<number> {
  const scans = await scansOf(places);
  const groups = await groupsOf(scans, flags.split);
  const agreement = agreementBySource(scans);
  const tables = [
    demographicsTable(opinionsOfReference(scans), everyStudy),
    ...agreement,
    protocolTable(scans),
    distributionTable(groups),
  ];
  if (flags.json) printJson(tables);
  else printText(tables.map(tableMarkdown).join('\n'));
  if (flags.out !== undefined) {
    const figures = await cohortFigures(groups, agreement);
    await writeFilesWhole(flags.out, filesOf(tables, figures));
    warnLines([`Tables and ${figures.length} figures are in ${flags.out}`]);
  }
  return EXIT_CODE.predicted;
}

/** Readers of one data set know nothing of another's: a table each. */
function agreementBySource(scans: readonly ScanSummary[]): Table[] {
  const read = scans.filter(({ readers }) => readers !== undefined);
  return [...Map.groupBy(read, ({ source }) => source)].flatMap(([source, own]) =>
    agreementTables(opinionsOfReaders(own), everyStudy, CONFIDENCE).map((table) => ({
      ...table,
      id: `${table.id}-${source.replace(/[^\w-]+/g, '_')}`,
      title: `${table.title}: ${source}`,
    })),
  );
}

/** All scans of all places; what the label files showed goes to stderr. Throws RefusedInput `cohort-empty`, `study-twice`. */
export async function scansOf(places: readonly string[]): Promise<ScanSummary[]> {
  const progress = createProgressDisplay();
  const options = { onProgress: progress.listen, signal: interruptSignal() };
  const scans: ScanSummary[] = [];
  try {
    for (const place of places) {
      const summary = await summariseCohort(place, options);
      progress.stop();
      warnLines(summary.checks.map((check) => `${place}: ${checkLine(check)}`));
      for (const scan of summary.scans) scans.push(scan);
    }
  } finally {
    progress.stop();
  }
  refuseTwice(scans.map(({ study }) => study));
  if (scans.length > 0) return scans;
  throw new RefusedInput('cohort-empty', `${places.join(', ')}: no study has both labels and images`);
}

async function groupsOf(scans: readonly ScanSummary[], split: string | undefined): Promise<ScanGroup[]> {
  if (split === undefined) return [{ name: 'all', scans }];
  const read = await readSplitOrFolds(split);
  if ('folds' in read)
    return splitsOfFolds(read).map((one, i) => ({ name: `fold ${i + 1}`, scans: divide(scans, [one]).test }));
  const parts = divide(scans, [read]);
  return SPLIT_PARTS.map((name) => ({ name, scans: parts[name] }));
}

function filesOf(tables: readonly Table[], figures: readonly CohortFigure[]): Record<string, string> {
  const page = [
    '# Cohort\n',
    ...tables.map(tableMarkdown),
    ...figures.map(({ id, caption }) => `![${caption}](figures/${id}.svg)\n\n${caption}\n`),
  ];
  const written = tables.flatMap((table) => [
    [`tables/${table.id}.csv`, tableCsv(table)] as const,
    [`tables/${table.id}.md`, tableMarkdown(table)] as const,
    [`tables/${table.id}.tex`, tableLatex(table)] as const,
  ]);
  const drawn = figures.map(({ id, svg }) => [`figures/${id}.svg`, svg] as const);
  return { 'cohort.md': page.join('\n'), ...Object.fromEntries([...written, ...drawn]) };
}
