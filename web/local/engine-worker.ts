/** Reads and predicts away from the page, so that the page answers meanwhile. */
import { codeOf, IchorError, messageOf, type StudyFile } from '../../src/base/index.ts';
import { studyFiles } from '../../src/files-web/index.ts';
import { modelSummary } from '../../src/report/index.ts';
import { type AcceptedStudy, readStudies } from '../../src/study/index.ts';
import { type Engine, openEngine } from '../engine.ts';
import { fetchedFile } from '../fetched-file.ts';
import { sparing } from '../sparing.ts';
import type { FromEngine, GivenFiles, ToEngine } from './engine-messages.ts';

/** The page's folder, whatever its address is; this bundle lies one folder deeper. */
const BESIDE_PAGE = new URL('../', import.meta.url);
const MODEL = 'default.onnx';

const say = (message: FromEngine, move: Transferable[] = []): void =>
  globalThis.postMessage(message, { transfer: move });
const onProgress = sparing((event) => say({ kind: 'progress', event }));

let opened: Promise<Engine> | undefined;
let stopping = new AbortController();
let studies = 0;

async function open(): Promise<Engine> {
  const response = await fetch(new URL(`models/${MODEL}`, BESIDE_PAGE));
  if (!response.ok)
    throw new IchorError(
      'model-missing',
      `models/${MODEL}: the page's server answered ${response.status}; it must offer this file`,
    );
  const engine = await openEngine({
    model: new Uint8Array(await response.arrayBuffer()),
    modelName: MODEL,
    wasmFolder: new URL('wasm/', BESIDE_PAGE).href,
    software: { name: 'ichor', version: import.meta.env.ICHOR_VERSION },
  });
  say({ kind: 'opened', deviceNote: engine.deviceNote, model: modelSummary(engine.card) });
  return engine;
}

/** Every study has an outcome; one that fails does not stop the others. */
async function predict(given: GivenFiles): Promise<void> {
  const { signal } = stopping;
  // Opened while the first study is read; whoever awaits it is told of its failure
  opened ??= open();
  opened.catch(() => {});
  let startedAt = performance.now();
  for await (const outcome of readStudies(await filesOf(given), { signal, onProgress })) {
    const study = studies++;
    const info = outcome.study && { info: outcome.study };
    if (outcome.kind === 'refused') say({ kind: 'refused', study, ...info, checks: outcome.checks });
    else await predictOne(study, outcome, performance.now() - startedAt);
    startedAt = performance.now();
  }
}

const filesOf = async (given: GivenFiles): Promise<StudyFile[]> =>
  given.from === 'user' ? await studyFiles(given.named) : given.offered.map(fetchedFile);

async function predictOne(study: number, accepted: AcceptedStudy, readingMs: number): Promise<void> {
  say({ kind: 'read', study, info: accepted.study });
  const engine = await opened;
  if (engine === undefined) return;
  try {
    const { signal } = stopping;
    const { prediction, findings } = await engine.predict(accepted, { readingMs, signal, onProgress });
    const { heatMaps, frame } = findings;
    const { volume } = accepted;
    // Moved: a copy of some hundred MB would keep the page from answering
    const { buffer } = volume.hu;
    const moved = buffer instanceof ArrayBuffer ? [buffer] : [];
    say({ kind: 'predicted', study, shown: { volume, prediction, heatMaps, frame } }, moved);
  } catch (thrown) {
    if (codeOf(thrown) === 'aborted') throw thrown;
    say({ kind: 'failed', study, ...faultOf(thrown) });
  }
}

const faultOf = (thrown: unknown) => ({ code: codeOf(thrown, 'fault'), text: messageOf(thrown) });

async function answer(message: ToEngine): Promise<void> {
  switch (message.kind) {
    case 'stop':
      return stopping.abort();
    case 'report': {
      const { reportPage } = await import('./make-report.ts');
      return say({ kind: 'report', study: message.study, page: await reportPage(message.input) });
    }
    case 'predict':
      stopping = new AbortController();
      await predict(message.files);
      return say({ kind: 'done', wasStopped: false });
  }
}

globalThis.addEventListener('message', ({ data }: MessageEvent<ToEngine>) => {
  answer(data).catch((thrown: unknown) => {
    if (codeOf(thrown) === 'aborted') return say({ kind: 'done', wasStopped: true });
    // A model that did not open may open next time
    opened = undefined;
    say({ kind: 'failed', ...faultOf(thrown) });
    say({ kind: 'done', wasStopped: false });
  });
});
