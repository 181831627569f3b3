export type Severity = 'noted' | 'warned' | 'refused';

/** Something found in a study: what, where, and how much it matters. */
export interface StudyCheck {
  readonly code: CheckCode;
  readonly severity: Severity;
  /** One sentence with the millimetres, the tag and what was expected. */
  readonly text: string;
  /** Paths of the files concerned. */
  readonly files?: readonly string[];
  /** Slices concerned, counted from 0 at the most inferior. */
  readonly slices?: readonly number[];
}

/** Every check by its code, with its severity and meaning: the one table, published in docs/reading-studies.md. */
export const CHECKS = {
  // What was given
  'no-files': ['refused', 'The folder or zip holds no file.'],
  'no-study': ['refused', 'No file is DICOM or NIfTI.'],
  'other-files': ['noted', 'Files that are neither DICOM nor NIfTI were left aside.'],
  'file-unreadable': ['warned', 'A file cannot be read, is corrupt, or lacks a tag that a slice needs.'],
  archive: ['refused', 'A file is an archive of a kind that is not opened: unpack it first.'],
  'file-too-large': ['warned', 'A file is larger than what is read.'],
  'dicomdir-file-missing': ['warned', 'The DICOMDIR names a file that is not on the disc.'],
  // Which series
  'series-chosen': ['noted', 'The series that was read, and why.'],
  'series-not-chosen': ['noted', 'A series that was not read, and why.'],
  'series-unknown': [
    'refused',
    'The series asked for is not in the study, or its number is not the only one.',
  ],
  'rule-overridden': ['warned', 'The series was asked for by name although a rule speaks against it.'],
  'not-ct': ['refused', 'The modality is not CT.'],
  localizer: ['refused', 'A scout view that only plans the scan.'],
  'secondary-capture': ['refused', 'A screen capture or other secondary image: no Hounsfield units.'],
  'dose-report': ['refused', 'A dose report, as a structured report or as a picture.'],
  'not-an-image-series': ['refused', 'The series holds objects without pixels.'],
  reformat: ['refused', 'A reformatted, projected or derived series (MPR, MIP, 3-D, perfusion map).'],
  'not-axial': ['refused', 'The slices are coronal or sagittal.'],
  contrast: ['refused', 'Contrast medium was given.'],
  'contrast-unclear': [
    'warned',
    'Words for scans with and without contrast medium, or an unknown agent: which this is, is open.',
  ],
  'other-body-part': ['refused', 'The series shows another part of the body.'],
  'head-not-evident': ['warned', 'The tags say head, but no ring of skull is seen.'],
  'head-by-content': ['noted', 'No tag names the body part; a ring of skull was found.'],
  'not-a-head': ['refused', 'No tag names the body part, and no ring of skull is seen.'],
  'too-few-slices': ['refused', 'Fewer slices than the minimum.'],
  'slice-thickness': ['refused', 'The slice thickness lies outside the range that is read.'],
  'field-of-view': ['refused', 'The field of view cannot hold a head, or is absurd.'],
  'sharp-kernel': ['warned', 'The slices that were read have a sharp (bone) kernel: noise imitates blood.'],
  'not-hu': [
    'refused',
    'The values are not Hounsfield units: Rescale Type says so, or air, brain and bone lie elsewhere.',
  ],
  'units-unclear': ['warned', 'Rescale Type does not say that the values are Hounsfield units.'],
  'transfer-syntax-unsupported': ['refused', 'The encoding of the pixels is not supported.'],
  'matrix-size': [
    'refused',
    'Rows and columns are absurd, or the series would not fit the memory set aside.',
  ],
  'air-elsewhere': [
    'warned',
    'Hardly any value lies at -1000 HU, where air is: the slope may be wrong, or the values are clipped.',
  ],
  // Slices left out or doubtful
  'slice-undecodable': ['warned', 'The pixels of a slice cannot be decoded; it was left out.'],
  'slice-without-geometry': ['warned', 'A slice has no position, orientation or spacing; it was left out.'],
  'slice-of-another-series': [
    'warned',
    'A stray slice of another series, modality or frame of reference; it was left out.',
  ],
  'localizer-in-series': ['noted', 'A scout view inside the series was left out.'],
  'mixed-orientation': ['warned', 'Slices turned differently from the others were left out.'],
  'mixed-matrix': ['warned', 'Slices with another matrix size were left out.'],
  'mixed-pixel-spacing': ['warned', 'Slices with another pixel spacing were left out.'],
  'mixed-kernel': ['noted', 'Slices of another kernel show what others show; they were left out.'],
  'kernel-changes': ['warned', 'Some places are shown with another kernel only; its slices were kept.'],
  'mixed-contrast': ['warned', 'Slices of another contrast phase inside the series were left out.'],
  'duplicate-file': [
    'noted',
    'The same slice (SOP Instance UID and position) is there more than once; one was kept.',
  ],
  'duplicate-position': [
    'warned',
    'Different slices lie at the same position; the one acquired last was kept.',
  ],
  'uid-repeated': ['warned', 'Slices at different positions carry the same SOP Instance UID.'],
  'slice-empty': ['warned', 'A slice between others has one value in every pixel.'],
  'slice-unlike-neighbours': [
    'warned',
    "A slice is less like its neighbours than these are like one another: its pixels are damaged, or another slice's.",
  ],
  'skull-blurred': [
    'warned',
    "The skull's inner edge is blurred, as when the head moves during the scan; thin blood along it cannot be told from bone.",
  ],
  'several-passes': ['refused', 'The series passes the head several times (perfusion, phases, energies).'],
  'too-many-left-out': ['refused', 'So many slices had to be left out that the rest is not a head.'],
  // Geometry
  'geometry-missing': ['refused', 'No slice has a position, an orientation and a pixel spacing.'],
  'gantry-tilt': ['noted', 'The gantry was tilted, by the positions of the slices.'],
  'tilt-tag-disagrees': ['noted', 'Gantry/Detector Tilt says another angle than the positions.'],
  'stack-sheared': ['refused', 'The slices are stacked at an angle that no gantry has.'],
  'slice-shifted': ['warned', 'A slice lies beside the line of the others.'],
  'unusual-orientation': [
    'warned',
    'The picture is turned: anterior is not at its top, or right not at its left.',
  ],
  'uneven-steps': ['warned', 'The steps from slice to slice differ.'],
  'mixed-thickness': ['noted', 'The slices have several thicknesses.'],
  'slices-overlap': ['noted', 'Neighbouring slices overlap.'],
  'slices-apart': ['warned', 'The scan leaves tissue out between all slices, evenly.'],
  'slices-missing': ['warned', 'A gap: slices are missing between two neighbours.'],
  'gap-too-large': ['refused', 'Too much tissue is missing between slices.'],
  'short-coverage': ['warned', 'The slices cover less than a head.'],
  'slices-thin': [
    'warned',
    'The slices are thinner, and so noisier, than what models are usually trained on.',
  ],
  'pixels-not-square': [
    'noted',
    'Rows and columns have different spacings; the pixels are kept as they are.',
  ],
  // NIfTI
  'nifti-corrupt': ['refused', 'The NIfTI file is damaged, truncated or of an unknown kind.'],
  'nifti-dimensions': ['refused', 'The NIfTI file does not hold one volume in three dimensions.'],
  'nifti-data-type': [
    'refused',
    'The NIfTI file holds colours, complex numbers or another type that HU never are.',
  ],
  'nifti-units': ['refused', 'The NIfTI file gives a unit of length that is none.'],
  'nifti-units-assumed': ['warned', 'The NIfTI file gives no unit of length; its voxels fit millimetres.'],
  'nifti-not-hu': ['refused', 'The NIfTI values are not Hounsfield units.'],
  'nifti-nan': ['warned', 'Values that are not numbers were read as air.'],
  'nifti-clipped': ['warned', 'Values beyond 16 bits were clipped.'],
  'nifti-reordered': [
    'noted',
    'Axes were exchanged or turned round to give axial slices, without interpolation.',
  ],
  'nifti-forms-differ': [
    'warned',
    'The two transformations of the NIfTI file (sform, qform) differ; the sform was taken.',
  ],
  'orientation-unknown': ['warned', 'The NIfTI file does not say which side is left.'],
  // The prediction
  'unlike-training': [
    'noted',
    'The series looks unlike those that the model was trained on: its probabilities may mean less.',
  ],
  'slices-disagree': [
    'warned',
    'The subject is below the threshold while slices reach it by themselves, or the reverse.',
  ],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>;

export type CheckCode = keyof typeof CHECKS;

export interface Concerned {
  readonly files?: readonly string[];
  readonly slices?: readonly number[];
}

/** A check with its table's severity; empty lists are left away. */
export function createCheck(code: CheckCode, text: string, concerned: Concerned = {}): StudyCheck {
  const { files = [], slices = [] } = concerned;
  return Object.freeze({
    code,
    severity: CHECKS[code][0],
    text,
    ...(files.length > 0 && { files: Object.freeze([...files].sort()) }),
    ...(slices.length > 0 && { slices: Object.freeze([...slices]) }),
  });
}

export function isRefused(checks: readonly StudyCheck[]): boolean {
  return checks.some((check) => check.severity === 'refused');
}

/** `4.22 mm`, `5 mm`. */
export function mmText(mm: number): string {
  return `${Number(mm.toFixed(2))} mm`;
}

/** `1 slice`, `3 slices`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
