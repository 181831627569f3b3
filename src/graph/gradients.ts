import { IchorError } from '../base/index.ts';
import { sameShape, showShape } from './dimension.ts';
import { add } from './forms/elementwise.ts';
import { expandLike } from './forms/layout.ts';
import { walk } from './graph.ts';
import { OPERATORS } from './operators.ts';
import { INDEPENDENT } from './rules/rule.ts';
import { floats, type GraphNode, outputsOf, type ResultValue, type Value } from './value.ts';

/** Where differentiation starts: a value and d loss / d value; a scalar loss needs no cotangent. */
export interface Seed {
  readonly value: Value;
  readonly cotangent?: Value;
}

/**
 * d loss / d value for each of `wanted`, by reverse mode; zeros where the loss does not depend on it.
 * Throws `gradient-missing` when an operator on the way has no gradient rule.
 */
export function gradients(from: Value | readonly Seed[], wanted: readonly Value[]): Value[] {
  const seeds = 'kind' in from ? [{ value: from }] : from;
  const { nodes } = walk(seeds.map((seed) => seed.value));
  const reached = new Tape();
  for (const seed of seeds) reached.add(seed.value, startOf(seed));
  const needed = neededNodes(nodes, wanted);
  for (const node of nodes.toReversed()) if (needed.has(node)) propagate(node, reached, needed, wanted);
  return wanted.map((value) => reached.of(value) ?? expandLike(floats(0), value));
}

function startOf({ value, cotangent }: Seed): Value {
  if (cotangent === undefined) {
    if (value.shape.length === 0) return floats(1);
    throw new IchorError(
      'graph-shape',
      `gradients of ${showShape(value.shape)} need a cotangent of that shape`,
    );
  }
  if (sameShape(value.shape, cotangent.shape)) return cotangent;
  const text = `gradients: the cotangent ${showShape(cotangent.shape)} does not fit ${showShape(value.shape)}`;
  throw new IchorError('graph-shape', text);
}

/** The nodes through which the loss depends on what is wanted. */
function neededNodes(nodes: readonly GraphNode[], wanted: readonly Value[]): Set<GraphNode> {
  const needed = new Set<GraphNode>();
  for (const node of nodes)
    if (node.inputs.some((value) => isNeeded(value, needed, wanted))) needed.add(node);
  return needed;
}

function isNeeded(value: Value, needed: ReadonlySet<GraphNode>, wanted: readonly Value[]): boolean {
  if (value.kind !== 'result') return wanted.includes(value);
  return needed.has(value.node) || wanted.some((w) => w.kind === 'result' && same(w, value));
}

const same = (a: ResultValue, b: ResultValue): boolean => a.node === b.node && a.output === b.output;

function propagate(
  node: GraphNode,
  reached: Tape,
  needed: ReadonlySet<GraphNode>,
  wanted: readonly Value[],
): void {
  const outputs = outputsOf(node);
  const cotangents = outputs.map((output) => reached.of(output));
  if (cotangents.every((cotangent) => cotangent === undefined)) return;
  const wantedInputs = node.inputs.map(
    (value) => value.element === 'float32' && isNeeded(value, needed, wanted),
  );
  if (!wantedInputs.includes(true)) return;
  const gradient = OPERATORS[node.operator]?.gradient;
  if (gradient === undefined || 'noGradient' in gradient) {
    const why = gradient?.noGradient ?? 'it is not in the table';
    throw new IchorError('gradient-missing', `operator ${node.operator} has no gradient: ${why}`);
  }
  const { inputs, attributes } = node;
  const found = gradient.build({ inputs, outputs, attributes, cotangents, wanted: wantedInputs });
  for (const [i, value] of inputs.entries()) {
    const part = found[i];
    if (wantedInputs[i] && part !== INDEPENDENT) reached.add(value, checked(node, part, value));
  }
}

function checked(node: GraphNode, gradient: Value | undefined, of: Value): Value {
  if (gradient !== undefined && sameShape(gradient.shape, of.shape)) return gradient;
  const got = gradient === undefined ? 'nothing' : showShape(gradient.shape);
  throw new IchorError(
    'gradient-missing',
    `${node.operator}: its rule gave ${got} for an input ${showShape(of.shape)}`,
  );
}

/** What has reached each value so far; contributions from several readers add up. */
class Tape {
  readonly #leaves = new Map<Value, Value>();
  readonly #results = new Map<GraphNode, Map<number, Value>>();

  of(value: Value): Value | undefined {
    return value.kind === 'result'
      ? this.#results.get(value.node)?.get(value.output)
      : this.#leaves.get(value);
  }

  add(value: Value, cotangent: Value): void {
    const before = this.of(value);
    const sum = before === undefined ? cotangent : add(before, cotangent);
    if (value.kind !== 'result') this.#leaves.set(value, sum);
    else {
      const outputs = this.#results.get(value.node) ?? new Map<number, Value>();
      this.#results.set(value.node, outputs.set(value.output, sum));
    }
  }
}
