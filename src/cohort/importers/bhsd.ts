import path from 'node:path';
import type { HemorrhageSubtypeName } from '../../base/index.ts';
import type { KnownLabels } from '../cohort-study.ts';
import { holdsAll, type Importer } from '../importer.ts';
import { fromSubtypes } from '../known-labels.ts';
import { readVoxelLabelled, type VoxelLabelled } from './voxel-labels.ts';

/** Voxel labels 1 to 5, by the authors' dataset.json (github.com/White65534/BHSD). */
const SUBTYPE_OF_VALUE: readonly HemorrhageSubtypeName[] = [
  'epidural',
  'intraparenchymal',
  'intraventricular',
  'subarachnoid',
  'subdural',
];

const BHSD_FILES: VoxelLabelled = {
  name: 'bhsd',
  attribution:
    'Wu B et al. BHSD: A 3D Multi-class Brain Hemorrhage Segmentation Dataset. MLMI 2023, ' +
    'doi:10.1007/978-3-031-45673-2_15. MIT; its scans are those of the RSNA 2019 challenge.',
  images: path.join('label_192', 'images'),
  masks: path.join('label_192', 'ground truths'),
  greatest: SUBTYPE_OF_VALUE.length,
  labelsOf: (values) => fromSubtypes(subtypesAmong(values)),
  identify: (stem) => {
    const [, patient, study] = /^(ID_[^_]+)_(ID_[^_]+)$/.exec(stem) ?? [undefined, stem, stem];
    return { patient: patient as string, patientSource: 'rsna-2019', study: study as string };
  },
};

function subtypesAmong(values: ReadonlySet<number>): Record<HemorrhageSubtypeName, boolean> {
  const flags = SUBTYPE_OF_VALUE.map((name, i) => [name, values.has(i + 1)]);
  return Object.fromEntries(flags) as Required<Pick<KnownLabels, HemorrhageSubtypeName>>;
}

/** BHSD: scans of the RSNA challenge with voxel labels of five subtypes; patients keep RSNA's identifiers. */
export const BHSD: Importer = {
  name: 'bhsd',
  layout: 'label_192/images/ID_<patient>_ID_<study>.nii.gz and the same names in "label_192/ground truths"',
  recognises: holdsAll(BHSD_FILES.images, BHSD_FILES.masks),
  read: (folder, options = {}) => readVoxelLabelled(folder, BHSD_FILES, options),
};
