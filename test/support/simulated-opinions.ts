import { createRandom, HEMORRHAGE_CLASSES } from '../../src/base/index.ts';

/** How many studies, and how skilled those are who judge them. */
export interface SimulatedOpinions {
  readonly studies: number;
  readonly slices: number;
  readonly seed: number;
}

const SHARES: Readonly<Record<string, number>> = {
  intraparenchymal: 0.74,
  intraventricular: 0.34,
  subdural: 0.18,
  epidural: 0.07,
  subarachnoid: 0.44,
};

const READERS = [
  ['reader A', 0.9],
  ['reader B', 1.4],
  ['reader C', 0.7],
] as const;

/** Opinions of two models and three readers on a made-up cohort like the paper's, as the CSV that `evaluate` reads. */
export function simulatedOpinions({ studies, slices, seed }: SimulatedOpinions): string {
  const random = createRandom(seed);
  const lines = [
    'patient,study,slice,class,reference,reader,probability,decision,set,excluded,age,sex,scanner',
  ];
  const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
  const names = HEMORRHAGE_CLASSES.map((c) => c.name);
  for (let k = 0; k < studies; k++) {
    const bleeding = random.chance(0.65);
    const truth = new Map<string, boolean>(
      names.map((name) => [name, bleeding && random.chance(SHARES[name] ?? 1)]),
    );
    const set = k % 3 === 0 ? 'validation' : 'test';
    const age = Math.round(random.normal(bleeding ? 54 : 42, 15));
    const tail = `${set},,${age},${random.chance(bleeding ? 0.65 : 0.45) ? 'male' : 'female'},${random.pick(['Siemens', 'GE', 'Toshiba'])}`;
    for (const name of names) {
      const positive = truth.get(name) === true;
      const head = `P${k},S${k}`;
      const skill = name === 'anyHemorrhage' ? 4.5 : 2.6;
      const p = (shift: number): string =>
        sigmoid(random.normal((positive ? 0.5 : -0.5) * skill * shift, 1)).toFixed(4);
      lines.push(`${head},,${name},${Number(positive)},model,${p(1)},,${tail}`);
      lines.push(`${head},,${name},${Number(positive)},rival,${p(0.8)},,${tail}`);
      for (const [reader, sharp] of READERS) {
        const called = random.normal((positive ? 0.5 : -0.5) * skill * sharp, 1) > 0.5;
        lines.push(`${head},,${name},${Number(positive)},${reader},,${Number(called)},${tail}`);
      }
      for (let slice = 1; slice <= slices; slice++) {
        const here = positive && Math.abs(slice - slices / 2) < slices / 5;
        const q = sigmoid(random.normal((here ? 0.4 : -0.6) * skill, 1)).toFixed(4);
        lines.push(`${head},${slice},${name},${Number(here)},model,${q},,${tail}`);
      }
    }
  }
  lines.push('X1,X1,,anyHemorrhage,0,model,0.2,,test,operated brain,,,');
  lines.push('X2,X2,,anyHemorrhage,1,model,0.9,,test,severe artifacts,,,');
  return `${lines.join('\r\n')}\r\n`;
}
