import type { externalFigures } from './judge.ts';

/** One run in models/external-test-results.json. */
export type ExternalRow = ReturnType<typeof externalFigures> & {
  readonly date: string;
  readonly commit: string;
  readonly modelSha256: string;
  readonly networks: string;
};

type Point = ExternalRow['operatingPoints'][number];

/** The last run of these networks, as a table of Markdown. */
export function externalTable(runs: readonly ExternalRow[], networks: string): string {
  const last = runs.findLast((run) => run.networks === networks);
  if (last === undefined) return 'These networks were not tested on patients from elsewhere yet.';
  const { sliceAuc, operatingPoints, subtypesCalled, patients } = last;
  const rows: [string, string][] = [
    ['Slice AUC', `${fixed(sliceAuc.value)} (${fixed(sliceAuc.low)} to ${fixed(sliceAuc.high)})`],
    ...operatingPoints.flatMap(pointRows),
    ['Subtypes called, among subjects positive at 0.5', listOf(subtypesCalled)],
    ['Subject below 0.5 with a slice at 0.5 or above', `${last.subjectBelowWithSliceAtHalf} of ${patients}`],
    ['Subject below 0.5 with a slice at 0.8 or above', `${last.subjectBelowWithSliceAt80} of ${patients}`],
    ...unlikeRows(last),
    ['Refused', Object.keys(last.refused).length === 0 ? 'none' : listOf(last.refused)],
  ];
  const lines = rows.map(([figure, value]) => `| ${figure} | ${value} |`);
  return [`| on ${patients} bleeding patients from elsewhere | |`, '|---|---|', ...lines].join('\n');
}

function unlikeRows({ unlikeTraining }: ExternalRow): [string, string][] {
  if (unlikeTraining === undefined) return [];
  const { flagged, of } = unlikeTraining;
  return [['Flagged as `unlike-training`', `${flagged} of ${of}`]];
}

function pointRows({ name, probability, subjects, subjectsBySlices, slicesFound, falseSlices }: Point) {
  const at = `at \`${name}\` (${probability})`;
  const rows: [string, string][] = [
    [`Subjects found ${at}`, `${subjects.count} of ${subjects.of}`],
    [`Subjects with a slice found ${at}`, `${subjectsBySlices.count} of ${subjectsBySlices.of}`],
    [`Slices found ${at}`, `${slicesFound.count} of ${slicesFound.of}`],
    [`False slices ${at}`, `${falseSlices.count} of ${falseSlices.of}, ${falseSlices.per100} per 100`],
  ];
  return rows;
}

const listOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const fixed = (value: number): string => value.toFixed(3);
