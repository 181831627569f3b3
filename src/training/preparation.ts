import { at, RefusedInput, type Runtime, type Session } from '../base/index.ts';
import {
  type BleedMask,
  type LabelledStudy,
  pixelsInBoxes,
  refuseOffGrid,
  studyKey,
  withCache,
} from '../cohort/index.ts';
import { createGraph, input, toOnnx } from '../graph/index.ts';
import {
  findFrame,
  IMAGE_SIDE,
  imageSideOf,
  type NetworkSettings,
  PREPROCESSING,
  type Preprocessing,
  type PreprocessingName,
} from '../network/index.ts';
import type { Volume } from '../volume/index.ts';

/** Brings series to the form that a CNN's channels are made from. */
export interface Preparation {
  /** HU above the floor, [slices, side, side]; kept on disk, in quarters of a HU, where no store holds the scan. */
  prepared(study: LabelledStudy): Promise<Float32Array>;
  /** Where the blood is on the prepared slices, [slices, side, side], as BleedMask says; of a study that has a mask, or boxes: then these. */
  preparedMask(study: LabelledStudy): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Before a training begins. Throws RefusedInput `store-form` where a scan is in a store and its head is to be cropped. */
export function refuseStored(studies: readonly LabelledStudy[], preprocessing: PreprocessingName): void {
  const stored = preprocessing === 'paper' ? undefined : studies.find(({ storedHu }) => storedHu);
  if (stored === undefined) return;
  throw new RefusedInput(
    'store-form',
    `${studyKey(stored)} is in a store, which keeps whole slices of 256 x 256: the head is cropped from the original ones. Give the data set itself, or take a preset with the paper's preprocessing (paper, compact)`,
  );
}

export async function createPreparation(
  runtime: Runtime,
  folder: string,
  settings: Pick<NetworkSettings, 'preprocessing' | 'imageSide'>,
): Promise<Preparation> {
  const { preprocessing } = settings;
  const side = imageSideOf(settings);
  const hu = input('hu', ['slices', 'rows', 'columns'], 'int16');
  const row = PREPROCESSING[preprocessing];
  const { frame } = findFrame(hu, row);
  const graph = createGraph('preparation', {
    outputs: { prepared: row.prepare(hu, frame, side), frame: frame.values },
  });
  const session = await runtime.load(toOnnx(graph), { name: 'preparation' });
  const prepared = async (study: LabelledStudy): Promise<Float32Array> => {
    if (preprocessing === 'paper' && side === IMAGE_SIDE && study.storedHu)
      return aboveFloorOf(await study.storedHu(), row);
    const kept = withCache(study, {
      folder,
      form: `${preprocessing}-${side}`,
      prepare: (volume) => prepare(session, volume, side),
    });
    const { hu: steps } = await kept.load();
    return new Float32Array(steps).map((step) => step / STEPS_PER_HU);
  };
  const maskOf = async (study: LabelledStudy): Promise<Uint8Array> => {
    const [volume, mask] = [await study.load(), await study.loadMask?.()];
    if (mask !== undefined) refuseOffGrid(mask, volume, studyKey(study));
    const values = mask?.values ?? (study.boxes && pixelsInBoxes(volume, study.boxes));
    if (values === undefined) throw new RangeError(`${study.study} has neither mask nor boxes`);
    const { frame: place } = await runOn(session, volume);
    return cropMask({ ...volume, values }, place?.data as Float32Array, side);
  };
  return { prepared, preparedMask: rememberingLast(maskOf), close: () => session.close() };
}

/** All copies of a study are made one after another. */
function rememberingLast(maskOf: (study: LabelledStudy) => Promise<Uint8Array>): Preparation['preparedMask'] {
  let last: { readonly study: LabelledStudy; readonly mask: Promise<Uint8Array> } | undefined;
  return (study) => {
    if (last?.study !== study) last = { study, mask: maskOf(study) };
    return last.mask;
  };
}

/** The mask's value at the middle of each prepared pixel. */
function cropMask(
  { slices, rows, columns, values }: Pick<BleedMask, 'slices' | 'rows' | 'columns' | 'values'>,
  frame: Float32Array,
  side: number,
): Uint8Array {
  const [rowStart, rowSize, columnStart, columnSize] = frame as unknown as [number, number, number, number];
  const placesOf = (start: number, size: number) =>
    Array.from({ length: side }, (_, i) => Math.floor(start + ((i + 0.5) * size) / side));
  const [fromRows, fromColumns] = [placesOf(rowStart, rowSize), placesOf(columnStart, columnSize)];
  const cropped = new Uint8Array(slices * side ** 2);
  let to = 0;
  for (let slice = 0; slice < slices; slice++)
    for (const row of fromRows)
      for (const column of fromColumns) {
        const inside = row >= 0 && row < rows && column >= 0 && column < columns;
        cropped[to++] = inside ? at(values, (slice * rows + row) * columns + column) : 0;
      }
  return cropped;
}

/** A stored scan is on the paper's grid already: what is left is to clip it. */
function aboveFloorOf(hu: Int16Array, { floorHu, ceilingHu }: Preprocessing): Float32Array {
  return new Float32Array(hu).map((value) => Math.max(floorHu, Math.min(ceilingHu, value)) - floorHu);
}

/** Kept in quarters of a HU: coarser steps would be noise of our making. */
const STEPS_PER_HU = 4;

async function prepare(session: Session, volume: Volume, side: number): Promise<Volume> {
  const results = await runOn(session, volume);
  const prepared = results.prepared?.data as Float32Array;
  const hu = new Int16Array(prepared.map((v) => Math.round(v * STEPS_PER_HU)));
  return { ...volume, hu, rows: side, columns: side };
}

const runOn = (session: Session, { slices, rows, columns, hu }: Volume) =>
  session.run({ hu: { element: 'int16', shape: [slices, rows, columns], data: hu } });
