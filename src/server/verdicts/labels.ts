import path from 'node:path';
import { z } from 'zod';
import {
  currentResult,
  currentVerdict,
  type HeldStudy,
  type Opinion,
  type ReadArchive,
} from '../../archive/index.ts';
import {
  HEMORRHAGE_SUBTYPE_NAMES,
  type HemorrhageName,
  type ManifestRow,
  ofSubtypes,
} from '../../base/index.ts';
import { readText } from '../../files/index.ts';
import { type Judgement, saysHemorrhage } from './judgement.ts';

export interface LabelOptions {
  /** Whose data it is, for the manifest. */
  readonly source: string;
  /** The code of a study's patient; undefined leaves the study out. */
  patientOf(held: HeldStudy): Promise<string | undefined>;
}

type Labels = Partial<Record<HemorrhageName, boolean>>;

/** Where a study's objects are to lie, relative to the manifest. */
export const studyPlace = (study: string): string => `studies/${study}`;

/**
 * Readers' verdicts as labels, one row a subject and, where the verdict says it of every slice, one a slice: rows of the
 * manifest that `train` and `evaluate` read. Taken are verdicts that count; where slices came after one, its study is left
 * out. What a reader did not say has no label, so that no model learns from its own word.
 */
export async function labelRows(archive: ReadArchive, options: LabelOptions): Promise<ManifestRow[]> {
  const rows: ManifestRow[] = [];
  for (const held of archive.index.studies()) {
    const judgement = countingJudgement(held);
    const patient = judgement && (await options.patientOf(held));
    if (judgement === undefined || patient === undefined) continue;
    const common = { source: options.source, patient, study: held.study, path: studyPlace(held.study) };
    rows.push(...(await rowsOf(archive, judgement, common)));
  }
  return rows;
}

/** Those with a verdict that counts. */
export const judgedStudies = ({ index }: ReadArchive): HeldStudy[] =>
  [...index.studies()].filter((held) => countingJudgement(held) !== undefined);

function countingJudgement(held: HeldStudy): Judgement | undefined {
  const [verdict, result] = [currentVerdict(held), currentResult(held)];
  return verdict && result && { verdict, result };
}

async function rowsOf(
  archive: ReadArchive,
  { verdict, result }: Judgement,
  common: Pick<ManifestRow, 'source' | 'patient' | 'study' | 'path'>,
): Promise<ManifestRow[]> {
  const isThere = saysHemorrhage(verdict, result.positive);
  const subject: Labels = isThere
    ? { anyHemorrhage: true, ...verdict.subtypes }
    : { anyHemorrhage: false, ...ofSubtypes(() => false) };
  if (isThere && verdict.slicesComplete !== true) return [{ ...common, ...subject }];
  const slices = await slicesOf(archive, result.folder);
  const marked = markedPlaces(verdict, slices);
  const ofSlices = marked ? slices.map((_, i) => sliceLabels(marked.has(i), subject)) : [];
  return [
    { ...common, ...subject },
    ...ofSlices.map((labels, i) => ({ ...common, slice: i + 1, ...labels })),
  ];
}

/** From 0. Undefined where one is not of the series that was predicted, or may be several: nothing is said of each slice then. */
function markedPlaces(
  { slices = [], sliceNumbers }: Opinion,
  uids: readonly string[],
): Set<number> | undefined {
  const marked = sliceNumbers
    ? sliceNumbers.map((number) => (number <= uids.length ? [number - 1] : []))
    : slices.map((uid) => [...uids.keys()].filter((i) => uids[i] === uid));
  return marked.every(({ length }) => length === 1) ? new Set(marked.flat()) : undefined;
}

/** A slice has no subtype that the subject has not; one that it has may be on any marked slice, unless it is the only one. */
function sliceLabels(isMarked: boolean, subject: Labels): Labels {
  if (!isMarked) return { anyHemorrhage: false, ...ofSubtypes(() => false) };
  const possible = HEMORRHAGE_SUBTYPE_NAMES.filter((name) => subject[name] !== false);
  const subtypes = HEMORRHAGE_SUBTYPE_NAMES.flatMap((name): [HemorrhageName, boolean][] => {
    if (!possible.includes(name)) return [[name, false]];
    return possible.length === 1 ? [[name, true]] : [];
  });
  return { anyHemorrhage: true, ...Object.fromEntries(subtypes) };
}

const slicesSchema = z.object({ slices: z.array(z.object({ sopInstanceUid: z.string() })) });

/** SOP Instance UIDs of the volume that was predicted, from inferior to superior. */
async function slicesOf({ folders }: ReadArchive, folder: string): Promise<string[]> {
  const text = await readText(path.join(folders.root, folder, 'prediction.json'));
  return slicesSchema.parse(JSON.parse(text)).slices.map(({ sopInstanceUid }) => sopInstanceUid);
}
