import { z } from 'zod';
import { type Archive, type HeldStudy, uidSchema } from '../../archive/index.ts';
import type { DicomJson } from '../../dicom/index.ts';
import type { HeldInstances } from '../dicomweb/held-instances.ts';
import { type Condition, searchTag } from '../dicomweb/matching.ts';
import { found, type SearchLevel, type SearchRequest } from '../dicomweb/search.ts';
import type { StudySummaries } from '../dicomweb/study-summaries.ts';
import { type Api, bytesOf, problemSchema, studyParams } from './api.ts';
import { baseOf, DICOM_JSON } from './dicomweb-answers.ts';

interface SearchRoute {
  readonly level: SearchLevel;
  readonly url: string;
}

/** What may be searched where (PS3.18 table 10.6.1-1). */
const ROUTES: readonly SearchRoute[] = [
  { level: 'studies', url: '/dicomweb/studies' },
  { level: 'series', url: '/dicomweb/series' },
  { level: 'series', url: '/dicomweb/studies/:study/series' },
  { level: 'instances', url: '/dicomweb/instances' },
  { level: 'instances', url: '/dicomweb/studies/:study/instances' },
  { level: 'instances', url: '/dicomweb/studies/:study/series/:series/instances' },
];

const MOST_RESULTS = 1000;
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const oneOrMore = z.union([z.string().max(1000), z.array(z.string().max(1000)).max(100)]);

/** Every other name is an attribute's. */
const querySchema = z
  .object({
    limit: z.coerce.number().int().min(0).default(MOST_RESULTS),
    offset: z.coerce.number().int().min(0).default(0),
    fuzzymatching: flag.default(false),
    includefield: oneOrMore.default([]),
  })
  .catchall(oneOrMore);
type Query = z.output<typeof querySchema>;

const MORE = '299 ichor: There are additional results that can be requested';

/** QIDO-RS: searches of all that is held, results included; the study that came last is the first. */
export function qidoRoutes(
  app: Api,
  archive: Archive,
  summaries: StudySummaries,
  instances: HeldInstances,
): void {
  for (const { level, url } of ROUTES)
    app.get(
      url,
      {
        config: { role: 'reader' },
        schema: {
          summary: `QIDO-RS: searches ${level}`,
          params: studyParams.extend({ series: uidSchema }).partial(),
          querystring: querySchema,
          response: { 200: bytesOf('what was found', DICOM_JSON), 400: problemSchema },
        },
      },
      async (request, reply) => {
        const { query, params } = request;
        const asked = searchOf(query);
        if ('code' in asked) return reply.code(400).send(asked);
        const { study, series } = params;
        const search: SearchRequest = {
          ...asked,
          level,
          studies: studiesOf(archive, study),
          ...(series !== undefined && { series }),
          tellsStudy: study === undefined,
          base: baseOf(request),
        };
        const { results, isMore } = await page(found(search, summaries, instances), query);
        if (isMore) reply.header('warning', MORE);
        return reply.type(DICOM_JSON).send(JSON.stringify(results));
      },
    );
}

function studiesOf({ index }: Archive, study: string | undefined): HeldStudy[] {
  if (study === undefined) return [...index.studies()].reverse();
  const held = index.study(study);
  return held === undefined ? [] : [held];
}

type Asked = Pick<SearchRequest, 'conditions' | 'fuzzy' | 'include'>;

function searchOf({
  limit: _,
  offset: __,
  fuzzymatching,
  includefield,
  ...rest
}: Query): Asked | z.infer<typeof problemSchema> {
  const conditions = Object.entries(rest).flatMap(([name, values]): (Condition | undefined)[] =>
    [values].flat().map((wanted) => {
      const tag = searchTag(name);
      return tag === undefined ? undefined : { tag, wanted };
    }),
  );
  if (!conditions.every((one) => one !== undefined))
    return { code: 'bad-request', text: 'a search names an attribute that is neither a keyword nor a tag' };
  const fields = [includefield].flat().flatMap((text) => text.split(','));
  const include = fields.includes('all') ? 'all' : fields.flatMap((name) => searchTag(name) ?? []);
  return { conditions, fuzzy: fuzzymatching, include };
}

/** What is before the page is found and passed over; nothing is looked for behind it. */
async function page(results: AsyncGenerator<DicomJson>, { limit, offset }: Query) {
  const most = Math.min(limit, MOST_RESULTS);
  const taken: DicomJson[] = [];
  let passed = 0;
  for await (const result of results) {
    if (passed++ < offset) continue;
    if (taken.length === most) return { results: taken, isMore: true };
    taken.push(result);
  }
  return { results: taken, isMore: false };
}
