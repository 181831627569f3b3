import { at, HEMORRHAGE_CLASSES, type HemorrhageClass, type HemorrhageName } from '../base/index.ts';
import { type WritableAttributes, writeDicomObject } from '../dicom/index.ts';
import { sliceHeatMap } from '../figures/index.ts';
import { thresholdOf } from '../prediction/index.ts';
import { AREA_SHARE, attentionArea } from './attention-area.ts';
import { CODED_FINDINGS, CODES, codeItem } from './codes.ts';
import { ascii, commonAttributes, identityOf, type ResultInput } from './result-input.ts';
import {
  derivationGroup,
  dimensionModule,
  frameOfReference,
  planeGroups,
  referencedSeries,
} from './source-frames.ts';
import { type ObjectIdentity, uidOf } from './uids.ts';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';

/** One class on one slice. */
interface SegmentFrame {
  readonly segment: number;
  readonly slice: number;
  /** In their order. */
  readonly pixels: readonly number[];
}

export interface Segmentation {
  readonly identity: ObjectIdentity;
  /** The class of each segment, the first being segment 1. */
  readonly segments: readonly HemorrhageName[];
  readonly bytes: Uint8Array;
}

/**
 * The areas of the attention maps as a binary segmentation: a segment per positive class, a frame per slice at or above the
 * class's threshold. Undefined where there is none. Throws IchorError where the source cannot carry one.
 */
export function segmentation(input: ResultInput): Segmentation | undefined {
  const { study } = input;
  const areas = HEMORRHAGE_CLASSES.map((one) => ({ one, found: areasOf(input, one) }));
  const shown = areas.filter(({ found }) => found.length > 0);
  if (shown.length === 0) return undefined;
  const place = frameOfReference(input, 'a segmentation');
  const frames = shown.flatMap(({ found }, i) => found.map((area) => ({ ...area, segment: i + 1 })));
  const spacing = study.volume.geometry.pixelSpacingMm;
  const identity = identityOf(input, 'segmentation', SEGMENTATION_STORAGE);
  const bytes = writeDicomObject({
    attributes: {
      ...commonAttributes(input, 'segmentation', identity),
      ...place,
      ...imageAttributes(input, frames.length),
      ...dimensionModule(input, ['segment', 'slice']),
      SegmentSequence: shown.map(({ one }, i) => segment(input, one, i + 1)),
      ReferencedSeriesSequence: [referencedSeries(input, frames)],
      SharedFunctionalGroupsSequence: [planeGroups(input, [spacing.row, spacing.column])],
      PerFrameFunctionalGroupsSequence: frames.map((frame) => frameGroups(input, frame)),
    },
    pixelData: packed(frames, study.volume.rows * study.volume.columns),
  });
  return { identity, segments: shown.map(({ one }) => one.name), bytes };
}

function areasOf(
  { study, findings, prediction }: ResultInput,
  { name }: HemorrhageClass,
): Omit<SegmentFrame, 'segment'>[] {
  const maps = findings.heatMaps[name];
  const isPositive = name === 'anyHemorrhage' ? findings.positive : prediction.subtypes?.[name].positive;
  if (maps === undefined || !isPositive) return [];
  const { slices, rows, columns } = study.volume;
  return prediction.slices.flatMap(({ probabilities }, slice) => {
    if ((probabilities[name] ?? 0) < thresholdOf(prediction, name)) return [];
    const pixels = attentionArea(sliceHeatMap(maps, slices, slice), findings.frame, rows, columns);
    return pixels.length > 0 ? [{ slice, pixels }] : [];
  });
}

/** One bit per pixel, the first in the lowest bit, frames without padding between them (PS3.5 8.1.1). */
function packed(frames: readonly SegmentFrame[], perFrame: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((frames.length * perFrame) / 8));
  for (const [i, { pixels }] of frames.entries()) {
    for (const pixel of pixels) {
      const bit = i * perFrame + pixel;
      bytes[bit >> 3] = at(bytes, bit >> 3) | (1 << (bit & 7));
    }
  }
  return bytes;
}

const imageAttributes = ({ study: { volume } }: ResultInput, frames: number): WritableAttributes => ({
  ImageType: ['DERIVED', 'PRIMARY'],
  NumberOfFrames: frames,
  Rows: volume.rows,
  Columns: volume.columns,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 1,
  BitsStored: 1,
  HighBit: 0,
  PixelRepresentation: 0,
  LossyImageCompression: '00',
  SegmentationType: 'BINARY',
  ContentLabel: 'ATTENTION_MAP',
  ContentDescription: 'Areas of attention maps; research use only',
  ContentCreatorName: 'Ichor^Software',
});

/** What the segment is, so that nobody measures it: an attention map's area, not a delineation of blood. */
function segment(
  { studyInstanceUid, software }: ResultInput,
  { name, label, abbreviation }: HemorrhageClass,
  segmentNumber: number,
): WritableAttributes {
  return {
    SegmentNumber: segmentNumber,
    SegmentLabel: `Attention map, ${abbreviation}`,
    SegmentDescription: ascii(
      `Area from ${AREA_SHARE} of the highest value of each slice's attention map on (${label}). Not a delineation of blood: derive no volume from it.`,
    ),
    SegmentAlgorithmType: 'AUTOMATIC',
    SegmentAlgorithmName: `Ichor ${software.version}`,
    SegmentedPropertyCategoryCodeSequence: [codeItem(CODES.spatialConcept)],
    SegmentedPropertyTypeCodeSequence: [codeItem(CODES.classActivation)],
    AnatomicRegionSequence: [codeItem(CODED_FINDINGS[name].site)],
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [codeItem(CODES.artificialIntelligence)],
        AlgorithmName: 'Ichor',
        AlgorithmVersion: software.version,
      },
    ],
    TrackingID: label,
    TrackingUID: uidOf('finding', studyInstanceUid, name),
  };
}

/** Where the frame lies: just where its CT slice does. */
function frameGroups(input: ResultInput, { segment, slice }: SegmentFrame): WritableAttributes {
  const position = at(input.study.volume.geometry.imagePositionsPatient, slice);
  return {
    ...derivationGroup(input, slice, CODES.segmentation),
    FrameContentSequence: [{ DimensionIndexValues: [segment, slice + 1] }],
    PlanePositionSequence: [{ ImagePositionPatient: [...position] }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
  };
}
