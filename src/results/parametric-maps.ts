import { HEMORRHAGE_CLASSES, type HemorrhageClass } from '../base/index.ts';
import { encodedItems, type WritableAttributes, writeDicomObject } from '../dicom/index.ts';
import { heatMapCells, sliceHeatMap } from '../figures/index.ts';
import type { Vector3 } from '../volume/index.ts';
import { CODED_FINDINGS, CODES, codeItem } from './codes.ts';
import { ascii, commonAttributes, identityOf, type ResultInput } from './result-input.ts';
import {
  derivationGroup,
  dimensionModule,
  frameOfReference,
  planeGroups,
  referencedSeries,
} from './source-frames.ts';

export const PARAMETRIC_MAP_STORAGE = '1.2.840.10008.5.1.4.1.1.30';
const IMAGE_TYPE = ['DERIVED', 'PRIMARY', 'VOLUME', 'NONE'];

export interface ParametricMap {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * Every class's heat maps as they were computed, a value for each of their cells: nothing is drawn between them that nobody
 * computed. Throws IchorError where the source cannot carry one.
 */
export function parametricMaps(input: ResultInput): ParametricMap[] {
  const place = frameOfReference(input, 'a map');
  const cells = cellsOf(input);
  const frames = frameAttributes(input, cells);
  return HEMORRHAGE_CLASSES.flatMap((one, i) => {
    const maps = input.findings.heatMaps[one.name];
    if (maps === undefined) return [];
    const identity = identityOf(input, 'parametricMap', PARAMETRIC_MAP_STORAGE, i + 1);
    const attributes = {
      ...commonAttributes(input, 'parametricMap', identity, i + 1),
      ...place,
      ...mapAttributes(input, one, cells),
      ...frames,
      FloatPixelData: maps,
    };
    const file = `parametric-map-${one.abbreviation.toLowerCase()}.dcm`;
    return [{ file, bytes: writeDicomObject({ attributes }) }];
  });
}

/** Along each side of the maps of a slice; those of all classes are alike. */
function cellsOf({ study, findings }: ResultInput): number {
  const [maps = new Float32Array()] = Object.values(findings.heatMaps);
  return maps.length === 0 ? 0 : heatMapCells(sliceHeatMap(maps, study.volume.slices, 0));
}

/** PS3.3 A.75: Parametric Map Image, Floating Point Image Pixel, Multi-frame Functional Groups. */
function mapAttributes(input: ResultInput, one: HemorrhageClass, cells: number): WritableAttributes {
  return {
    ImageType: IMAGE_TYPE,
    Rows: cells,
    Columns: cells,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 32,
    PresentationLUTShape: 'IDENTITY',
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
    RecognizableVisualFeatures: 'NO',
    ContentQualification: 'RESEARCH',
    ContentLabel: 'ATTENTION_MAP',
    ContentDescription: ascii(`Attention maps of ${one.label}; research use only`),
    ContentCreatorName: 'Ichor^Software',
    AcquisitionContextSequence: [],
    ...dimensionModule(input, ['slice']),
    SharedFunctionalGroupsSequence: [sharedGroups(input, one, cells)],
  };
}

/** A frame per slice, alike in the maps of all classes and encoded once for them. */
function frameAttributes(input: ResultInput, cells: number): WritableAttributes {
  const slices = input.study.slices.map((_, slice) => ({ slice }));
  return {
    NumberOfFrames: slices.length,
    ReferencedSeriesSequence: encodedItems([referencedSeries(input, slices)]),
    PerFrameFunctionalGroupsSequence: encodedItems(
      slices.map(({ slice }) => ({
        ...derivationGroup(input, slice, CODES.classActivation),
        FrameContentSequence: [{ DimensionIndexValues: [slice + 1] }],
        PlanePositionSequence: [{ ImagePositionPatient: firstCell(input, slice, cells) }],
      })),
    ),
  };
}

function sharedGroups(
  input: ResultInput,
  { name, abbreviation }: HemorrhageClass,
  cells: number,
): WritableAttributes {
  const quantity = {
    ValueType: 'CODE',
    ConceptNameCodeSequence: [codeItem(CODES.quantity)],
    ConceptCodeSequence: [codeItem(CODES.classActivation)],
  };
  return {
    ...planeGroups(input, cellMm(input, cells)),
    FrameAnatomySequence: [
      { FrameLaterality: 'U', AnatomicRegionSequence: [codeItem(CODED_FINDINGS[name].site)] },
    ],
    PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' }],
    FrameVOILUTSequence: [{ WindowCenter: 0.01, WindowWidth: 0.02, VOILUTFunction: 'LINEAR_EXACT' }],
    ParametricMapFrameTypeSequence: [{ FrameType: IMAGE_TYPE }],
    RealWorldValueMappingSequence: [
      {
        LUTExplanation: "Share of the slice's importance in a cell",
        LUTLabel: abbreviation,
        DoubleFloatRealWorldValueFirstValueMapped: 0,
        DoubleFloatRealWorldValueLastValueMapped: 1,
        RealWorldValueIntercept: 0,
        RealWorldValueSlope: 1,
        MeasurementUnitsCodeSequence: [codeItem(CODES.noUnits)],
        QuantityDefinitionSequence: [quantity],
      },
    ],
  };
}

/** The distance between cells: down a column, along a row. */
function cellMm({ study, findings: { frame } }: ResultInput, cells: number): [row: number, column: number] {
  const { pixelSpacingMm } = study.volume.geometry;
  return [(pixelSpacingMm.row * frame.rowSize) / cells, (pixelSpacingMm.column * frame.columnSize) / cells];
}

/** The middle of a slice's first cell, in the patient's millimetres; the slice's own position is its first pixel's middle. */
function firstCell({ study, findings: { frame } }: ResultInput, slice: number, cells: number): number[] {
  const { imagePositionsPatient, pixelSpacingMm, rowDirection, columnDirection } = study.volume.geometry;
  const down = (frame.rowStart + frame.rowSize / cells / 2 - 0.5) * pixelSpacingMm.row;
  const along = (frame.columnStart + frame.columnSize / cells / 2 - 0.5) * pixelSpacingMm.column;
  const origin: Vector3 | undefined = imagePositionsPatient[slice];
  if (origin === undefined) throw new RangeError(`no position of slice ${slice}`);
  const [x, y, z] = origin;
  const [rx, ry, rz] = rowDirection;
  const [cx, cy, cz] = columnDirection;
  return [x + along * rx + down * cx, y + along * ry + down * cy, z + along * rz + down * cz];
}
