// The volume and its geometry

export type { Vector3, Volume, VolumeGeometry } from './volume.ts';
export { sliceHu } from './volume.ts';

// Which way the patient lies in the picture

export type { PatientSide, SliceEdges } from './orientation.ts';
export { sliceEdges } from './orientation.ts';

// Slices turned to the usual picture and back

export type { SliceGrid, Turn } from './upright.ts';
export { storedSlices, turnOf, uprightSlices, uprightVolume } from './upright.ts';

// Display windows: HU to grey

export type { DisplayWindow } from './display-window.ts';
export {
  applyDisplayWindow,
  BONE_WINDOW,
  BRAIN_WINDOW,
  STROKE_WINDOW,
  SUBDURAL_WINDOW,
} from './display-window.ts';
