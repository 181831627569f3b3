import { IchorError, type Tensor } from '../base/index.ts';
import type { Direction, ParameterValue } from '../graph/index.ts';
import { CNN_PLANS, type ConvolutionRow, convolutionsOf } from './cnn-plans.ts';
import { hearsCnn, mapSideOf, type NetworkSettings, TASK_NAMES, TASKS, type TaskName } from './settings.ts';

/** Whose CNN it is: a task's own, or the one that both share. */
export type TrunkName = TaskName | 'shared';

/** How a parameter starts: the bound of its uniform draw is gain / sqrt(fanIn). */
export type ParameterRole = 'beforeRelu' | 'linear' | 'recurrent' | 'bias' | 'recurrentBias';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** Inputs that one output reads. */
  readonly fanIn: number;
  readonly part: 'cnn' | 'dense' | 'gru' | 'head';
}

/** Gives a graph's parameters by name. */
export interface BookOf {
  /** Throws `parameter-unknown`. */
  of(name: string): ParameterValue;
}

/** float32 tensors by parameter name. */
export type Weights = Readonly<Record<string, Tensor>>;

export const trunkOf = (settings: NetworkSettings, task: TaskName): TrunkName =>
  settings.sharedCnn ? 'shared' : task;

export const trunksOf = (settings: NetworkSettings): readonly TrunkName[] =>
  settings.sharedCnn ? ['shared'] : TASK_NAMES;

type Draft = Pick<ParameterSpec, 'name' | 'shape'>;

const withPart = (
  part: ParameterSpec['part'],
  role: ParameterRole,
  biasRole: ParameterRole,
  fanIn: number,
  drafts: readonly Draft[],
): ParameterSpec[] =>
  drafts.map((d) => ({ ...d, part, fanIn, role: d.shape.length === 1 ? biasRole : role }));

const CNN_PART = 'cnn';

/** The names of a convolution's weights and bias; with `isOfCnn` they are found again in a model file. */
export const convolutionNames = (trunk: string, layer: string) => ({
  weights: `${trunk}/${CNN_PART}/${layer}/weights`,
  bias: `${trunk}/${CNN_PART}/${layer}/bias`,
});

/** Whether a tensor of that name belongs to the convolutions, or to the one of a layer. */
export function isOfCnn(tensor: string, layer?: string): boolean {
  const [, part, own] = tensor.split('/');
  return part === CNN_PART && (layer === undefined || own === layer);
}

function convolutionParameters(trunk: TrunkName, row: ConvolutionRow): ParameterSpec[] {
  const names = convolutionNames(trunk, row.name);
  const perGroup = row.depthwise ? 1 : row.inChannels;
  return withPart('cnn', 'beforeRelu', 'bias', perGroup * row.kernel ** 2, [
    { name: names.weights, shape: [row.outChannels, perGroup, row.kernel, row.kernel] },
    { name: names.bias, shape: [row.outChannels] },
  ]);
}

/** How many numbers of one slice's maps enter the dense layer. */
export function bridgeSize(settings: Pick<NetworkSettings, 'cnn' | 'imageSide'>): number {
  const { bridge, mapChannels } = CNN_PLANS[settings.cnn];
  return bridge === 'flatten' ? mapChannels * (mapSideOf(settings) / 2) ** 2 : 2 * mapChannels;
}

/** A CNN with the dense layer that ends it. */
export function trunkParameters(settings: NetworkSettings, trunk: TrunkName): ParameterSpec[] {
  const plan = CNN_PLANS[settings.cnn];
  const size = bridgeSize(settings);
  const dense = withPart('dense', 'beforeRelu', 'bias', size, [
    { name: `${trunk}/dense/weights`, shape: [settings.features, size] },
    { name: `${trunk}/dense/bias`, shape: [settings.features] },
  ]);
  return [...convolutionsOf(plan).flatMap((row) => convolutionParameters(trunk, row)), ...dense];
}

export const GRU_LAYERS = ['gru1', 'gru2'] as const;
export const DIRECTIONS = ['forward', 'backward'] as const satisfies readonly Direction[];

/** PyTorch's layout: gates reset, update, new along the first axis; a bias on either side of the reset gate. */
function gruParameters(settings: NetworkSettings, task: TaskName): ParameterSpec[] {
  const { hidden, features } = settings;
  return GRU_LAYERS.flatMap((layer) =>
    DIRECTIONS.flatMap((direction) => {
      const prefix = `${task}/${layer}/${direction}`;
      return withPart('gru', 'recurrent', 'recurrentBias', hidden, [
        {
          name: `${prefix}/inputWeights`,
          shape: [3 * hidden, layer === 'gru1' ? features : 2 * hidden],
        },
        { name: `${prefix}/hiddenWeights`, shape: [3 * hidden, hidden] },
        { name: `${prefix}/inputBias`, shape: [3 * hidden] },
        { name: `${prefix}/hiddenBias`, shape: [3 * hidden] },
      ]);
    }),
  );
}

/** Output layers of a task: of the subject and of each slice on the recurrent outputs, and of each slice on the CNN's features. */
export type HeadName = 'subject' | 'slice' | 'cnn';

/** The recurrent part with its output layers; the slices' heads under Sli-Lab only. */
export function recurrentParameters(settings: NetworkSettings, task: TaskName): ParameterSpec[] {
  const { outputs } = TASKS[task];
  const head = (name: HeadName, inputs: number) =>
    withPart('head', 'linear', 'bias', inputs, [
      { name: `${task}/${name}Head/weights`, shape: [outputs, inputs] },
      { name: `${task}/${name}Head/bias`, shape: [outputs] },
    ]);
  return [
    ...gruParameters(settings, task),
    ...head('subject', 2 * settings.hidden),
    ...(settings.supervision === 'sli-lab' ? head('slice', 2 * settings.hidden) : []),
    ...(hearsCnn(settings) ? head('cnn', settings.features) : []),
  ];
}

/** Everything that a model file holds, in a fixed order. */
export function parametersOf(
  settings: NetworkSettings,
  tasks: readonly TaskName[] = TASK_NAMES,
): ParameterSpec[] {
  const trunks = trunksOf(settings).filter((t) => t === 'shared' || tasks.includes(t));
  return [
    ...trunks.flatMap((trunk) => trunkParameters(settings, trunk)),
    ...tasks.flatMap((task) => recurrentParameters(settings, task)),
  ];
}

/** Throws `weights-mismatch` naming the first parameter that is missing or has another shape. */
export function checkWeights(specs: readonly ParameterSpec[], weights: Weights): void {
  for (const { name, shape } of specs) {
    const found = weights[name];
    const got = found === undefined ? 'nothing' : `${found.element} [${found.shape.join(', ')}]`;
    if (got === `float32 [${shape.join(', ')}]`) continue;
    throw new IchorError(
      'weights-mismatch',
      `weights ${name}: got ${got}, expected float32 [${shape.join(', ')}]`,
    );
  }
}
