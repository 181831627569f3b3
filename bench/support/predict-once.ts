/** Predicts one study and prints this process' highest resident size in bytes: `predict-once.ts STUDY MODEL THREADS`. */
import { openModel, peakMemoryBytes, readStudy } from '../../src/service/index.ts';

const [study, model, threads] = process.argv.slice(2) as [string, string, string];
const opened = await openModel({ model, device: 'cpu', threads: Number(threads) });
const { reportPage } = await opened.predict(await readStudy(study));
await reportPage();
await opened.close();
console.log(peakMemoryBytes());
