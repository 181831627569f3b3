import {
  concat,
  conv2d,
  globalAveragePool,
  localResponseNormalisation,
  maxPool2d,
  relu,
  type Value,
} from '../../graph/index.ts';
import type { BookOf, ParameterSpec } from '../parameters.ts';
import type { TaskName } from '../settings.ts';
import { outputSpecs, type Rival, seenBy } from './rival.ts';

/** Channels of an inception module: 1 x 1; 3 x 3 with its reduction; 5 x 5 with its reduction; after the pooling. */
type Inception = readonly [
  one: number,
  toThree: number,
  three: number,
  toFive: number,
  five: number,
  pool: number,
];

/** Table 1 of Szegedy et al. 2015, "Going deeper with convolutions"; a pooling before 4a and before 5a. */
const MODULES: readonly (readonly [name: string, pooledBefore: boolean, channels: Inception])[] = [
  ['3a', false, [64, 96, 128, 16, 32, 32]],
  ['3b', false, [128, 128, 192, 32, 96, 64]],
  ['4a', true, [192, 96, 208, 16, 48, 64]],
  ['4b', false, [160, 112, 224, 24, 64, 64]],
  ['4c', false, [128, 128, 256, 24, 64, 64]],
  ['4d', false, [112, 144, 288, 32, 64, 64]],
  ['4e', false, [256, 160, 320, 32, 128, 128]],
  ['5a', true, [256, 160, 320, 32, 128, 128]],
  ['5b', false, [384, 192, 384, 48, 128, 128]],
];

interface Layer {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
}

/** The six convolutions of a module, in the order of its channels. */
function layersOf(name: string, inChannels: number, channels: Inception): readonly Layer[] {
  const [one, toThree, three, toFive, five, pool] = channels;
  const layer = (part: string, from: number, outChannels: number, kernel = 1): Layer => ({
    name: `inception${name}/${part}`,
    inChannels: from,
    outChannels,
    kernel,
  });
  return [
    layer('one', inChannels, one),
    layer('toThree', inChannels, toThree),
    layer('three', toThree, three, 3),
    layer('toFive', inChannels, toFive),
    layer('five', toFive, five, 5),
    layer('pool', inChannels, pool),
  ];
}

const scaled = (width: number) => (channels: number) => Math.max(4, Math.round(channels * width));

/** conv1 7 x 7, then conv2's reduction and 3 x 3. */
function stemOf(width: number): readonly [Layer, Layer, Layer] {
  const [first, last] = [64, 192].map(scaled(width)) as [number, number];
  return [
    { name: 'conv1', inChannels: 3, outChannels: first, kernel: 7 },
    { name: 'conv2/reduce', inChannels: first, outChannels: first, kernel: 1 },
    { name: 'conv2', inChannels: first, outChannels: last, kernel: 3 },
  ];
}

/** Every module with its layers; the channels before it follow from the module before. */
function modulesOf(width: number): { pooledBefore: boolean; layers: readonly Layer[] }[] {
  let inChannels = stemOf(width)[2].outChannels;
  return MODULES.map(([name, pooledBefore, channels]) => {
    const own = channels.map(scaled(width)) as unknown as Inception;
    const layers = layersOf(name, inChannels, own);
    inChannels = own[0] + own[2] + own[4] + own[5];
    return { pooledBefore, layers };
  });
}

const featuresOf = (width: number): number => {
  const [one, , three, , five, pool] = (modulesOf(width).at(-1)?.layers ?? []).map((l) => l.outChannels);
  return (one ?? 0) + (three ?? 0) + (five ?? 0) + (pool ?? 0);
};

function layerSpecs(task: TaskName, { name, inChannels, outChannels, kernel }: Layer): ParameterSpec[] {
  const shared = { fanIn: inChannels * kernel ** 2, part: 'cnn' } as const;
  const stem = `${task}/googlenet/${name}`;
  return [
    {
      name: `${stem}/weights`,
      shape: [outChannels, inChannels, kernel, kernel],
      role: 'beforeRelu',
      ...shared,
    },
    { name: `${stem}/bias`, shape: [outChannels], role: 'bias', ...shared },
  ];
}

function convolve(x: Value, { of }: BookOf, task: TaskName, layer: Layer, stride = 1): Value {
  const stem = `${task}/googlenet/${layer.name}`;
  const padding = (layer.kernel - 1) / 2;
  return relu(conv2d(x, of(`${stem}/weights`), of(`${stem}/bias`), { stride, padding }));
}

/** 3 x 3 at stride 2; the row that an even size leaves over is padded, as Caffe rounds up. */
const halved = (x: Value): Value =>
  maxPool2d(x, { kernel: 3, stride: 2, padding: { before: [0, 0], after: [1, 1] } });

function buildModule(x: Value, parameters: BookOf, task: TaskName, layers: readonly Layer[]): Value {
  const [one, toThree, three, toFive, five, pool] = layers as readonly [
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
  ];
  const through = (from: Value, layer: Layer) => convolve(from, parameters, task, layer);
  const pooled = maxPool2d(x, { kernel: 3, stride: 1, padding: 1 });
  return concat(
    [
      through(x, one),
      through(through(x, toThree), three),
      through(through(x, toFive), five),
      through(pooled, pool),
    ],
    1,
  );
}

/**
 * GoogLeNet on single slices (Szegedy et al. 2015), from 256 x 256; without its two auxiliary classifiers and without
 * dropout before the output.
 */
export const GOOGLENET_2D: Rival = {
  name: '2d-googlenet',
  sees: 'slices',
  features: ({ width }) => featuresOf(width),
  specs: (task, { width }) => [
    ...[...stemOf(width), ...modulesOf(width).flatMap(({ layers }) => layers)].flatMap((l) =>
      layerSpecs(task, l),
    ),
    ...outputSpecs(task, featuresOf(width)),
  ],
  buildFeatures: (images, parameters, task, size) => {
    const { width } = size;
    const [conv1, reduce, conv2] = stemOf(width);
    let x: Value = localResponseNormalisation(
      halved(convolve(seenBy(size, images), parameters, task, conv1, 2)),
    );
    x = convolve(convolve(x, parameters, task, reduce), parameters, task, conv2);
    x = halved(localResponseNormalisation(x));
    for (const { pooledBefore, layers } of modulesOf(width))
      x = buildModule(pooledBefore ? halved(x) : x, parameters, task, layers);
    return globalAveragePool(x);
  },
};
