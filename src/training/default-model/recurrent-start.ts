import { at, floatsOf, joinFloats } from '../../base/index.ts';
import {
  DIRECTIONS,
  MOBILENET_SETTINGS,
  type NetworkSettings,
  type SubjectReads,
  TASK_NAMES,
  type TaskName,
  type Weights,
} from '../../network/index.ts';
import { floatTensor } from '../common/feeds.ts';
import { copyOf } from './moving-average.ts';

const { hidden: HIDDEN, features: FEATURES } = MOBILENET_SETTINGS;
/** Classes whose CNN logits each task's hidden units carry from the start, in the order of the units. */
const CARRIED = { twoType: [0], fiveType: [1, 2, 3, 4, 5] } as const satisfies Record<
  TaskName,
  readonly number[]
>;
/** A logit of this size nearly fills the tanh that carries it. */
const LOGIT_RANGE = 6;
/** Bias of the update gate by which a unit forgets the slice before: sigmoid(-4) = 0.02. */
const FORGETS = -4;
/** Units beside the carriers that switch on where the CNN finds hemorrhage: their mean is the share of slices. */
const SWITCH = { slope: 12, share: 0.25, unit: 8 };
const SUBJECT = { weight: 10, bias: 16 };
/** Of both directions' outputs, forward first. */
const [WIDTH, SIDES] = [2 * HIDDEN, [0, HIDDEN]];

/**
 * The recurrent parts begin as the CNN's own answer: a few hidden units of each direction carry its logits through
 * both layers without memory, the heads read them, and the other units stay as drawn. Training on few series then
 * starts from what the CNN knows; drawn heads had to learn it again and were surer of seen series than of others.
 */
export function startAsCnn(drawn: Weights, cnn: Weights, { subjectReads }: NetworkSettings): Weights {
  const weights = copyOf(drawn);
  for (const task of TASK_NAMES) {
    for (const direction of DIRECTIONS) carryLogits(weights, task, direction, cnn);
    readCarriers(weights, task);
    readSubject(weights, task, subjectReads);
  }
  return weights;
}

/** The CNN's own logits of each slice as heads of both tasks, for networks that hear them too. */
export function cnnHeads(cnn: Weights): Weights {
  const [weights, bias] = [floatsOf(cnn, 'warmUp/weights'), floatsOf(cnn, 'warmUp/bias')];
  return Object.fromEntries(
    TASK_NAMES.flatMap((task) => {
      const readers = readersOf(task).map(({ sign, unit }) => ({ sign, c: at(CARRIED[task], unit) }));
      const rows = readers.map(({ sign, c }) =>
        weights.subarray(c * FEATURES, (c + 1) * FEATURES).map((w) => sign * w),
      );
      const biases = Float32Array.from(readers, ({ sign, c }) => sign * at(bias, c));
      return [
        [`${task}/cnnHead/weights`, floatTensor([rows.length, FEATURES], joinFloats(rows))],
        [`${task}/cnnHead/bias`, floatTensor([rows.length], biases)],
      ] as const;
    }),
  );
}

function carryLogits(
  weights: Weights,
  task: TaskName,
  direction: (typeof DIRECTIONS)[number],
  cnn: Weights,
): void {
  const logitWeights = floatsOf(cnn, 'warmUp/weights');
  const logitBias = floatsOf(cnn, 'warmUp/bias');
  for (const [unit, c] of CARRIED[task].entries()) {
    const row = logitWeights.subarray(c * FEATURES, (c + 1) * FEATURES);
    const first = row.map((w) => w / LOGIT_RANGE);
    setUnit(weights, `${task}/gru1/${direction}`, unit, first, at(logitBias, c) / LOGIT_RANGE);
    const both = new Float32Array(2 * HIDDEN);
    both[unit] = both[HIDDEN + unit] = 0.5;
    setUnit(weights, `${task}/gru2/${direction}`, unit, both, 0);
    const { slope, share } = SWITCH;
    const steep = both.map((w) => w * slope);
    setUnit(weights, `${task}/gru2/${direction}`, SWITCH.unit + unit, steep, -slope * share);
  }
}

/** Makes a unit tanh(weights . x + bias), with no memory of other slices; gates: reset, update, new. */
function setUnit(weights: Weights, layer: string, unit: number, row: Float32Array, bias: number): void {
  const [update, fresh] = [HIDDEN + unit, 2 * HIDDEN + unit];
  const fill = (name: string, gate: number, values: Float32Array) =>
    floatsOf(weights, `${layer}/${name}`).set(values, gate * values.length);
  const [noInput, noHidden] = [new Float32Array(row.length), new Float32Array(HIDDEN)];
  fill('inputWeights', update, noInput);
  fill('inputWeights', fresh, row);
  for (const gate of [update, fresh]) fill('hiddenWeights', gate, noHidden);
  for (const [gate, value] of [
    [update, FORGETS],
    [fresh, bias],
  ] as const) {
    fill('inputBias', gate, Float32Array.of(value));
    fill('hiddenBias', gate, Float32Array.of(0));
  }
}

/** Outputs of a task's heads with the hidden unit that each reads, and whether for or against. */
const readersOf = (task: TaskName) =>
  task === 'twoType'
    ? [-1, 1].map((sign) => ({ sign, unit: 0 }))
    : CARRIED.fiveType.map((_, unit) => ({ sign: 1, unit }));

function readCarriers(weights: Weights, task: TaskName): void {
  for (const [output, { sign, unit }] of readersOf(task).entries())
    for (const side of SIDES)
      floatsOf(weights, `${task}/sliceHead/weights`)[output * WIDTH + side + unit] = (sign * LOGIT_RANGE) / 2;
}

/** The mean tells the share of slices that bleed; where the surest slice speaks, it has nothing to add at first. */
function readSubject(weights: Weights, task: TaskName, reads: SubjectReads = 'mean'): void {
  const head = floatsOf(weights, `${task}/subjectHead/weights`);
  const bias = floatsOf(weights, `${task}/subjectHead/bias`);
  if (reads === 'meanAndSurestSlice') {
    head.fill(0);
    bias.fill(0);
    return;
  }
  for (const [output, { sign, unit }] of readersOf(task).entries()) {
    for (const side of SIDES) head[output * WIDTH + side + SWITCH.unit + unit] = (sign * SUBJECT.weight) / 2;
    bias[output] = (sign * SUBJECT.bias) / 2;
  }
}
