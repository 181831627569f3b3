/** The service's routes and its worklist on a port, with studies whose results are made up: what a page shows, in seconds. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HEMORRHAGE_SUBTYPE_NAMES, type StudyFile } from '../../src/base/index.ts';
import { heatMapsJson, type Prediction, predictionJson } from '../../src/prediction/index.ts';
import { type ModelSummary, previewPicture } from '../../src/report/index.ts';
import { openTestService, type TestService } from '../../src/server/http/service-fixture.ts';
import { readStudy } from '../../src/study/index.ts';
import { buildWorklist } from '../../web/build-pages.config.ts';
import { reportInput } from './report-input.ts';

export interface PagedService extends TestService {
  readonly url: string;
  /** Takes a study's files as a sender's; gives its UID. */
  take(files: readonly StudyFile[]): Promise<string>;
  /** Takes them and gives them a result, with slices of growing suspicion around the middle. */
  show(
    files: readonly StudyFile[],
    probability: number,
    change?: (made: Prediction) => Prediction,
  ): Promise<string>;
  /** Gives a study that was taken another result. */
  showAnew(study: string, files: readonly StudyFile[], probability: number): Promise<void>;
}

type Options = Parameters<typeof openTestService>;

export async function openPagedService(
  parts: Options[0] = {},
  access: Options[1] = {},
): Promise<PagedService> {
  // A folder of its own: tests that run side by side would empty a common one under each other
  const pageFolder = await mkdtemp(path.join(tmpdir(), 'ichor-page-'));
  await buildWorklist(pageFolder);
  const service = await openTestService({ pageFolder, ...parts }, access);
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as AddressInfo;
  const take = async (files: readonly StudyFile[]): Promise<string> => {
    const known = new Set([...service.archive.index.studies()].map(({ study }) => study));
    for (const file of files) await service.receive('', await file.read());
    const taken = [...service.archive.index.studies()].find(({ study }) => !known.has(study));
    if (taken === undefined) throw new Error('no new study was taken');
    return taken.study;
  };
  const show = async (
    study: string,
    files: readonly StudyFile[],
    probability: number,
    change = (made: Prediction) => made,
  ): Promise<void> => {
    const { volume } = await readStudy(files);
    const prediction = change(await madeUp(files, probability));
    const { heatMaps: { anyHemorrhage } = {} } = reportInput(true, prediction.slices.length);
    const classes = Object.keys(prediction.slices[0]?.probabilities ?? {});
    const heatMaps = Object.fromEntries(classes.map((name) => [name, anyHemorrhage]));
    const { rows, columns } = prediction.series;
    const frame = { rowStart: 0, rowSize: rows, columnStart: 0, columnSize: columns };
    const { positive } = prediction.anyHemorrhage;
    const found = prediction.subtypes;
    await service.predict(
      { probability, positive, ...(found && { subtypes: suspected(found) }) },
      {
        'prediction.json': predictionJson(prediction),
        'heat-maps.json': heatMapsJson({ heatMaps, frame }),
        'report.html': '<!doctype html><title>Report</title>',
        'preview.png': previewPicture(volume, prediction),
        'model-card.json': JSON.stringify(MODEL_SUMMARY),
      },
      study,
    );
  };
  return {
    ...service,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await service.close();
      await rm(pageFolder, { recursive: true });
    },
    take,
    show: async (files, probability, change) => {
      const study = await take(files);
      await show(study, files, probability, change);
      return study;
    },
    showAnew: show,
  };
}

const MODEL_SUMMARY: ModelSummary = {
  figures: [
    { label: 'Subject sensitivity at 0.5', value: '0.67 (0.45 to 0.84)', measured: '24 subjects' },
    { label: 'Slice AUC', value: '0.94', measured: '57 subjects' },
  ],
  notes: [],
};

const suspected = (found: NonNullable<Prediction['subtypes']>) =>
  HEMORRHAGE_SUBTYPE_NAMES.filter((name) => found[name].positive);

/** A prediction of these files' own slices that no model has made. */
async function madeUp(files: readonly StudyFile[], probability: number): Promise<Prediction> {
  const { volume, series, study, slices } = await readStudy(files);
  const { prediction } = reportInput(probability >= 0.5, volume.slices);
  const { imagePositionsPatient: _, rowDirection, columnDirection, ...placed } = volume.geometry;
  return {
    ...prediction,
    study,
    series: {
      ...series,
      geometry: { ...placed, rowDirection: [...rowDirection], columnDirection: [...columnDirection] },
    },
    anyHemorrhage: { probability, positive: probability >= 0.5 },
    slices: prediction.slices.map((slice, i) => ({ ...slice, ...slices[i] })),
  };
}
