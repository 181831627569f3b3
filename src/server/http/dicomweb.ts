import type { Archive } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import type { DicomwebSources } from '../dicomweb/study-summaries.ts';
import type { Api } from './api.ts';
import { qidoRoutes } from './qido.ts';
import { wadoRoutes } from './wado.ts';

/** Of removed objects nothing is told any more, on the disk neither. */
const CHANGING = new Set(['finished', 'removed']);
const MADE_READY = new Set(['queued', 'refused']);

/** QIDO-RS and WADO-RS; what they tell of a study is made ready when it is complete, and when it has a result. */
export function dicomwebRoutes(
  app: Api,
  archive: Archive,
  { instances, summaries }: DicomwebSources,
  log: (text: string) => void,
): void {
  qidoRoutes(app, archive, summaries, instances);
  wadoRoutes(app, archive, instances);
  let preparing: Promise<void> = Promise.resolve();
  let isClosing = false;
  const stopListening = archive.onEntry((entry) => {
    const isChanged = CHANGING.has(entry.event) || (entry.event === 'moved' && MADE_READY.has(entry.to));
    const held = isChanged ? archive.index.study(entry.study) : undefined;
    if (held === undefined) return;
    // One after another, beside what is received; who asks before has it made then
    preparing = preparing
      .then(async () => {
        if (!isClosing) await summaries.of(held);
      })
      .catch((thrown: unknown) => log(`DICOMweb cannot be made ready: ${messageOf(thrown)}`));
  });
  app.addHook('onClose', async () => {
    stopListening();
    // What has begun ends; the next start makes the others when somebody asks
    isClosing = true;
    await preparing;
  });
}
