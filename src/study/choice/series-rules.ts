import { type CheckCode, mmText } from '../checks/checks.ts';
import { matrixProblem } from '../geometry/matrix.ts';
import { normalOf } from '../geometry/stack.ts';
import { degrees, medianOf } from '../geometry/vectors.ts';
import { isLocalizer, type Series, speaker, thicknessMm } from '../headers/series.ts';
import { isPlaced, type SliceHeader } from '../headers/slice-header.ts';
import { CT_SOP_CLASSES, isDoseReport, isSecondaryCapture, sopClassName } from '../headers/sop-classes.ts';
import { plain } from '../headers/words.ts';
import { bodyPartOf } from './body-part.ts';
import { contrastReason } from './contrast.ts';

/** The numbers of the rules; published in docs/reading-studies.md. */
export const SERIES_RULES_MM = {
  thinnestMm: 0.3,
  thickestMm: 12,
  smallestFieldMm: 120,
  largestFieldMm: 600,
  /** Slices whose normal leans further from the body's axis are coronal or sagittal, degrees. */
  axialDegrees: 45,
} as const;

export const MINIMUM_SLICES = 8;

/** A reason to refuse a series; the first that applies is given. */
export interface SeriesRule {
  readonly code: CheckCode;
  /** What is looked at, for the published table. */
  readonly looksAt: string;
  /** Whether naming the series with `--series` sets the rule aside (then it is a warning). */
  readonly overridable: boolean;
  /** Why the series is refused; undefined where it passes. */
  readonly reason: (series: Series, minimumSlices: number) => string | undefined;
}

const DOSE_WORDS =
  /\b(dose report|dose info\w*|dose summary|patient protocol|patientenprotokoll|exam protocol|dosis)\b/;
const REFORMAT_WORDS =
  /\b(mpr|mip|minip|reformat\w*|reformatted|vrt|volume rend\w*|3d rend\w*|ssd|cpr|projection image|csa mpr|average|min ip|subtract\w*|rcbf|rcbv|mtt|ttp|tmax|perfusion|cbf|cbv)\b/;
/** Projections and maps by the terms of Image Type (PS3.3 C.8.2.1.1.1, C.8.16.1.3, C.8.16.1.4) and the makers' own. */
const DERIVED_TYPES =
  /\b((max|min) ip|maximum|minimum|subtraction|std deviation|division|multiplication|volume render\w*|surface render\w*|(de )?iodine\w*|vnc|vue|z ?eff|virtual \w+|mat (specific|removed|fractional|modified|value based)|eff atomic num|electron density|t test|z score)\b/;
/** The same in descriptions, where `iodine` alone may name the contrast medium that was not given. */
const MAP_WORDS =
  /\b(iodine (map|overlay|density|image|concentration|(no )?water)\w*|water iodine|jod ?karte|carte d iode|vnc|virtual (non ?contrast|unenhanced|native)|virtuell \w+|max(imum)? (ip|intensity)\w*|electron density|effective (z|atomic)|z ?eff)\b/;
const PLANE_WORDS = /\b(cor|coronal\w*|sag|sagit\w*)\b/;

/** By which a series is refused, in this order; what passes all is a candidate. */
export const SERIES_RULES: readonly SeriesRule[] = [
  {
    code: 'dose-report',
    looksAt: 'SOP Class UID; Series Description, Image Type',
    overridable: false,
    reason: (series) => doseReason(speaker(series)),
  },
  {
    code: 'not-ct',
    looksAt: 'Modality',
    overridable: false,
    reason: (series) => modalityReason(speaker(series)),
  },
  {
    code: 'not-an-image-series',
    looksAt: 'Rows, Columns, Pixel Data',
    overridable: false,
    reason: (series) => (series.slices.some((s) => s.hasPixels) ? undefined : 'the objects hold no pixels'),
  },
  {
    code: 'secondary-capture',
    looksAt: 'SOP Class UID; Image Type',
    overridable: false,
    reason: (series) => captureReason(speaker(series)),
  },
  {
    code: 'localizer',
    looksAt: 'Image Type value 3; Series Description',
    overridable: false,
    reason: (series) => (isLocalizer(speaker(series)) ? 'it is a scout view (localizer)' : undefined),
  },
  {
    code: 'reformat',
    looksAt: 'Image Type; Series Description',
    overridable: true,
    reason: (series) => reformatReason(speaker(series)),
  },
  {
    code: 'not-axial',
    looksAt: 'Image Orientation (Patient)',
    overridable: false,
    reason: orientationReason,
  },
  {
    code: 'contrast',
    looksAt: 'Contrast/Bolus Agent; Series Description, Protocol Name',
    overridable: true,
    reason: contrastReason,
  },
  {
    code: 'other-body-part',
    looksAt:
      'Series Description, Protocol Name, Body Part Examined, Study Description: the first that speaks',
    overridable: true,
    reason: (series) => bodyPartReason(speaker(series)),
  },
  {
    code: 'matrix-size',
    looksAt: 'Rows, Columns, how many slices there are',
    overridable: false,
    reason: matrixReason,
  },
  {
    code: 'field-of-view',
    looksAt: 'Rows, Columns, Pixel Spacing',
    overridable: true,
    reason: fieldReason,
  },
  {
    code: 'slice-thickness',
    looksAt: 'Slice Thickness',
    overridable: true,
    reason: thicknessReason,
  },
  {
    code: 'too-few-slices',
    looksAt: 'how many slices there are',
    overridable: false,
    reason: countReason,
  },
];

function describing(slice: SliceHeader): string {
  return plain(`${slice.imageType.join(' ')} ${slice.seriesDescription}`);
}

function doseReason(slice: SliceHeader): string | undefined {
  if (isDoseReport(slice.sopClassUid)) return 'it is a dose report';
  const word = DOSE_WORDS.exec(describing(slice))?.[0];
  return word === undefined ? undefined : `it is a dose report ("${word}")`;
}

function modalityReason(slice: SliceHeader): string | undefined {
  if (slice.modality !== 'CT') {
    const what = slice.modality === '' ? 'missing' : slice.modality;
    return `Modality is ${what} (${sopClassName(slice.sopClassUid)}), CT was expected`;
  }
  // Public collections strip the SOP class (RSNA 2019): Modality CT and pixels say enough
  if (slice.sopClassUid === '' && slice.hasPixels) return undefined;
  if (slice.sopClassUid in CT_SOP_CLASSES || isSecondaryCapture(slice.sopClassUid)) return undefined;
  return `it holds ${sopClassName(slice.sopClassUid)}, CT slices were expected`;
}

function captureReason(slice: SliceHeader): string | undefined {
  if (isSecondaryCapture(slice.sopClassUid)) return 'it is a secondary capture without Hounsfield units';
  const word = /\b(screen ?save|screen ?shot|screen ?capture|snapshot)\b/.exec(describing(slice))?.[0];
  return word === undefined ? undefined : `it is a screen capture ("${word}")`;
}

function reformatReason(slice: SliceHeader): string | undefined {
  const described = plain(slice.seriesDescription);
  const word =
    REFORMAT_WORDS.exec(describing(slice))?.[0] ??
    DERIVED_TYPES.exec(plain(slice.imageType.slice(2).join(' ')))?.[0] ??
    MAP_WORDS.exec(described)?.[0] ??
    PLANE_WORDS.exec(described)?.[0];
  return word === undefined ? undefined : `it is a reformatted or derived series ("${word}")`;
}

/** Half of the slices or more lean too far from the body's axis. */
function orientationReason(series: Series): string | undefined {
  const leans = series.slices
    .filter(isPlaced)
    .map((slice) => degrees(Math.acos(Math.min(1, normalOf(slice)[2]))));
  const lean = medianOf(leans);
  if (!(lean > SERIES_RULES_MM.axialDegrees)) return undefined;
  return `its slices lean ${Math.round(lean)} degrees from axial, up to ${SERIES_RULES_MM.axialDegrees} are read`;
}

function bodyPartReason(slice: SliceHeader): string | undefined {
  const part = bodyPartOf(slice);
  return part.kind === 'other' ? `${part.tag} names another body part ("${part.word}")` : undefined;
}

function matrixReason(series: Series): string | undefined {
  const { rows, columns } = speaker(series);
  return matrixProblem(rows, columns, series.slices.length);
}

function fieldReason(series: Series): string | undefined {
  const slice = [speaker(series), ...series.slices].find(isPlaced);
  if (slice === undefined) return undefined;
  const height = slice.rows * slice.pixelSpacingMm.row;
  const width = slice.columns * slice.pixelSpacingMm.column;
  const { smallestFieldMm, largestFieldMm } = SERIES_RULES_MM;
  if (Math.min(height, width) >= smallestFieldMm && Math.max(height, width) <= largestFieldMm)
    return undefined;
  return `its field of view is ${mmText(height)} x ${mmText(width)}, ${smallestFieldMm} to ${mmText(largestFieldMm)} were expected`;
}

function thicknessReason(series: Series): string | undefined {
  const thickness = thicknessMm(series);
  const { thinnestMm, thickestMm } = SERIES_RULES_MM;
  if (thickness === undefined || (thickness >= thinnestMm && thickness <= thickestMm)) return undefined;
  return `its slices are ${mmText(thickness)} thick, ${thinnestMm} to ${mmText(thickestMm)} were expected`;
}

function countReason(series: Series, minimumSlices: number): string | undefined {
  const count = series.slices.length;
  if (count >= minimumSlices) return undefined;
  return `it has ${count} slice${count === 1 ? '' : 's'}, at least ${minimumSlices} were expected`;
}
