import { writeFileWhole } from '../../src/files/index.ts';
import type { Predictor } from '../../src/prediction/index.ts';
import type { Volume } from '../../src/volume/index.ts';

const POSITIVE = 0.5;
/** A slice that the model is sure of, and one that a subject below should not stand over. */
const [SURE, STRONG] = [0.9, 0.8];

/** What a model says of one head. */
export interface Answer {
  readonly kind: string;
  readonly name: string;
  readonly subject: number;
  readonly bestSlice: number;
}

interface AskedHead extends Pick<Answer, 'kind' | 'name'> {
  readonly volume: Volume;
}

export async function answerOf(predictor: Predictor, { kind, name, volume }: AskedHead): Promise<Answer> {
  const { subject, slices } = await predictor.predict(volume, { operatingPoint: 1, heatMaps: false });
  const bestSlice = Math.max(...slices.map(({ anyHemorrhage }) => anyHemorrhage ?? 0));
  return { kind, name, subject: subject.anyHemorrhage ?? 0, bestSlice };
}

/** Into the file each, and to the screen how many of each kind are called. */
export async function writeAnswers(file: string, answers: readonly Answer[]): Promise<void> {
  const record = { schema: 'ichor-subject-test-1', answers };
  await writeFileWhole(file, `${JSON.stringify(record, undefined, 1)}\n`);
  for (const [kind, own] of Map.groupBy(answers, (answer) => answer.kind)) {
    const [sure = [], strong = []] = [SURE, STRONG].map((least) =>
      own.filter(({ bestSlice }) => bestSlice >= least),
    );
    const below = strong.filter(({ subject }) => subject < POSITIVE).length;
    process.stdout.write(
      `${kind}: ${calledOf(own)} called; of those with a slice from ${SURE} on ${calledOf(sure)}; below ${POSITIVE} over a slice from ${STRONG} on: ${below}\n`,
    );
  }
  process.stdout.write(`written to ${file}\n`);
}

function calledOf(all: readonly Answer[]): string {
  return `${all.filter(({ subject }) => subject >= POSITIVE).length} of ${all.length}`;
}
