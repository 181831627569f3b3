import type { Runtime, Session } from '../base/index.ts';
import { type LabelledStudy, withCache } from '../cohort/index.ts';
import { createGraph, input, toOnnx } from '../graph/index.ts';
import {
  findFrame,
  IMAGE_SIDE,
  PREPROCESSING,
  type Preprocessing,
  type PreprocessingName,
} from '../network/index.ts';
import type { Volume } from '../volume/index.ts';

/** Brings series to the form that a CNN's channels are made from. */
export interface Preparation {
  /** HU above the floor, [slices, 256, 256]; kept on disk, in quarters of a HU, where no store holds the scan. */
  prepared(study: LabelledStudy): Promise<Float32Array>;
  close(): Promise<void>;
}

export async function createPreparation(
  runtime: Runtime,
  folder: string,
  preprocessing: PreprocessingName,
): Promise<Preparation> {
  const hu = input('hu', ['slices', 'rows', 'columns'], 'int16');
  const row = PREPROCESSING[preprocessing];
  const graph = createGraph('preparation', {
    outputs: { prepared: row.prepare(hu, findFrame(hu, row).frame) },
  });
  const session = await runtime.load(toOnnx(graph), { name: 'preparation' });
  const prepared = async (study: LabelledStudy): Promise<Float32Array> => {
    if (preprocessing === 'paper' && study.storedHu) return aboveFloorOf(await study.storedHu(), row);
    const kept = withCache(study, {
      folder,
      form: `${preprocessing}-256`,
      prepare: (volume) => prepare(session, volume),
    });
    const { hu: steps } = await kept.load();
    return new Float32Array(steps).map((step) => step / STEPS_PER_HU);
  };
  return { prepared, close: () => session.close() };
}

/** A stored scan is on the paper's grid already: what is left is to clip it. */
function aboveFloorOf(hu: Int16Array, { floorHu, ceilingHu }: Preprocessing): Float32Array {
  return new Float32Array(hu).map((value) => Math.max(floorHu, Math.min(ceilingHu, value)) - floorHu);
}

/** Kept in quarters of a HU: coarser steps would be noise of our making. */
const STEPS_PER_HU = 4;

async function prepare(session: Session, volume: Volume): Promise<Volume> {
  const { slices, rows, columns } = volume;
  const results = await session.run({
    hu: { element: 'int16', shape: [slices, rows, columns], data: volume.hu },
  });
  const prepared = results.prepared?.data as Float32Array;
  const hu = new Int16Array(prepared.map((v) => Math.round(v * STEPS_PER_HU)));
  return { ...volume, hu, rows: IMAGE_SIDE, columns: IMAGE_SIDE };
}
