import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageName, type Runtime, type Session } from '../base/index.ts';
import { extractSubgraph, winogradConvolutions } from '../graph/index.ts';
import {
  isOfCnn,
  MODEL_CUTS,
  MODEL_PORTS,
  type Model,
  type NetworkSettings,
  type TaskName,
} from '../network/index.ts';

/** Which classes a network's outputs stand for. */
export const TASK_CLASSES: Readonly<Record<TaskName, readonly HemorrhageName[]>> = {
  twoType: ['anyHemorrhage'],
  fiveType: HEMORRHAGE_SUBTYPE_NAMES,
};

/** One network of the model, cut so that the CNN sees a few slices at a time and the recurrent part all of them. */
export interface TaskParts {
  readonly names: { readonly maps: string; readonly features: string };
  cnn(): Promise<Session>;
  recurrent(): Promise<Session>;
  heatMaps(): Promise<Session>;
  /** Gives back what the CNN keeps for its next run; it is loaded again when it is asked for. */
  restCnn(): Promise<void>;
}

export interface ModelParts {
  /** Absent where the CNN sees whole slices. */
  readonly profiles?: () => Promise<Session>;
  readonly frame?: () => Promise<Session>;
  readonly tasks: Readonly<Record<TaskName, TaskParts>>;
  close(): Promise<void>;
}

const isFulfilled = <T>(settled: PromiseSettledResult<T>): settled is PromiseFulfilledResult<T> =>
  settled.status === 'fulfilled';

/** Cuts a model file at its named boundaries; each part is loaded when it is first asked for, and once. */
export function openModelParts({ bytes, card }: Model, runtime: Runtime): ModelParts {
  const settings: NetworkSettings = card.network;
  const crops = settings.preprocessing === 'head';
  const cut = (inputs: readonly string[], outputs: readonly string[]): Uint8Array => {
    const onnx = extractSubgraph(bytes, inputs, outputs);
    // Rows and columns in every CNN's convolutions of 3 x 3 are multiples of 4
    return runtime.device === 'cpu' ? winogradConvolutions(onnx, (name) => isOfCnn(name)) : onnx;
  };
  const loaded = new Map<string, Promise<Session>>();
  const keyOf = (inputs: readonly string[], outputs: readonly string[]) =>
    [...inputs, '->', ...outputs].join(' ');
  const part =
    (inputs: readonly string[], outputs: readonly string[], kind = {}) =>
    (): Promise<Session> => {
      const key = keyOf(inputs, outputs);
      const session = loaded.get(key) ?? runtime.load(cut(inputs, outputs), { name: key, ...kind });
      loaded.set(key, session);
      // One that could not be loaded is tried again: memory may have come free
      session.catch(() => loaded.delete(key));
      return session;
    };
  const forget = async (key: string): Promise<void> => {
    const session = loaded.get(key);
    loaded.delete(key);
    await (await session)?.close();
  };
  const cnnInputs = [
    MODEL_PORTS.hu,
    ...(crops ? [MODEL_CUTS.frame] : []),
    ...(settings.slabMm === undefined ? [] : [MODEL_PORTS.slicesPerSlab]),
  ];
  const taskParts = (task: TaskName): TaskParts => {
    const names = { maps: MODEL_CUTS.maps(settings, task), features: MODEL_CUTS.features(settings, task) };
    const hasSlices = settings.supervision === 'sli-lab';
    const sliceCuts = hasSlices ? [MODEL_CUTS.slices(task), MODEL_CUTS.mapWeights(task)] : [];
    const cnn = [cnnInputs, [names.maps, names.features]] as const;
    return {
      names,
      cnn: part(...cnn, { convolutional: true }),
      recurrent: part([names.features], [MODEL_CUTS.subject(task), ...sliceCuts], { runsOnce: true }),
      heatMaps: part([names.maps, MODEL_CUTS.mapWeights(task)], [MODEL_CUTS.heatMaps(task)]),
      restCnn: () => forget(keyOf(...cnn)),
    };
  };
  const close = async (): Promise<void> => {
    // A part that never loaded has been told to whoever asked for it
    const sessions = (await Promise.allSettled(loaded.values())).filter(isFulfilled);
    for (const { value } of sessions) await value.close();
  };
  const tasks = { twoType: taskParts('twoType'), fiveType: taskParts('fiveType') };
  if (!crops) return { tasks, close };
  return {
    profiles: part([MODEL_PORTS.hu], [MODEL_CUTS.profiles]),
    frame: part([MODEL_PORTS.hu, MODEL_CUTS.profiles], [MODEL_CUTS.frame]),
    tasks,
    close,
  };
}
