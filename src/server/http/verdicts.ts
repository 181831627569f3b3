import path from 'node:path';
import { z } from 'zod';
import {
  type Archive,
  areSlicesGone,
  currentResult,
  currentVerdict,
  type HeldStudy,
  opinionSchema,
} from '../../archive/index.ts';
import { writeManifest } from '../../base/index.ts';
import type { Place } from '../order/place.ts';
import { falseAlerts } from '../verdicts/false-alerts.ts';
import { contradictionIn, type Judgement, judgementsOf } from '../verdicts/judgement.ts';
import { labelRows } from '../verdicts/labels.ts';
import { openPatientCodes, type PatientCodes } from '../verdicts/patient-codes.ts';
import { type Api, bytesOf, problemSchema, studyParams } from './api.ts';
import { personOf, STUDY_NOT_HELD } from './held.ts';
import { pageQuery, pageSchema, sortedPage } from './paging.ts';

/** A verdict, as every route gives it. */
export const verdictSchema = z.object({
  studyInstanceUid: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  result: z.string().describe('the result that it is on'),
  positive: z.boolean().describe('what that result said of any hemorrhage'),
  current: z.boolean().describe("the one that counts: the newest on the study's current result"),
  withdrawnAt: z.iso.datetime().optional().describe('since when it counts no more: it was taken back'),
  ...opinionSchema.shape,
});
export type Verdict = z.infer<typeof verdictSchema>;

const givenSchema = z
  .strictObject({
    result: z
      .string()
      .max(100)
      .optional()
      .describe('the result that was seen: refused where a newer one is there'),
    ...opinionSchema.shape,
  })
  .describe(
    '`subtypes` says which there are and which not, `slices` on which slices a hemorrhage is; `sliceNumbers` (from 1, inferior first) which these are where they are frames of one object',
  );

const judgedSchema = z.object({ studies: z.number(), judged: z.number(), disagreed: z.number() });
const summarySchema = z.object({
  since: z.iso.datetime(),
  positive: judgedSchema,
  negative: judgedSchema,
  falseAlertShare: z
    .object({ value: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe(
      'of the positive studies that were judged, those disagreed with; with a 95% interval by Wilson',
    ),
});

const DAY_MS = 86_400_000;
const NO_RESULT = { code: 'no-result', text: 'the study has no current result that could be judged' };
const ANOTHER_RESULT = {
  code: 'result-changed',
  text: 'the study has another result by now: look at it, then judge again',
};

const NO_VERDICT = {
  code: 'verdict-not-held',
  text: 'you have no verdict of that time on this study that still counts; only who gave one takes it back',
};

/** What names a result to a program: its folder's own name. */
export const resultName = ({ folder }: { readonly folder: string }): string => path.basename(folder);

/** What readers said: each word is kept, the newest one on a result that was not taken back counts. */
export function verdictRoutes(app: Api, archive: Archive): void {
  app.post(
    '/api/studies/:study/verdict',
    {
      config: { role: 'reader' },
      schema: {
        summary: "A reader's verdict on the current result; earlier ones are kept",
        params: studyParams,
        body: givenSchema,
        response: { 201: verdictSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { result: seen, ...opinion } = request.body;
      const held = archive.index.study(request.params.study);
      if (held === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      const result = currentResult(held);
      if (result === undefined) return reply.code(409).send(NO_RESULT);
      if (seen !== undefined && seen !== resultName(result)) return reply.code(409).send(ANOTHER_RESULT);
      const text = contradictionIn(opinion, result.positive, held);
      if (text !== undefined) return reply.code(400).send({ code: 'verdict-contradicts', text });
      const isKept = await archive.judge(held.study, result.folder, personOf(request), opinion);
      const [kept] = isKept ? verdictsOf(archive.index.study(held.study)).slice(-1) : [];
      return kept === undefined ? reply.code(409).send(ANOTHER_RESULT) : reply.code(201).send(kept);
    },
  );

  app.delete(
    '/api/studies/:study/verdict',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'Takes back a verdict of your own, which stays in the list; the one before it counts again',
        params: studyParams,
        querystring: z.object({ at: z.iso.datetime().describe('when it was given') }),
        response: { 200: z.object({ verdict: verdictSchema.optional() }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { study } = request.params;
      if (archive.index.study(study) === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      const isKept = await archive.withdraw(study, personOf(request), request.query.at);
      const held = archive.index.study(study);
      if (!isKept || held === undefined) return reply.code(404).send(NO_VERDICT);
      const verdict = verdictOf(held);
      return verdict === undefined ? {} : { verdict };
    },
  );

  app.get(
    '/api/studies/:study/verdicts',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'All verdicts on a study, the newest first',
        params: studyParams,
        querystring: pageQuery,
        response: { 200: pageSchema(verdictSchema), 404: problemSchema },
      },
    },
    async ({ params, query }, reply) => {
      const held = archive.index.study(params.study);
      return held === undefined ? reply.code(404).send(STUDY_NOT_HELD) : newestFirst(verdictsOf(held), query);
    },
  );

  app.get(
    '/api/verdicts',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'All verdicts on all studies, the newest first',
        querystring: pageQuery,
        response: { 200: pageSchema(verdictSchema) },
      },
    },
    async ({ query }) => newestFirst([...archive.index.studies()].flatMap(verdictsOf), query),
  );

  app.get(
    '/api/verdicts/summary',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'How often readers disagreed, and with that the share of false alerts',
        querystring: z.object({ days: z.coerce.number().int().min(1).max(3660).default(30) }),
        response: { 200: summarySchema },
      },
    },
    async ({ query }) => falseAlerts(archive.index.studies(), new Date(Date.now() - query.days * DAY_MS)),
  );
  exportRoute(app, archive);
}

/** Labels for a program that gets the studies by WADO-RS; `ichor verdicts export` brings both. */
function exportRoute(app: Api, archive: Archive): void {
  app.get(
    '/api/verdicts/export',
    {
      config: { role: 'operator', audit: 'exported' },
      schema: {
        summary: 'The verdicts that count, as labels: the manifest that train and evaluate read',
        querystring: z.object({ source: z.string().min(1).max(64).default('own') }),
        response: { 200: bytesOf('manifest.csv', 'text/csv') },
      },
    },
    async ({ query }, reply) => {
      const patients = await openPatientCodes(archive.folders.root);
      const patientOf = ({ study }: HeldStudy) => heldPatient(archive, patients, study);
      const rows = await labelRows(archive, { ...query, patientOf });
      return reply.type('text/csv; charset=utf-8').send(writeManifest(rows));
    },
  );
}

/** Undefined where retention takes the study's objects, also while they are read: nobody could get them by WADO-RS. */
async function heldPatient(
  archive: Archive,
  patients: PatientCodes,
  study: string,
): Promise<string | undefined> {
  const isGone = (): boolean => {
    const held = archive.index.study(study);
    return held === undefined || areSlicesGone(held);
  };
  if (isGone()) return undefined;
  const code = await patients.codeOf(archive.paths(study), study).catch((thrown: unknown) => {
    if (!isGone()) throw thrown;
  });
  return isGone() ? undefined : (code ?? undefined);
}

function verdictsOf(held: HeldStudy | undefined): Verdict[] {
  if (held === undefined) return [];
  const current = currentVerdict(held);
  return judgementsOf(held).map((judgement) => toldOf(judgement, judgement.verdict === current));
}

function toldOf({ verdict, result }: Judgement, current: boolean): Verdict {
  const { study, folder: _, ...said } = verdict;
  return { studyInstanceUid: study, result: resultName(result), positive: result.positive, current, ...said };
}

/** The verdict that counts; undefined where none was given on the current result. */
export const verdictOf = (held: HeldStudy): Verdict | undefined =>
  verdictsOf(held).find(({ current }) => current);

const newestFirst = (verdicts: readonly Verdict[], query: z.output<typeof pageQuery>) =>
  sortedPage(verdicts, placeOf, query);

const placeOf = ({ at, studyInstanceUid }: Verdict): Place => [-Date.parse(at), studyInstanceUid];
