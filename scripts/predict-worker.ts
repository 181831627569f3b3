// A worker of npm run test:queue: predicts the studies that its jobs name, with the bundled model.

import { openQueue, parentDatabase } from '../src/queue/index.ts';
import { openModel, readStudy } from '../src/service/index.ts';

interface StudyJob {
  readonly folder: string;
}
interface StudyResult {
  readonly folder: string;
  readonly probability: number;
  readonly worker: number;
}

const queue = await openQueue<StudyJob, StudyResult>(parentDatabase(), {
  kind: 'predict-study',
  silentSeconds: 10,
  tries: 20,
});
const model = await openModel({ device: 'cpu', threads: 1 });
await queue.work(async ({ id, payload: { folder } }) => {
  process.send?.({ takes: id });
  const { findings } = await model.predict(await readStudy(folder), { heatMaps: false });
  return { folder, probability: findings.subject.anyHemorrhage ?? Number.NaN, worker: process.pid };
});
await model.close();
await queue.close();
process.disconnect();
