import type { HeldStudy } from '../../archive/index.ts';
import type { DicomJson } from '../../dicom/index.ts';
import { inTagOrder, made, selected, textIn } from './attributes.ts';
import type { HeldInstances } from './held-instances.ts';
import { asOfStudy, matches, type Search } from './matching.ts';
import type { StudySummaries } from './study-summaries.ts';
import { instanceSummary } from './study-summary.ts';

export type SearchLevel = 'studies' | 'series' | 'instances';

export interface SearchRequest extends Search {
  readonly level: SearchLevel;
  readonly studies: Iterable<HeldStudy>;
  /** Of instances, those of this series alone. */
  readonly series?: string;
  /** Series and instances of any study also tell of their study. */
  readonly tellsStudy: boolean;
  /** Tags to be told beside the usual ones. */
  readonly include: readonly string[] | 'all';
  /** Of DICOMweb, as the program that asks has it. */
  readonly base: string;
}

/** What a search finds, one after another, as it is asked for (PS3.18 10.6). */
export async function* found(
  request: SearchRequest,
  summaries: StudySummaries,
  instances: HeldInstances,
): AsyncGenerator<DicomJson> {
  const search = request.level === 'studies' ? ofStudies(request) : request;
  for (const held of request.studies) {
    const { study, series } = await summaries.of(held);
    // Its objects were removed, and it has no result of ours
    if (series.length === 0) continue;
    if (request.level === 'studies') {
      if (matches(study, search)) yield told(study, study, request, '');
      continue;
    }
    for (const own of series) {
      const uid = textIn(own, 'SeriesInstanceUID') ?? '';
      if (request.series !== undefined && request.series !== uid) continue;
      if (request.level === 'instances')
        yield* foundInstances(request, held, { ...study, ...own }, instances);
      else if (matches({ ...study, ...own }, search))
        yield told(own, { ...study, ...own }, request, `/series/${uid}`);
    }
  }
}

const ofStudies = ({ conditions, fuzzy }: SearchRequest): Search => ({
  conditions: conditions.map(asOfStudy),
  fuzzy,
});

async function* foundInstances(
  request: SearchRequest,
  held: HeldStudy,
  above: DicomJson,
  instances: HeldInstances,
): AsyncGenerator<DicomJson> {
  const series = textIn(above, 'SeriesInstanceUID');
  for (const one of await instances.of(held)) {
    if (one.series !== series) continue;
    const own = instanceSummary(one);
    const all = { ...one.attributes, ...above, ...own };
    const place = `/series/${one.series}/instances/${one.instance}`;
    if (matches(all, request)) yield told({ ...selected(above, ['Modality']), ...own }, all, request, place);
  }
}

function told(own: DicomJson, all: DicomJson, request: SearchRequest, place: string): DicomJson {
  const { include, level, tellsStudy, base } = request;
  const study = `${base}/studies/${textIn(all, 'StudyInstanceUID')}`;
  const uids = level === 'instances' ? ['StudyInstanceUID', 'SeriesInstanceUID'] : ['StudyInstanceUID'];
  const tags = include === 'all' || tellsStudy ? Object.keys(all) : include;
  return inTagOrder({
    ...Object.fromEntries(tags.flatMap((tag) => (all[tag] === undefined ? [] : [[tag, all[tag]]]))),
    ...selected(all, uids),
    ...own,
    ...made('RetrieveURL', 'UR', `${study}${place}`),
  });
}
