import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import jpeg from 'jpeg-js';
import { z } from 'zod';
import { type HemorrhageLabels, RefusedInput } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { type Cohort, type LabelledStudy, labelsOf, subjectOf } from './cohort.ts';
import { readTable } from './labels-table.ts';

const ATTRIBUTION =
  'Hssayeni M. Computed Tomography Images for Intracranial Hemorrhage Detection and Segmentation, version 1.0.0. ' +
  'PhysioNet 2019, doi:10.13026/w8q8-ky94; Hssayeni et al., Data 2020, 5(1), 14. CC BY 4.0.';

/** The images are the brain window, -20 to 100 HU over 0 to 255; what lies outside is clipped. */
const LOWEST_HU = -20;
const HU_PER_GREY = 120 / 255;

/** The distribution does not say: half a millimetre is usual; nothing that trains or predicts reads it. */
const ASSUMED_SPACING_MM = 0.5;
const SLICE_SPACING_MM = 5;

const flag = z.enum(['0', '1']).transform((text) => text === '1');
const diagnosisSchema = z.looseObject({
  PatientNumber: z.coerce.number().int().positive(),
  SliceNumber: z.coerce.number().int().positive(),
  Intraventricular: flag,
  Intraparenchymal: flag,
  Subarachnoid: flag,
  Epidural: flag,
  Subdural: flag,
});
type Diagnosis = z.infer<typeof diagnosisSchema>;

/** Folder of one patient's slices below the root, and the names of its files: this project's form and PhysioNet's. */
const LAYOUTS = [
  { folder: (patient: string) => path.join('images', patient), file: /^(\d+)\.jpg$/ },
  { folder: (patient: string) => path.join('Patients_CT', patient, 'brain'), file: /^(\d+)\.jpg$/ },
] as const;

/**
 * PhysioNet CT-ICH version 1.0.0: `hemorrhage_diagnosis.csv` and the brain-window JPEGs of the patients that are
 * there. Throws RefusedInput where a patient's slices and labels do not match.
 */
export async function importCtIch(root: string): Promise<Cohort> {
  const file = path.join(root, 'hemorrhage_diagnosis.csv');
  const table = readTable(await readText(file), diagnosisSchema, path.basename(file));
  const byPatient = Map.groupBy(table, (row) => row.PatientNumber);
  const studies: LabelledStudy[] = [];
  for (const [patient, rows] of byPatient) {
    const files = await sliceFiles(root, patient);
    if (files !== undefined) studies.push(studyOf(patient, rows, files));
  }
  if (studies.length > 0) return Object.freeze({ name: 'ct-ich', studies, attribution: ATTRIBUTION });
  const text = `no images of PhysioNet CT-ICH 1.0.0 beside ${path.basename(file)}: expected images/051/01.jpg or Patients_CT/051/brain/1.jpg`;
  throw new RefusedInput('cohort-empty', text);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const text = `${path.basename(file)} cannot be read: expected PhysioNet CT-ICH 1.0.0 in this folder`;
    throw new RefusedInput('cohort-missing', text, { cause: error });
  }
}

/** Paths by slice number; undefined where this patient's images are not there. */
async function sliceFiles(root: string, patient: number): Promise<Map<number, string> | undefined> {
  for (const layout of LAYOUTS) {
    const folder = path.join(root, layout.folder(String(patient).padStart(3, '0')));
    const names = await readdir(folder).catch(emptyIfMissing);
    const numbered = names.flatMap((name): [number, string][] => {
      const number = layout.file.exec(name)?.[1];
      return number === undefined ? [] : [[Number(number), path.join(folder, name)]];
    });
    if (numbered.length > 0) return new Map(numbered);
  }
  return undefined;
}

function emptyIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

function studyOf(
  patient: number,
  rows: readonly Diagnosis[],
  files: ReadonlyMap<number, string>,
): LabelledStudy {
  const ordered = rows.toSorted((a, b) => a.SliceNumber - b.SliceNumber);
  const paths = ordered.map((row) => files.get(row.SliceNumber));
  const numbers = ordered.map((row) => row.SliceNumber);
  const unlabelled = [...files.keys()].find((slice) => !numbers.includes(slice));
  const missing = ordered[paths.indexOf(undefined)]?.SliceNumber;
  const wrong = missing ?? unlabelled ?? numbers.find((n, i) => numbers.indexOf(n) !== i);
  if (wrong !== undefined) {
    const text = `ct-ich patient ${patient}: slice ${wrong} must have one image and one row of labels`;
    throw new RefusedInput('labels-mismatch', text);
  }
  const slices = ordered.map(sliceLabels);
  return Object.freeze({
    source: 'ct-ich',
    patient: String(patient),
    study: String(patient),
    slices,
    subject: subjectOf(slices),
    load: () => loadSlices(patient, paths as string[]),
  });
}

function sliceLabels(row: Diagnosis): HemorrhageLabels {
  return labelsOf({
    intraparenchymal: row.Intraparenchymal,
    intraventricular: row.Intraventricular,
    subdural: row.Subdural,
    epidural: row.Epidural,
    subarachnoid: row.Subarachnoid,
  });
}

async function loadSlices(patient: number, files: readonly string[]): Promise<Volume> {
  const images = [];
  for (const file of files) images.push(decodeJpeg(await readFile(file), file));
  const { width: columns, height: rows } = images[0] as (typeof images)[number];
  if (images.some((image) => image.width !== columns || image.height !== rows)) {
    throw new RefusedInput('labels-mismatch', `ct-ich patient ${patient}: images of different sizes`);
  }
  const hu = new Int16Array(images.length * rows * columns);
  for (const [i, image] of images.entries()) hu.set(image.hu, i * rows * columns);
  return { hu, slices: images.length, rows, columns, geometry: assumedGeometry(images.length) };
}

/** HU of a brain-window JPEG, from its first channel (all three are alike). */
function decodeJpeg(bytes: Uint8Array, file: string): { width: number; height: number; hu: Int16Array } {
  try {
    const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false });
    const channels = data.length / (width * height);
    const grey = (i: number): number => data[i * channels] as number;
    const hu = Int16Array.from({ length: width * height }, (_, i) =>
      Math.round(LOWEST_HU + grey(i) * HU_PER_GREY),
    );
    return { width, height, hu };
  } catch (error) {
    const text = `${path.basename(path.dirname(file))}/${path.basename(file)} is not a readable JPEG`;
    throw new RefusedInput('image-unreadable', text, { cause: error });
  }
}

function assumedGeometry(slices: number): Volume['geometry'] {
  return {
    pixelSpacingMm: { row: ASSUMED_SPACING_MM, column: ASSUMED_SPACING_MM },
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    imagePositionsPatient: Array.from({ length: slices }, (_, i) => [0, 0, i * SLICE_SPACING_MM] as const),
    sliceSpacingMm: SLICE_SPACING_MM,
    gantryTiltDegrees: 0,
    orientationKnown: false,
  };
}
