// npm run show:missed: a page with every bleeding patient that a cross-validation calls negative at 0.5, and each of the slices
// with blood, so that a person can say whether it is to be seen. The pictures are CT-ICH's; the page stays out of the repository.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { at, HEMORRHAGE_CLASSES } from '../src/base/index.ts';
import { html, page } from '../src/figures/index.ts';
import { writeFileWhole } from '../src/files/index.ts';
import { type FoldFile, readFolds } from '../src/training/index.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/ct-ich' },
    work: { type: 'string', default: 'training-runs/default' },
    out: { type: 'string', default: 'runs/missed/index.html' },
  },
});
const FOLDS = 5;
const STYLE =
  '.slices{display:flex;flex-wrap:wrap;gap:8px}.slices figure{margin:0;width:320px}.slices img{width:320px}';

type Patient = FoldFile['predictions'][number];

const files = await readFolds(path.join(values.work, 'cv'), FOLDS);
const missed = files
  .flatMap(({ seed, predictions }) => predictions.map((patient) => ({ seed, patient })))
  .filter(
    ({ patient: { form, targets, twoType } }) => form === 'plain' && bleeds(targets) && twoType.subject < 0,
  );
const blocks = await Promise.all(
  missed.map(
    async ({
      seed,
      patient,
    }) => html`<section><h2>Patient ${patient.study}, seed ${seed}: ${shown(patient.twoType.subject)}</h2>
<div class="slices">${await Promise.all(bleedingSlices(patient).map((slice) => figure(patient, slice)))}</div></section>`,
  ),
);
const title = `${missed.length} bleeding patients called negative at 0.5, out of fold`;
await writeFileWhole(values.out, page({ title, style: STYLE, widthPx: 1360 }, html`${blocks}`));
process.stdout.write(`${title}: ${values.out}\n`);

async function figure({ study, targets, twoType }: Patient, slice: number) {
  const number = String(slice + 1).padStart(2, '0');
  const jpeg = await readFile(path.join(values.data, 'images', study.padStart(3, '0'), `${number}.jpg`));
  const names = HEMORRHAGE_CLASSES.filter((_, c) => c > 0 && targets[slice]?.[c] === 1).map(
    ({ name }) => name,
  );
  return html`<figure><img alt="" src="data:image/jpeg;base64,${jpeg.toString('base64')}">
<figcaption>slice ${number}, ${names.join(', ')}: ${shown(at(twoType.slices, slice))}</figcaption></figure>`;
}

function bleeds(targets: Patient['targets']): boolean {
  return targets.some((row) => row[0] === 1);
}

function bleedingSlices({ targets }: Patient): number[] {
  return [...targets.keys()].filter((slice) => targets[slice]?.[0] === 1);
}

function shown(logit: number): string {
  return (1 / (1 + Math.exp(-logit))).toFixed(2);
}
