/** Studies sent to a service as a scanner sends them, all of one head. */

import { createPhantom } from '../../src/phantom/index.ts';
import { phantomStudy, type StudyToSend, sendStudy } from '../../src/server/index.ts';
import type { Served } from '../../test/support/served.ts';

/** A head of rows and columns `side`, with a bleed or without one, as the studies of so many patients. */
export function phantomCopies(count: number, { side = 512, bleeds = true } = {}): StudyToSend[] {
  const head = createPhantom({ seed: 5, side, bleeds: bleeds ? [{ subtype: 'intraparenchymal' }] : [] });
  return Array.from({ length: count }, (_, i) => phantomStudy(head, 100_000 + i));
}

/** In one association; resolves when the last slice is acknowledged. */
export async function sendTo({ dicomPort }: Served, study: StudyToSend): Promise<void> {
  const peer = { host: '127.0.0.1', port: dicomPort, calledAe: 'ICHOR', callingAe: 'BENCH' };
  for (const { refusal } of await sendStudy(peer, study)) if (refusal !== undefined) throw new Error(refusal);
}

const END = /^ichor_studies\{state="(?:done|refused|failed)"\} (\d+)$/gm;

/** How many of the studies have ended: by the metrics, which do not grow with the list. */
export async function endedOf({ url }: Served): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  return [...text.matchAll(END)].reduce((sum, [, count]) => sum + Number(count), 0);
}
