/** Studies sent to a service as a scanner sends them, all of one head. */

import { createPhantom } from '../../src/phantom/index.ts';
import { phantomStudy, type StudyToSend, sendStudy } from '../../src/server/index.ts';
import type { Served } from '../../test/support/served.ts';

/** A head of rows and columns `side`, with a bleed or without one, as the studies of so many patients. */
export function phantomCopies(
  count: number,
  { side = 512, bleeds = true, urgent = false } = {},
): StudyToSend[] {
  const head = createPhantom({ seed: 5, side, bleeds: bleeds ? [{ subtype: 'intraparenchymal' }] : [] });
  return Array.from({ length: count }, (_, i) => phantomStudy(head, 100_000 + i, urgent));
}

/** In one association; resolves when the last slice is acknowledged. */
export async function sendTo({ dicomPort }: Served, study: StudyToSend): Promise<void> {
  const peer = { host: '127.0.0.1', port: dicomPort, calledAe: 'ICHOR', callingAe: 'BENCH' };
  for (const { refusal } of await sendStudy(peer, study)) if (refusal !== undefined) throw new Error(refusal);
}

/** How many of the studies have ended. */
export const endedOf = (served: Served): Promise<number> => countOf(served, ['done', 'refused', 'failed']);

/** How many studies are in any of the states: by the metrics, which do not grow with the list. */
export async function countOf({ url }: Served, states: readonly string[]): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  return [...text.matchAll(/^ichor_studies\{state="(\w+)"\} (\d+)$/gm)]
    .filter(([, state = '']) => states.includes(state))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}
