import { createRandom, HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageSubtypeName } from '../../src/base/index.ts';
import { PREDICTION_SCHEMA, type Prediction } from '../../src/prediction/index.ts';
import type { ReportInput } from '../../src/report/index.ts';
import type { Volume } from '../../src/volume/index.ts';

/** A round head of noisy brain in a ring of bone, with a bright spot in the slices around `slices / 2`. */
export function headVolume(slices: number, side = 128): Volume {
  const random = createRandom(7);
  const hu = new Int16Array(slices * side * side);
  const radius = side * 0.4;
  for (let i = 0; i < hu.length; i++) {
    const row = Math.floor(i / side) % side;
    const distance = Math.hypot(row - side / 2, (i % side) - side / 2);
    const bone = distance > radius * 0.92 ? 1000 : 32 + random.normal() * 5;
    hu[i] = distance > radius ? -1000 : bone;
  }
  return {
    hu,
    slices,
    rows: side,
    columns: side,
    geometry: {
      pixelSpacingMm: { row: 1.8, column: 1.8 },
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      imagePositionsPatient: Array.from({ length: slices }, (_, i) => [0, 0, 5 * i] as const),
      sliceSpacingMm: 5,
      gantryTiltDegrees: 0,
      orientationKnown: true,
    },
  };
}

type Verdict = Prediction['anyHemorrhage'];
const verdict = (probability: number): Verdict => ({ probability, positive: probability >= 0.5 });

const SUBJECT: Readonly<Record<HemorrhageSubtypeName, number>> = {
  intraparenchymal: 0.91,
  intraventricular: 0.62,
  subdural: 0.08,
  epidural: 0.004,
  subarachnoid: 0.31,
};

/** A prediction whose slice 8 of 16 (index 7) is the most suspicious. */
export function reportInput(positive: boolean, slices = 16): ReportInput {
  const sliceRow = (slice: number) => ({
    positionMm: 5 * slice,
    probabilities: { anyHemorrhage: (positive ? 0.95 : 0.2) * Math.exp(-((slice - 7) ** 2) / 8) },
  });
  const { imagePositionsPatient: _, ...placed } = headVolume(1).geometry;
  const geometry = {
    ...placed,
    rowDirection: [1, 0, 0] as [number, number, number],
    columnDirection: [0, 1, 0] as [number, number, number],
  };
  const subtypes = Object.fromEntries(HEMORRHAGE_SUBTYPE_NAMES.map((name) => [name, verdict(SUBJECT[name])]));
  const prediction: Prediction = {
    schema: PREDICTION_SCHEMA,
    notice: 'Research use only.',
    study: { source: 'dicom', studyInstanceUid: '2.25.1', name: '2.25.1' },
    series: {
      seriesInstanceUid: '2.25.2',
      description: 'HEAD <script>alert(1)</script> "5 mm"',
      slices,
      rows: 128,
      columns: 128,
      geometry,
    },
    checks: [
      { code: 'series-chosen', severity: 'noted', text: 'series 2 was read: the only one' },
      { code: 'uneven-steps', severity: 'warned', text: 'steps of 5.00 and 7.38 mm', slices: [3, 4, 5] },
    ],
    model: { name: 'fixture', sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    operatingPoint: 0.5,
    anyHemorrhage: verdict(positive ? 0.93 : 0.07),
    subtypes: positive ? (subtypes as Record<HemorrhageSubtypeName, Verdict>) : null,
    ...(positive ? {} : { subtypesReason: 'the subject is below the threshold' }),
    slices: Array.from({ length: slices }, (_, slice) => sliceRow(slice)),
    timingsMs: { reading: 410, predicting: 1220 },
    peakMemoryBytes: 6.1e8,
    software: { name: 'ichor', version: '0.1.0' },
  };
  const anyHemorrhage = new Float32Array(slices * 256);
  for (let slice = 0; slice < slices; slice++)
    anyHemorrhage.fill(1 / 4, slice * 256 + 100, slice * 256 + 104);
  return { prediction, volume: headVolume(slices), heatMaps: { anyHemorrhage } };
}
