import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Archive, followIndex, jobBoard, openArchive } from '../archive/index.ts';
import { messageOf, UsageError } from '../base/index.ts';
import { readAccounts } from './access/accounts-file.ts';
import { type Audit, openAudit } from './audit/audit.ts';
import { startDelivering } from './delivery/deliverer.ts';
import { withFirstSight } from './delivery/first-sight.ts';
import { type DicomProvider, listenForDicom } from './dicom-network/provider.ts';
import { nameOf } from './dicom-network/visit.ts';
import { createDriftWatch } from './drift/drift-watch.ts';
import { createHttp } from './http/app.ts';
import { PAGE_FOLDER } from './http/page.ts';
import { textOf } from './http/upload.ts';
import { createMetrics } from './http/watch.ts';
import { createIntake } from './intake/intake.ts';
import { pullFrom } from './intake/pull.ts';
import { watchFolders } from './intake/watched-folder.ts';
import { startRetention } from './retention/retention.ts';
import { openDoors } from './settings/doors.ts';
import { refuseUnsafe } from './settings/exposure.ts';
import { followCertificate } from './settings/renewed-tls.ts';
import type { Settings } from './settings/settings-schema.ts';
import { renewTls } from './tls.ts';
import { type Predicting, startPredicting } from './worker/predicting.ts';

export interface ServeOptions extends Settings {
  /** Makes the index in the database anew from the journal. */
  readonly rebuild?: boolean;
  log(text: string): void;
}

export interface Service {
  readonly url: string;
  readonly dicomPort: number;
  /** Takes nothing new, finishes what is under way, loses nothing; within 30 seconds. */
  close(): Promise<void>;
}

/** Of the 30 seconds that stopping may take. */
const LAST_ASSOCIATIONS_MS = 5000;

/**
 * Starts the triage service: it listens first, so that nothing is missed, and predicts when its model is open. Throws
 * what refuseUnsafe says, IchorError `port-unavailable`, and what readTlsKeys, openArchive and openPredictor throw.
 */
export async function serve(options: ServeOptions): Promise<Service> {
  refuseUnsafe(options, await readAccounts(path.resolve(options.data)));
  const stack = new AsyncDisposableStack();
  try {
    return await start(options, stack);
  } catch (thrown) {
    await stack.disposeAsync();
    throw thrown;
  }
}

async function start(options: ServeOptions, stack: AsyncDisposableStack): Promise<Service> {
  const { log, server, dicom: network, model } = options;
  const archive = await openArchive(path.resolve(options.data));
  stack.defer(() => archive.close());
  const destinations = await withFirstSight(archive, options.destinations);
  const metrics = createMetrics(archive);
  const drift = createDriftWatch(archive);
  const intake = createIntake(
    archive,
    {
      kept: ({ isDuplicate }) => metrics.kept(isDuplicate),
      notKept: (reason) => {
        metrics.notKept(reason);
        log(`an object was not kept: ${textOf(reason)}`);
      },
      log,
    },
    options.rules,
  );
  stack.defer(() => intake.close());
  let predicting: Predicting | undefined;
  let isClosing = false;
  const isReady = () => predicting?.hasBegun === true && !isClosing;
  const index = followIndex(archive, {
    ...(options.database && { url: options.database }),
    rebuild: options.rebuild ?? false,
    log,
  });
  // Whoever waits for it hears of its failure
  index.catch(() => undefined);
  stack.defer(() => index.then((one) => one.close()));
  const board = jobBoard(async () => (await index).database());
  const audit = await openAudit(archive.folders.root, log);
  stack.defer(() => audit.close());
  await audit.tell({ action: 'started', who: 'service' });
  stack.defer(() => audit.tell({ action: 'stopped', who: 'service' }));
  stack.defer(tellDeliveries(archive, audit, log));
  const doors = await openDoors(options, audit, log);
  const http = createHttp({
    ...doors.http,
    ...{ archive, board, drift, intake, metrics, isReady, log },
    ...{ pageFolder: PAGE_FOLDER, page: options.page },
    ...{ destinations, callingAe: network.ae },
  });
  stack.defer(() => http.close());
  const dicom: DicomProvider = await listenForDicom({
    ...doors.dicom,
    visit: (sender) => intake.visit(`dicom ${nameOf(sender)}`),
    log,
  });
  stack.defer(() => dicom.close(LAST_ASSOCIATIONS_MS));
  const url = await listening(http, server);
  const certificate = followCertificate(
    options,
    (tls) => {
      if (tls.http) renewTls(http.server, tls.http);
      if (tls.dicom) dicom.renew(tls.dicom);
    },
    log,
  );
  stack.defer(() => certificate.close());
  const delivering = startDelivering(archive, destinations, network.ae, log);
  stack.defer(() => delivering.close());
  const retention = startRetention(archive, options.retention, destinations, log);
  stack.defer(() => retention.close());
  const watching = watchFolders(intake, options.watch, log);
  stack.defer(() => watching.close());
  const pulling = pullFrom(archive, intake, options.pull, log);
  stack.defer(() => pulling.close());
  // One that is named is there or not; an embedded one may still be being made when senders come
  if (options.database !== undefined) await index;
  const started = await startPredicting(
    { archive, index, board },
    {
      ...model,
      predicted: metrics.predicted,
      // A reference period that is damaged is told of by what asks for it; predicting goes on
      stopRule: () =>
        drift
          .state()
          .then((state) => state?.rule)
          .catch(() => undefined),
      log,
    },
  );
  predicting = started;
  stack.defer(() => started.close());
  const close = async (): Promise<void> => {
    isClosing = true;
    await stack.disposeAsync();
  };
  return { url, dicomPort: dicom.port, close };
}

/** A result that a destination took has left the house. */
function tellDeliveries(archive: Archive, audit: Audit, log: (text: string) => void): () => void {
  return archive.onEntry((entry) => {
    if (entry.event !== 'delivery' || entry.failure !== undefined) return;
    const { study, destination } = entry;
    audit
      .tell({ action: 'exported', who: 'service', study, to: destination })
      .catch((thrown: unknown) => log(`the audit trail takes no line: ${messageOf(thrown)}`));
  });
}

async function listening(http: FastifyInstance, { host, port, tls }: Settings['server']): Promise<string> {
  try {
    const url = await http.listen({ host, port });
    return tls === undefined ? url : url.replace(/^http:/, 'https:');
  } catch (cause) {
    const text = `HTTP cannot be served at ${host}:${port}: ${messageOf(cause)}`;
    throw new UsageError('port-unavailable', text, { cause });
  }
}
