import { at } from '../base/index.ts';
import {
  concat,
  createGraph,
  type Graph,
  input,
  sigmoid,
  slice,
  squeeze,
  type Value,
} from '../graph/index.ts';
import { columnPlaces, resampleBy, rowPlaces, spreadMatrix } from './area-resampling.ts';
import { type Frame, frameOf } from './head-frame.ts';
import { heatMaps, mapWeights } from './heat-maps.ts';
import { createParameterBook, type ParameterBook } from './parameter-book.ts';
import { trunkOf, trunksOf } from './parameters.ts';
import { findFrame, PREPROCESSING } from './preprocessing.ts';
import { buildRecurrent } from './recurrent.ts';
import {
  imageSideOf,
  mapSideOf,
  type NetworkSettings,
  TASK_NAMES,
  TASKS,
  type TaskName,
} from './settings.ts';
import { SLICES_PER_SLAB, type Slabs, slabsOf } from './slabs.ts';
import { buildTrunk, type TrunkValues } from './trunk.ts';

/**
 * The model's ports. `hu` int16 [slices, rows, columns] goes in; out come, for the six of HEMORRHAGE_CLASSES, the
 * subject's probabilities [6], the slices' [slices, 6], heat maps [slices, 6, side, side] (16, where networks have no
 * side of their own), and the first class' heat maps
 * at the slices' size [slices, rows, columns]. Networks that see thin slices as slabs take `slicesPerSlab` too, int64, 1
 * unless given: a slab's answer is that of each of its slices.
 */
export const MODEL_PORTS = {
  hu: 'hu',
  slicesPerSlab: SLICES_PER_SLAB,
  subject: 'subjectProbabilities',
  slices: 'sliceProbabilities',
  heatMaps: 'heatMaps',
  heatMapsAtSliceSize: 'heatMapsAtSliceSize',
} as const;

/** Where the file may be cut so that the CNN sees a few slices at a time; each a named value inside. */
export const MODEL_CUTS = {
  // Of slabs, where networks see slabs, but for the profiles

  /** [slices, 2, 128]: where there is a head. */
  profiles: 'profiles',
  /** [4]: the part of each slice that the CNN sees. */
  frame: 'frame',
  maps: (settings: NetworkSettings, task: TaskName) => `${trunkOf(settings, task)}/maps`,
  features: (settings: NetworkSettings, task: TaskName) => `${trunkOf(settings, task)}/features`,
  subject: (task: TaskName) => `${task}/subjectProbabilities`,
  slices: (task: TaskName) => `${task}/sliceProbabilities`,
  mapWeights: (task: TaskName) => `${task}/mapWeights`,
  heatMaps: (task: TaskName) => `${task}/heatMaps`,
} as const;

/** Both networks from HU to probabilities and heat maps, as one graph. Sub-Lab networks have the subject's only. */
export function buildModel(settings: NetworkSettings): Graph {
  const book = createParameterBook(settings);
  const hu = input(MODEL_PORTS.hu, ['slices', 'rows', 'columns'], 'int16');
  const { frame, named } = namedFrame(hu, settings);
  const slabs = settings.slabMm === undefined ? undefined : slabsOf(hu);
  const trunks = new Map(
    trunksOf(settings).map((trunk) => [trunk, trunkValues({ hu, frame, slabs }, book, trunk)]),
  );
  const tasks = TASK_NAMES.map((task) =>
    taskValues(trunks.get(trunkOf(settings, task)) as TrunkValues, book, task),
  );
  const cuts: Record<string, Value> = { ...named };
  for (const task of TASK_NAMES) {
    const { maps, features } = trunks.get(trunkOf(settings, task)) as TrunkValues;
    cuts[MODEL_CUTS.maps(settings, task)] = maps;
    cuts[MODEL_CUTS.features(settings, task)] = features;
  }
  for (const task of tasks) Object.assign(cuts, task.cuts);
  const outputs = {
    [MODEL_PORTS.subject]: concat(
      tasks.map((t) => t.subject),
      0,
    ),
    ...sliceOutputs(tasks, { hu, frame, slabs }, mapSideOf(settings)),
  };
  return createGraph('ichor', { outputs, cuts });
}

function namedFrame(hu: Value, settings: NetworkSettings): { frame: Frame; named: Record<string, Value> } {
  const { frame, profiles } = findFrame(hu, PREPROCESSING[settings.preprocessing]);
  if (profiles === undefined) return { frame, named: {} };
  return {
    frame: frameOf(frame.values),
    named: { [MODEL_CUTS.profiles]: profiles, [MODEL_CUTS.frame]: frame.values },
  };
}

/** A series, where it is looked at, and how. */
interface Seen {
  readonly hu: Value;
  readonly frame: Frame;
  readonly slabs: Slabs | undefined;
}

function trunkValues(
  { hu, frame, slabs }: Seen,
  book: ParameterBook,
  trunk: ReturnType<typeof trunkOf>,
): TrunkValues {
  const { prepare, channels } = PREPROCESSING[book.settings.preprocessing];
  const prepared = prepare(slabs?.hu ?? hu, frame, imageSideOf(book.settings));
  return buildTrunk(channels(prepared), book, trunk);
}

interface TaskValues {
  readonly subject: Value;
  readonly slices?: Value;
  readonly heatMaps?: Value;
  readonly cuts: Readonly<Record<string, Value>>;
}

function taskValues({ maps, features }: TrunkValues, book: ParameterBook, task: TaskName): TaskValues {
  const values = buildRecurrent(features, book, task);
  const subject = positives(sigmoid(values.subjectLogits), task, 0);
  if (values.sliceLogits === undefined) return { subject, cuts: { [MODEL_CUTS.subject(task)]: subject } };
  const slices = positives(sigmoid(values.sliceLogits), task, 1);
  const weights = mapWeights(features, values, book, task);
  const found = heatMaps(maps, weights);
  const cuts = {
    [MODEL_CUTS.subject(task)]: subject,
    [MODEL_CUTS.slices(task)]: slices,
    [MODEL_CUTS.mapWeights(task)]: weights,
    [MODEL_CUTS.heatMaps(task)]: found,
  };
  return { subject, slices, heatMaps: found, cuts };
}

/** The outputs that stand for a hemorrhage class. */
function positives(probabilities: Value, task: TaskName, axis: number): Value {
  const [start, count] = [at(TASKS[task].positives, 0), TASKS[task].positives.length];
  return slice(probabilities, { axis, start, end: start + count });
}

function sliceOutputs(
  tasks: readonly TaskValues[],
  { hu, frame, slabs }: Seen,
  mapSide: number,
): Record<string, Value> {
  const ofSlices = (found: Value | undefined) => (found === undefined ? [] : [slabs?.spread(found) ?? found]);
  const slices = tasks.flatMap((t) => ofSlices(t.slices));
  const maps = tasks.flatMap((t) => ofSlices(t.heatMaps));
  if (maps.length === 0) return {};
  return {
    [MODEL_PORTS.slices]: concat(slices, 1),
    [MODEL_PORTS.heatMaps]: concat(maps, 1),
    [MODEL_PORTS.heatMapsAtSliceSize]: atSliceSize(at(maps, 0), { hu, frame }, mapSide),
  };
}

/** Heat maps [slices, classes, side, side] of the first class on the slices' own pixels; zeros outside of the frame. */
function atSliceSize(maps: Value, { hu, frame }: Pick<Seen, 'hu' | 'frame'>, mapSide: number): Value {
  const first = squeeze(slice(maps, { axis: 1, start: 0, end: 1 }), 1);
  const rows = spreadMatrix(rowPlaces(hu), frame.row, mapSide);
  return resampleBy(first, rows, spreadMatrix(columnPlaces(hu), frame.column, mapSide));
}
