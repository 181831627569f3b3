import path from 'node:path';
import { type HemorrhageSubtypeName, ofSubtypes } from '../../base/index.ts';
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
    const [, patient = stem, study = stem] = /^(ID_[^_]+)_(ID_[^_]+)$/.exec(stem) ?? [];
    return { patient, patientSource: 'rsna-2019', study };
  },
};

function subtypesAmong(values: ReadonlySet<number>): Record<HemorrhageSubtypeName, boolean> {
  return ofSubtypes((name) => values.has(SUBTYPE_OF_VALUE.indexOf(name) + 1));
}

/** BHSD: scans of the RSNA challenge with voxel labels of five subtypes; patients keep RSNA's identifiers. */
export const BHSD: Importer = {
  name: 'bhsd',
  layout: 'label_192/images/ID_<patient>_ID_<study>.nii.gz and the same names in "label_192/ground truths"',
  recognises: holdsAll(BHSD_FILES.images, BHSD_FILES.masks),
  read: (folder, options = {}) => readVoxelLabelled(folder, BHSD_FILES, options),
};
