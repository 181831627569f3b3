/** Studies sent to a service as a scanner sends them, all of one phantom under other Study Instance UIDs. */

import { readDicomObject, readFileMeta } from '../../src/dicom/index.ts';
import { createPhantom, phantomDicom } from '../../src/phantom/index.ts';
import { type ObjectToSend, openAssociation } from '../../src/server/index.ts';
import type { Served } from '../../test/support/served.ts';

export interface StudyToSend {
  readonly study: string;
  readonly slices: readonly ObjectToSend[];
  /** The same as files. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** A phantom of rows and columns `side`, with a bleed or without one; its copies differ in their Study Instance UID alone. */
export function phantomCopies(count: number, { side = 512, bleeds = true } = {}): StudyToSend[] {
  const phantom = createPhantom({ seed: 5, side, bleeds: bleeds ? [{ subtype: 'intraparenchymal' }] : [] });
  const files = phantomDicom(phantom);
  return Array.from({ length: count }, (_, i) => copyOf(files, i));
}

function copyOf(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  number: number,
): StudyToSend {
  let study = '';
  const copies = files.map(({ name, bytes }) => {
    const uid = readDicomObject(bytes, { where: name }).text('StudyInstanceUID') ?? '';
    study = `${uid.slice(0, -6)}${String(100_000 + number)}`;
    const copy = Buffer.from(bytes);
    copy.write(study, copy.indexOf(uid), 'latin1');
    return { name, bytes: copy };
  });
  const slices = copies.map(({ name, bytes }) => {
    const { dataSetStart, ...meta } = readFileMeta(bytes, { where: name });
    return { ...meta, dataSet: bytes.subarray(dataSetStart) };
  });
  return { study, slices, files: copies };
}

/** In one association; resolves when the last slice is acknowledged. */
export async function sendStudy({ dicomPort }: Served, { slices }: StudyToSend): Promise<void> {
  const [first] = slices;
  if (first === undefined) return;
  const peer = { host: '127.0.0.1', port: dicomPort, calledAe: 'ICHOR', callingAe: 'BENCH' };
  const association = await openAssociation(peer, [first]);
  for (const slice of slices) await association.store(slice);
  await association.release();
}

const ENDS = new Set(['done', 'refused', 'failed']);

/** How many of the studies have ended. */
export async function endedOf(served: Served): Promise<number> {
  return (await served.worklist()).filter(({ state }) => ENDS.has(state)).length;
}
