import { at, IchorError } from '../base/index.ts';
import type { WritableAttributes } from '../dicom/index.ts';
import { CODES, type Code, codeItem } from './codes.ts';
import { imageReference, type ResultInput } from './result-input.ts';
import { uidOf } from './uids.ts';

const TAGS = {
  segmentIdentification: 0x0062000a,
  referencedSegmentNumber: 0x0062000b,
  planePosition: 0x00209113,
  imagePositionPatient: 0x00200032,
} as const;

const DIMENSIONS = {
  segment: [TAGS.referencedSegmentNumber, TAGS.segmentIdentification, 'Segment'],
  slice: [TAGS.imagePositionPatient, TAGS.planePosition, 'Slice'],
} as const;

/** Where the frames lie. Throws IchorError `no-frame-of-reference`: then `what` cannot be laid over the slices. */
export function frameOfReference({ study }: ResultInput, what: string): WritableAttributes {
  const { frameOfReferenceUid } = study.series;
  if (frameOfReferenceUid === undefined)
    throw new IchorError(
      'no-frame-of-reference',
      `the CT slices have no FrameOfReferenceUID (0020,0052): ${what} cannot be laid over them`,
    );
  return { FrameOfReferenceUID: frameOfReferenceUid, PositionReferenceIndicator: '' };
}

/** By what the frames of a multi-frame object differ (PS3.3 C.7.6.17). */
export function dimensionModule(
  { studyInstanceUid }: ResultInput,
  names: readonly (keyof typeof DIMENSIONS)[],
): WritableAttributes {
  const uid = uidOf('dimensions', studyInstanceUid);
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: names.map((name) => {
      const [pointer, group, label] = DIMENSIONS[name];
      return {
        DimensionOrganizationUID: uid,
        DimensionIndexPointer: pointer,
        FunctionalGroupPointer: group,
        DimensionDescriptionLabel: label,
      };
    }),
  };
}

/** The instances that frames were made from, each once. */
export function referencedSeries(
  { study }: ResultInput,
  frames: readonly { readonly slice: number }[],
): WritableAttributes {
  const uids = new Set(frames.map(({ slice }) => at(study.slices, slice).sopInstanceUid ?? ''));
  return {
    SeriesInstanceUID: study.series.seriesInstanceUid,
    ReferencedInstanceSequence: [...uids].map((uid) => ({
      ReferencedSOPClassUID: study.series.sopClassUid,
      ReferencedSOPInstanceUID: uid,
    })),
  };
}

/** What all frames share: the slices' orientation, and the distance between pixels. */
export function planeGroups(
  { study }: ResultInput,
  pixelSpacing: readonly [row: number, column: number],
): WritableAttributes {
  const { rowDirection, columnDirection, sliceSpacingMm } = study.volume.geometry;
  const thickness = study.series.sliceThicknessMm ?? sliceSpacingMm;
  return {
    PixelMeasuresSequence: [{ PixelSpacing: pixelSpacing, SliceThickness: thickness }],
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...rowDirection, ...columnDirection] }],
  };
}

/** That a frame was made from a slice, and how. */
export function derivationGroup(input: ResultInput, slice: number, how: Code): WritableAttributes {
  const source = {
    ...imageReference(input, slice),
    PurposeOfReferenceCodeSequence: [codeItem(CODES.processedSource)],
  };
  return {
    DerivationImageSequence: [{ DerivationCodeSequence: [codeItem(how)], SourceImageSequence: [source] }],
  };
}
