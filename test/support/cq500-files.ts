import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { headFiles } from './dicom-series.ts';
import { writeAll } from './places.ts';

const FINDINGS = [
  'ICH',
  'IPH',
  'IVH',
  'SDH',
  'EDH',
  'SAH',
  'BleedLocation-Left',
  'BleedLocation-Right',
  'ChronicBleed',
  'Fracture',
  'CalvarialFracture',
  'OtherFracture',
  'MassEffect',
  'MidlineShift',
] as const;
const READERS = ['R1', 'R2', 'R3'] as const;

/** What each reader marks; undefined: the reader's cells are empty. */
export type Reads = readonly (readonly string[] | undefined)[];

export const CQ500_HEADER = [
  'name',
  'Category',
  ...READERS.flatMap((r) => FINDINGS.map((f) => `${r}:${f}`)),
].join(',');

export const cq500Row = (name: string, reads: Reads): string =>
  [
    name,
    'B1',
    ...READERS.flatMap((_, i) =>
      FINDINGS.map((f) => (reads[i] === undefined ? '' : Number(reads[i].includes(f)))),
    ),
  ].join(',');

/** A study's folder as published, blanks and all: a thick series, a thin one and one with contrast. */
export async function writeCq500Study(folder: string, number: number): Promise<void> {
  await writeAll(folder, await cq500Study(number));
}

/** A study as it is downloaded: `CQ500-CT-<number>.zip`, which holds that folder. */
export async function writeCq500Zip(folder: string, number: number): Promise<void> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(await cq500Study(number)))
    zip.addBuffer(Buffer.from(content), name);
  zip.end();
  await writeAll(folder, { [`CQ500-CT-${number}.zip`]: await buffer(zip.outputStream) });
}

async function cq500Study(number: number): Promise<Record<string, Uint8Array>> {
  const root = `CQ500CT${number} CQ500CT${number}/Unknown Study`;
  const studyUid = `1.2.826.0.1.${number}`;
  const series = [
    { name: 'CT 5mm', uid: '1', slices: 12, stepMm: 12, attributes: { SliceThickness: 5 } },
    { name: 'CT Thin Plain', uid: '2', slices: 24, stepMm: 6, attributes: { SliceThickness: 0.625 } },
    {
      name: 'CT POST CONTRAST',
      uid: '3',
      slices: 12,
      stepMm: 12,
      attributes: { SliceThickness: 5, ContrastBolusAgent: 'IODINE' },
    },
  ];
  const contents: Record<string, Uint8Array> = {};
  const attributes = { PatientID: `CQ500CT${number}`, PatientName: `CQ500CT${number}` };
  for (const { name, uid, slices, stepMm, attributes: own } of series) {
    const files = headFiles({
      slices,
      stepMm,
      studyUid,
      seriesUid: `${studyUid}.${uid}`,
      attributes: { ...attributes, ...own, SeriesDescription: name, SeriesNumber: Number(uid) },
    });
    for (const [i, file] of files.entries())
      contents[`${root}/${name}/CT${String(i).padStart(6, '0')}.dcm`] = await file.read();
  }
  return contents;
}
