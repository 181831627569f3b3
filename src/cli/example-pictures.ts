import { type CohortStudy, readCohortStudy, studyKey } from '../cohort/index.ts';
import type { ExamplePicture, ExampleSlice } from '../evaluation/index.ts';
import { encodeRasterPng, heatMapScaleFor, pngDataUrl } from '../figures/index.ts';
import { createPredictor, type Findings } from '../prediction/index.ts';
import { heatMapOf, slicePictures } from '../report/index.ts';
import type { Volume } from '../volume/index.ts';
import type { CohortJudging } from './judged-cohort.ts';

const PICTURE_PX = 300;

/** The slices that the evaluation chose, each with the heat map of its class (paper, Fig. 4). */
export async function drawExamples(
  judging: Omit<CohortJudging, 'folder' | 'sha256'>,
  examples: readonly ExampleSlice[],
): Promise<ExamplePicture[]> {
  const studies = new Map(judging.cohort.studies.map((study) => [studyKey(study), study]));
  const predictor = createPredictor(judging.model, judging.runtime);
  const pictures = new Map<ExampleSlice, ExamplePicture>();
  const byStudy = [...Map.groupBy(examples, ({ study }) => study)];
  for (const [done, [key, own]] of byStudy.entries()) {
    judging.onProgress({ task: 'drawing examples', done, total: byStudy.length });
    const read = await readCohortStudy(studies.get(key) as CohortStudy, judging.signal);
    if (read.kind === 'refused') continue;
    const findings = await predictor.predict(read.volume, { operatingPoint: 0, signal: judging.signal });
    for (const example of own) pictures.set(example, draw(example, read.volume, findings));
  }
  await predictor.close();
  return examples.flatMap((example) => pictures.get(example) ?? []);
}

function draw(example: ExampleSlice, volume: Volume, { heatMaps, frame }: Findings): ExamplePicture {
  const slice = example.slice - 1;
  const maps = heatMaps[example.className];
  const heat = maps && { heatMaps: maps, scale: heatMapScaleFor([heatMapOf(maps, slice)]), frame };
  const { plain, withHeatMap } = slicePictures(volume, slice, PICTURE_PX, heat);
  return { example, dataUrl: pngDataUrl(encodeRasterPng(withHeatMap ?? plain)) };
}
