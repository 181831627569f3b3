import { type CohortStudy, readCohortStudy, studyKey } from '../cohort/index.ts';
import type { CohortJudging, ExamplePicture, ExampleSlice } from '../evaluation/index.ts';
import { encodeRasterPng, heatMapCells, heatMapScale, pngDataUrl, sliceHeatMap } from '../figures/index.ts';
import { createPredictor, type Findings } from '../prediction/index.ts';
import { slicePictures } from '../report/index.ts';
import type { Volume } from '../volume/index.ts';

const PICTURE_PX = 300;

interface ReadExample {
  readonly volume: Volume;
  readonly findings: Findings;
}

/** The slices that the evaluation chose, each with the heat map of its class, all on one scale (paper, Fig. 4). */
export async function drawExamples(
  judging: Omit<CohortJudging, 'folder' | 'sha256'>,
  examples: readonly ExampleSlice[],
): Promise<ExamplePicture[]> {
  const studies = new Map(judging.cohort.studies.map((study) => [studyKey(study), study]));
  const predictor = createPredictor(judging.model, judging.runtime);
  const read = new Map<ExampleSlice, ReadExample>();
  const byStudy = [...Map.groupBy(examples, ({ study }) => study)];
  for (const [done, [key, own]] of byStudy.entries()) {
    judging.onProgress({ task: 'drawing examples', done, total: byStudy.length });
    const study = await readCohortStudy(studies.get(key) as CohortStudy, judging.signal);
    if (study.kind === 'refused') continue;
    const { volume } = study;
    const findings = await predictor.predict(volume, { operatingPoint: 0, signal: judging.signal });
    for (const example of own) read.set(example, { volume, findings });
  }
  await predictor.close();
  return examples.flatMap((example) => {
    const own = read.get(example);
    return own === undefined ? [] : draw(example, own);
  });
}

function draw(example: ExampleSlice, { volume, findings }: ReadExample): ExamplePicture {
  const maps = findings.heatMaps[example.className];
  const slice = example.slice - 1;
  const heatMap = maps && sliceHeatMap(maps, volume.slices, slice);
  const heat = heatMap && { heatMap, frame: findings.frame };
  const { plain, withHeatMap } = slicePictures(volume, slice, PICTURE_PX, heat);
  const dataUrl = pngDataUrl(encodeRasterPng(withHeatMap ?? plain));
  return { example, dataUrl, ...(heatMap && { scale: heatMapScale(heatMapCells(heatMap)) }) };
}
