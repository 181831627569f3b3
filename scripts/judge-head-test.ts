// npm run test:heads: how many rare forms of real and synthetic heads the ring of skull is found in, and whether a chest
// or another part of a body is ever taken for a head.
import { parseArgs } from 'node:util';
import { at } from '../src/base/index.ts';
import { findHead, type HeadEvidence } from '../src/study/index.ts';
import { chestStacks, RARE_HEADS, syntheticBodies } from './heads/forms.ts';
import { chestSeries, phantomSeries, trainingSeries } from './unlike/series.ts';

const { values } = parseArgs({ options: { data: { type: 'string', default: '../shared/data' } } });
const found: { readonly name: string; readonly evidence: HeadEvidence }[] = [];

for (const [whose, heads] of [
  ['ct-ich', await trainingSeries(values.data)],
  ['phantoms', phantomSeries(12)],
] as const)
  for (const head of heads) {
    const volume = await head.volume();
    for (const [form, make] of Object.entries(RARE_HEADS))
      found.push({ name: `${whose}: ${form}`, evidence: findHead(make(volume)) });
  }
tell('heads', found);
const chest = await chestSeries(values.data).volume();
const others = [...chestStacks(chest), ...syntheticBodies(chest.geometry)];
tell(
  'not heads',
  others.map(({ name, volume }) => ({ name, evidence: findHead(volume) })),
);

function tell(title: string, all: typeof found): void {
  const taken = all.filter(({ evidence }) => evidence.isHead).length;
  process.stdout.write(`${title}: ${taken} of ${all.length} are taken for heads\n`);
  for (const [name, own] of Map.groupBy(all, (one) => one.name)) {
    const rings = own
      .map(({ evidence }) => evidence.slicesWithRing / evidence.slicesLookedAt)
      .sort((a, b) => a - b);
    const heads = own.filter(({ evidence }) => evidence.isHead).length;
    process.stdout.write(
      `  ${name}: ${heads} of ${own.length}, least share of slices with a ring ${at(rings, 0).toFixed(2)}\n`,
    );
  }
}
