import { IchorError } from '../base/index.ts';
import type { GraphNode, InputValue, ParameterValue, Value } from './value.ts';

/** What is computed, by name, and the named places at which the file can be cut. */
export interface Graph {
  readonly name: string;
  readonly outputs: Readonly<Record<string, Value>>;
  /** Inner values that keep their name in the file: where `extractSubgraph` may cut. */
  readonly cuts: Readonly<Record<string, Value>>;
  /** In the order in which they were named, or else met. */
  readonly inputs: readonly InputValue[];
  readonly parameters: readonly ParameterValue[];
  /** Every node after those that it reads from. */
  readonly nodes: readonly GraphNode[];
}

export interface GraphParts {
  readonly outputs: Readonly<Record<string, Value>>;
  readonly cuts?: Readonly<Record<string, Value>>;
  /** Fixes the order of the inputs; an input that nothing reads is left out of the file. */
  readonly inputs?: readonly InputValue[];
}

/** Gathers everything that the outputs need. Two different inputs or parameters of one name are a fault. */
export function createGraph(name: string, parts: GraphParts): Graph {
  const cuts = parts.cuts ?? {};
  const { nodes, leaves } = walk([...Object.values(parts.outputs), ...Object.values(cuts)]);
  const met = leaves.filter((leaf) => leaf.kind === 'input');
  const named = (parts.inputs ?? []).filter((wanted) => met.includes(wanted));
  const inputs = [...named, ...met.filter((leaf) => !named.includes(leaf))];
  const parameters = leaves.filter((leaf) => leaf.kind === 'parameter');
  refuseNamesakes(
    name,
    [...inputs, ...parameters].map((leaf) => leaf.name),
  );
  return Object.freeze({ name, outputs: { ...parts.outputs }, cuts: { ...cuts }, inputs, parameters, nodes });
}

function refuseNamesakes(graph: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new IchorError(
    'graph-names',
    `graph ${graph}: two different inputs or parameters are named ${twice}`,
  );
}

type Leaf = Exclude<Value, { kind: 'result' }>;

/** Depth first without recursion: a network of many layers must not exhaust the stack. */
export function walk(roots: readonly Value[]): { nodes: GraphNode[]; leaves: Leaf[] } {
  const nodes: GraphNode[] = [];
  const leaves = new Set<Leaf>();
  const seen = new Set<GraphNode>();
  const stack: (Value | GraphNode)[] = [...roots].reverse();
  while (stack.length > 0) {
    const next = stack.pop() as Value | GraphNode;
    if ('operator' in next) nodes.push(next);
    else if (next.kind !== 'result') leaves.add(next);
    else if (!seen.has(next.node)) {
      seen.add(next.node);
      stack.push(next.node, ...[...next.node.inputs].reverse());
    }
  }
  return { nodes, leaves: [...leaves] };
}
