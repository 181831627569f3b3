import path from 'node:path';
import { holdsAll, type Importer } from '../importer.ts';
import { readVoxelLabelled, type VoxelLabelled } from './voxel-labels.ts';

const INSTANCE_FILES: VoxelLabelled = {
  name: 'instance-2022',
  attribution:
    'Li X et al. The state-of-the-art 3D anisotropic intracranial hemorrhage segmentation on non-contrast head CT: ' +
    "The INSTANCE challenge. arXiv:2301.03281. The challenge's terms of use.",
  images: path.join('train_2', 'data'),
  masks: path.join('train_2', 'label'),
  greatest: 1,
  labelsOf: (values) => Object.freeze({ anyHemorrhage: values.has(1) }),
  identify: (stem) => ({ patient: stem, study: stem }),
};

/** INSTANCE 2022: voxel labels of any hemorrhage; of the subtypes it says nothing. */
export const INSTANCE: Importer = {
  name: 'instance-2022',
  layout: 'train_2/data/001.nii.gz and the same names in train_2/label',
  recognises: holdsAll(INSTANCE_FILES.images, INSTANCE_FILES.masks),
  read: (folder, options = {}) => readVoxelLabelled(folder, INSTANCE_FILES, options),
};
