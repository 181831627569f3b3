import { z } from 'zod';
import { type Archive, currentResult, STUDY_STATE_NAMES } from '../../archive/index.ts';
import type { DicomwebSources } from '../dicomweb/study-summaries.ts';
import { UNMATCHED } from '../priors/patient.ts';
import { type Prior, priorsOf } from '../priors/prior-studies.ts';
import { type Api, problemSchema, studyParams } from './api.ts';
import { STUDY_NOT_HELD } from './held.ts';

const priorSchema = z.object({
  studyInstanceUid: z.string(),
  studyDate: z.string().describe('2026-01-31'),
  studyTime: z.string().optional().describe('14:25'),
  state: z.enum(STUDY_STATE_NAMES),
  anyHemorrhage: z
    .object({ probability: z.number(), positive: z.boolean() })
    .optional()
    .describe('of its current result'),
});
const priorsSchema = z.object({
  items: z.array(priorSchema),
  reason: problemSchema.optional().describe('why none can be found'),
});

/** The same patient's earlier studies, for the page's second pane. */
export function priorRoutes(app: Api, archive: Archive, sources: DicomwebSources): void {
  app.get(
    '/api/studies/:study/priors',
    {
      config: { role: 'reader' },
      schema: {
        summary: "The same patient's earlier CT studies, the newest first",
        description:
          'The same patient: patient ID and its issuer are alike to the letter in all objects of both studies, and neither birth date nor sex differs where both are told',
        params: studyParams,
        response: { 200: priorsSchema, 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      const held = archive.index.study(params.study);
      if (held === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      const found = await priorsOf(held, archive.index.studies(), sources);
      if (typeof found === 'string') return { items: [], reason: { code: found, text: UNMATCHED[found] } };
      return { items: found.map(priorOf) };
    },
  );
}

function priorOf({ held, studyDate, studyTime }: Prior): z.infer<typeof priorSchema> {
  const result = currentResult(held);
  return {
    studyInstanceUid: held.study,
    studyDate: studyDate.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'),
    ...(studyTime !== '' && { studyTime: studyTime.replace(/^(\d\d)(\d\d).*$/, '$1:$2') }),
    state: held.state,
    ...(result && { anyHemorrhage: { probability: result.probability, positive: result.positive } }),
  };
}
