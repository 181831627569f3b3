import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import {
  at,
  HEMORRHAGE_CLASSES,
  type HemorrhageName,
  type ProgressListener,
  type Runtime,
} from '../../base/index.ts';
import {
  type CohortStudy,
  type ImportedCohort,
  patientKey,
  readCohortStudy,
  studyKey,
} from '../../cohort/index.ts';
import { jsonLines, refuseUnwritable } from '../../files/index.ts';
import type { Model } from '../../network/index.ts';
import { createPredictor } from '../../prediction/index.ts';
import { asCovariates, type OpinionRow } from '../opinions/opinion-row.ts';
import { OpinionCollector, type Opinions } from '../opinions/opinions.ts';

const probabilities = z.partialRecord(
  z.enum(HEMORRHAGE_CLASSES.map(({ name }) => name)),
  z.number().min(0).max(1),
);
const labels = z.partialRecord(z.enum(HEMORRHAGE_CLASSES.map(({ name }) => name)), z.boolean());
const lineSchema = z.object({
  study: z.string(),
  model: z.string(),
  /** SHA-256 of where its images lie and of its slices' labels: a line of others is made anew. */
  asked: z.string().optional(),
  /** Why the study could not be read; it then has no probabilities. */
  refused: z.string().optional(),
  subject: probabilities.optional(),
  slices: z.array(probabilities).optional(),
  /** The reference standard of the slices, in the volume's order. */
  labels: z.array(labels).optional(),
});
/** What a model says of one study of a cohort: a line of `predictions.jsonl`. */
export type JudgedStudy = z.infer<typeof lineSchema>;

export interface CohortJudging {
  readonly cohort: ImportedCohort;
  readonly model: Model;
  /** Identifies the model in `predictions.jsonl`. */
  readonly sha256: string;
  readonly runtime: Runtime;
  /** Holds `predictions.jsonl`; a stopped run goes on from it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener;
}

/**
 * Both networks on every study, the subtypes ungated; a study that cannot be read is a line that says why, and is tried
 * again by the next run.
 */
export async function judgeCohort(judging: CohortJudging): Promise<readonly JudgedStudy[]> {
  const { cohort, folder, sha256, signal } = judging;
  await refuseUnwritable(folder);
  const lines = jsonLines(path.join(folder, 'predictions.jsonl'), {
    schema: lineSchema,
    code: 'predictions-corrupt',
    advice: 'delete the file to predict anew',
  });
  const asked = new Map(cohort.studies.map((study) => [studyKey(study), askedOf(study)]));
  const isOthers = (line: JudgedStudy): boolean => !asked.has(line.study);
  const kept = (await lines.read())
    .filter(({ model, refused }) => model === sha256 && refused === undefined)
    .filter((line) => isOthers(line) || line.asked === asked.get(line.study));
  // Written anew: another model's lines would stay for ever
  await lines.rewrite(kept);
  const judged = new Map(kept.map((line) => [line.study, line]));
  const predictor = createPredictor(judging.model, judging.runtime);
  for (const [done, study] of cohort.studies.entries()) {
    judging.onProgress({ task: 'predicting the cohort', done, total: cohort.studies.length });
    const key = studyKey(study);
    if (judged.has(key)) continue;
    const said = await judgeStudy(study, predictor, signal);
    const line: JudgedStudy = { study: key, model: sha256, asked: asked.get(key), ...said };
    await lines.append(line);
    judged.set(key, line);
  }
  await predictor.close();
  return cohort.studies.map((study) => judged.get(studyKey(study)) as JudgedStudy);
}

const askedOf = ({ images, slices, sliceFiles }: CohortStudy): string =>
  createHash('sha256')
    .update(JSON.stringify([images, slices, sliceFiles]))
    .digest('hex');

async function judgeStudy(
  study: CohortStudy,
  predictor: ReturnType<typeof createPredictor>,
  signal: AbortSignal,
): Promise<Omit<JudgedStudy, 'study' | 'model' | 'asked'>> {
  const read = await readCohortStudy(study, signal);
  if (read.kind === 'refused')
    return { refused: read.checks.find(({ severity }) => severity === 'refused')?.text ?? 'refused' };
  // From 0 on everybody is positive, so that the five-type network speaks of all
  const { subject, slices } = await predictor.predict(read.volume, {
    heatMaps: false,
    operatingPoint: 0,
    signal,
  });
  return { subject, slices: [...slices], ...(read.slices && { labels: [...read.slices] }) };
}

/** The classes that studies of the cohort, or slices of theirs, have no label for, as one line; undefined where every class is labelled. */
export function unlabelledNote({ studies }: ImportedCohort): string | undefined {
  const counted = HEMORRHAGE_CLASSES.map(({ name, label }) => {
    const lacks = ({ subject, slices = [] }: CohortStudy): boolean =>
      [subject, ...slices].some((labels) => labels[name] === undefined);
    const lacking = studies.filter(lacks).length;
    return { label, lacking };
  }).filter(({ lacking }) => lacking > 0);
  if (counted.length === 0) return undefined;
  const parts = counted.map(({ label, lacking }) => `${label} in ${lacking} of ${studies.length} studies`);
  return `not labelled, and left out of the figures: ${parts.join('; ')}`;
}

/**
 * The cohort's reference standard beside what the model says, as `ichor evaluate` reads it.
 * @param setOf the set of a study, where the cohort was split
 */
export const opinionRowsOfModel = (
  cohort: ImportedCohort,
  judged: readonly JudgedStudy[],
  reader: string,
  setOf: (study: CohortStudy) => string | undefined = () => undefined,
): OpinionRow[] => cohort.studies.flatMap((study, i) => rowsOf(study, at(judged, i), reader, setOf(study)));

export function collectOpinions(rows: readonly OpinionRow[]): Opinions {
  const collector = new OpinionCollector();
  for (const [i, row] of rows.entries()) collector.add(row, i + 1);
  return collector.finish();
}

/** How the reason begins why a study that could not be read is left out. */
export const NOT_READ = 'not read: ';

function rowsOf(study: CohortStudy, judged: JudgedStudy, reader: string, set?: string): OpinionRow[] {
  const shared = {
    ...asCovariates(study.covariates),
    source: study.source,
    patient: patientKey(study),
    study: studyKey(study),
    reader,
    ...(set !== undefined && { set }),
  };
  const leftOut = (excluded: string): OpinionRow[] => [{ ...shared, class: 'anyHemorrhage', excluded }];
  if (judged.refused !== undefined) return leftOut(`${NOT_READ}${judged.refused}`);
  const unit = (
    known: Readonly<Partial<Record<HemorrhageName, boolean>>>,
    said: Readonly<Partial<Record<HemorrhageName, number>>>,
    slice?: number,
  ): OpinionRow[] =>
    HEMORRHAGE_CLASSES.flatMap(({ name }): OpinionRow[] => {
      const [truth, probability] = [known[name], said[name]];
      if (truth === undefined || probability === undefined) return [];
      const place = slice === undefined ? {} : { slice };
      return [{ ...shared, ...place, class: name, reference: truth ? 1 : 0, probability }];
    });
  const ofSlices = (judged.labels ?? []).flatMap((known, i) => unit(known, judged.slices?.[i] ?? {}, i + 1));
  const rows = [...unit(study.subject, judged.subject ?? {}), ...ofSlices];
  return rows.length === 0 ? leftOut('no class is labelled') : rows;
}
