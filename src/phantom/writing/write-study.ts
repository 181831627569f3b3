import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { HEMORRHAGE_CLASSES, type ManifestRow } from '../../base/index.ts';
import { writeFilesWhole, writeFileWhole } from '../../files/index.ts';
import type { CohortPhantom } from '../cohort/cohort-phantoms.ts';
import { phantomMaskNifti } from '../mask-nifti.ts';
import { createPhantom } from '../phantom.ts';
import { phantomDicom, SLICE_NAME } from '../phantom-dicom.ts';
import {
  isMadeFrom,
  type PhantomProvenance,
  phantomProvenance,
  phantomProvenanceSchema,
} from '../provenance.ts';

/** A phantom to make, and the folder it goes to. */
export interface PhantomTask {
  readonly folder: string;
  readonly options: CohortPhantom;
}

/** Of a study's folder: the DICOM files have one of their own, so that a reader of studies finds nothing else there. */
const NAMES = { dicom: 'dicom', mask: 'mask.nii.gz', provenance: 'phantom.json' } as const;

/**
 * Makes the study unless it is there already; its provenance is written last, so that it vouches for the rest. Slices of
 * another phantom that was made here go.
 */
export async function writePhantomStudy({ folder, options }: PhantomTask): Promise<PhantomProvenance> {
  const file = path.join(folder, NAMES.provenance);
  const there = await readProvenance(file);
  if (there !== undefined && isMadeFrom(there, options)) return there;
  const phantom = createPhantom(options);
  const dicom = phantomDicom(phantom).map(({ name, bytes }) => [`${NAMES.dicom}/${name}`, bytes] as const);
  await rm(file, { force: true });
  await writeFilesWhole(folder, { ...Object.fromEntries(dicom), [NAMES.mask]: phantomMaskNifti(phantom) });
  await removeOtherSlices(folder, new Set(dicom.map(([name]) => name)));
  const provenance = phantomProvenance(phantom, options);
  await writeFileWhole(file, provenance);
  return phantomProvenanceSchema.parse(JSON.parse(provenance));
}

async function removeOtherSlices(folder: string, own: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(path.join(folder, NAMES.dicom))) {
    const isOther = SLICE_NAME.test(name) && !own.has(`${NAMES.dicom}/${name}`);
    if (isOther) await rm(path.join(folder, NAMES.dicom, name));
  }
}

/** Undefined where there is none, or where it is of another version. */
async function readProvenance(file: string): Promise<PhantomProvenance | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
  return phantomProvenanceSchema.safeParse(JSON.parse(text)).data;
}

/** The study's rows of the manifest: one a slice, with what the scanner and the findings are. */
export function manifestRowsOf(
  folder: string,
  { options, slices, bleeds }: PhantomProvenance,
): ManifestRow[] {
  return Array.from({ length: slices }, (_, i) => {
    const here = new Set<string>(bleeds.filter((b) => b.slices.includes(i + 1)).map((b) => b.subtype));
    const labels = HEMORRHAGE_CLASSES.map(({ name }) => [
      name,
      name === 'anyHemorrhage' ? here.size > 0 : here.has(name),
    ]);
    return {
      source: 'phantom',
      patient: String(options.seed),
      study: String(options.seed),
      path: `${folder}/${NAMES.dicom}`,
      mask: `${folder}/${NAMES.mask}`,
      slice: i + 1,
      ...Object.fromEntries(labels),
      scanner: `${options.scanner.manufacturer} ${options.scanner.model}`,
      mimics: options.mimics.join(' '),
    };
  });
}
