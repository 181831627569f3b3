import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Archive, Reason } from '../../archive/index.ts';
import { codeOf, errnoOf, messageOf } from '../../base/index.ts';
import { readFileMeta } from '../../dicom/index.ts';
import { readWhole } from '../../files/index.ts';
import { createBell } from '../bell.ts';
import { type DicomPeer, type ObjectToSend, openAssociation } from '../dicom-network/requester.ts';
import { type DueDelivery, nextDelivery } from './next-delivery.ts';

/** An archive or a station that gets the DICOM objects of each current result. */
export interface Destination extends Omit<DicomPeer, 'callingAe'> {
  /** For people and for the journal: `pacs`. */
  readonly name: string;
}

const LOOK_MS = 1000;

/** Sends to each destination beside the others: one that does not answer holds up nobody. */
export function startDelivering(
  archive: Archive,
  destinations: readonly Destination[],
  callingAe: string,
  log: (text: string) => void,
): { close(): Promise<void> } {
  let isClosing = false;
  const bell = createBell();
  const stopListening = archive.onEntry(({ event }) => {
    if (event === 'finished') bell.ring();
  });
  const serve = async (destination: Destination): Promise<void> => {
    while (!isClosing) {
      const due = nextDelivery(archive.index.studies(), destination.name, Date.now());
      if (due === undefined) await bell.wait(LOOK_MS);
      else await deliver(archive, due, { ...destination, callingAe }, log);
    }
  };
  const serving = destinations.map(serve);
  return {
    close: async () => {
      isClosing = true;
      bell.ring();
      await Promise.all(serving);
      stopListening();
    },
  };
}

/** A try that the journal does not take is made again: the destination then gets the same objects once more. */
async function deliver(
  archive: Archive,
  { study, result, destination }: DueDelivery,
  peer: DicomPeer,
  log: (text: string) => void,
): Promise<void> {
  const failure = await failureOf(() => send(path.join(archive.folders.root, result.folder, 'dicom'), peer));
  if (failure !== undefined)
    log(`a result was not delivered to ${destination}: ${failure.text} [${failure.code}]`);
  try {
    await archive.tried(study, result.folder, destination, failure);
  } catch (thrown) {
    log(`the journal does not take what was delivered: ${messageOf(thrown)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
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

/** All objects in one association, as they lie there. */
async function send(folder: string, peer: DicomPeer): Promise<void> {
  const objects = await objectsIn(folder);
  if (objects.length === 0) return;
  const association = await openAssociation(peer, objects);
  for (const object of objects) await association.store(object);
  await association.release();
}

async function objectsIn(folder: string): Promise<ObjectToSend[]> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    // A source that allows no objects has none
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  const files = names.filter((name) => name.endsWith('.dcm')).toSorted();
  return Promise.all(
    files.map(async (name) => {
      const bytes = await readWhole(path.join(folder, name));
      const { dataSetStart, ...meta } = readFileMeta(bytes, { where: name });
      return { ...meta, dataSet: bytes.subarray(dataSetStart) };
    }),
  );
}
