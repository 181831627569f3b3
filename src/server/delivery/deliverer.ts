import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Archive, Entry, Reason } from '../../archive/index.ts';
import { codeOf, messageOf } from '../../base/index.ts';
import { createBell } from '../bell.ts';
import type { Destination } from './destinations.ts';
import { nextDelivery, type Parcel } from './next-delivery.ts';
import { sendDicom } from './send-dicom.ts';
import { sendFhir } from './send-fhir.ts';
import { sendHl7 } from './send-hl7.ts';
import { sendStow } from './send-stow.ts';
import { sendWebhook } from './send-webhook.ts';
import type { Shipment } from './shipment.ts';

const LOOK_MS = 1000;
/** So long a delivery under way may last once the service stops. */
const LAST_DELIVERIES_MS = 5000;

/** Whether it may give a destination something to get. */
const isNews = (entry: Entry): boolean =>
  entry.event === 'moved'
    ? entry.to === 'refused' || entry.to === 'failed'
    : entry.event === 'finished' || entry.event === 'requeued';

/** Throws IchorError `destination-refused` or `destination-unreachable`. */
function send(destination: Destination, shipment: Shipment): Promise<void> {
  switch (destination.kind) {
    case 'stow':
      return sendStow(destination, shipment);
    case 'fhir':
      return sendFhir(destination, shipment);
    case 'hl7':
      return sendHl7(destination, shipment);
    case 'webhook':
      return sendWebhook(destination, shipment);
    default:
      return sendDicom(destination, shipment);
  }
}

/** Sends to each destination beside the others: one that does not answer holds up nobody. */
export function startDelivering(
  archive: Archive,
  destinations: readonly Destination[],
  callingAe: string,
  log: (text: string) => void,
): { close(): Promise<void> } {
  let isClosing = false;
  const ending = new AbortController();
  const bell = createBell();
  const stopListening = archive.onEntry((entry) => {
    if (isNews(entry)) bell.ring();
  });
  const shipmentOf = (parcel: Parcel): Shipment => ({
    ...{ archive, parcel, callingAe, signal: ending.signal },
    folder: path.join(archive.folders.root, parcel.folder),
  });
  const serve = async (destination: Destination): Promise<void> => {
    while (!isClosing) {
      const parcel = nextDelivery(archive.index.studies(), destination, Date.now());
      if (parcel === undefined) await bell.wait(LOOK_MS);
      else await deliver(destination, shipmentOf(parcel), log);
    }
  };
  const serving = destinations.map(serve);
  return {
    close: async () => {
      isClosing = true;
      bell.ring();
      const cut = setTimeout(() => ending.abort(), LAST_DELIVERIES_MS);
      await Promise.all(serving);
      clearTimeout(cut);
      stopListening();
    },
  };
}

/**
 * A try that the journal does not take, or that the service's stop cuts, is made again: the destination then gets the same
 * once more, under the same name.
 */
async function deliver(
  destination: Destination,
  shipment: Shipment,
  log: (text: string) => void,
): Promise<void> {
  const { archive, parcel, signal } = shipment;
  const failure = await failureOf(() => send(destination, shipment));
  if (failure !== undefined && signal.aborted) return;
  if (failure !== undefined)
    log(`a result was not delivered to ${destination.name}: ${failure.text} [${failure.code}]`);
  try {
    await archive.tried(parcel.study, parcel.folder, destination.name, failure);
  } catch (thrown) {
    log(`the journal does not take what was delivered: ${messageOf(thrown)}`);
    await pause(LOOK_MS);
  }
}

async function failureOf(work: () => Promise<void>): Promise<Reason | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    return { code: codeOf(thrown), text: messageOf(thrown) };
  }
}
