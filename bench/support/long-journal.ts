import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { openJournal } from '../../src/archive/index.ts';
import { createRandom } from '../../src/base/index.ts';

const ROOT = '1.2.826.0.1.3680043.2.1143';
const HOUR_MS = 3_600_000;
/** So many entries are made durable together. */
const BATCH = 2000;

/** The journal of a service that has predicted so many studies of so many slices each; their files are not there. */
export async function writeLongJournal(data: string, studies: number, slices = 1): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const journal = await openJournal(path.join(data, 'journal.jsonl'), {
    schema: z.looseObject({}),
    onEntry: () => true,
  });
  const random = createRandom(24);
  let batch: Promise<boolean>[] = [];
  for (let i = 0; i < studies; i++) {
    for (const entry of entriesOf(i, studies, slices, random.uniform(0, 1)))
      batch.push(journal.append(entry));
    if (batch.length < BATCH) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
  await journal.close();
}

/** One in five is suspected, one in three of all was read. */
function entriesOf(i: number, studies: number, slices: number, share: number): Record<string, unknown>[] {
  const study = `${ROOT}.${i + 1}`;
  const at = new Date(Date.UTC(2026, 10, 29) - (studies - i) * HOUR_MS).toISOString();
  const common = { at, study };
  const probability = share < 0.2 ? 1 - share : share / 2;
  const result = {
    folder: `${study}/${i}`,
    sha256: 'a'.repeat(64),
    model: 'b'.repeat(64),
    probability,
    positive: probability >= 0.5,
    disagreement: false,
  };
  const moved = (from: string, to: string) => ({ event: 'moved', ...common, from, to, by: 'bench' });
  const received = (slice: number) => ({
    event: 'received',
    ...common,
    series: `${study}.2`,
    instance: `${study}.2.${slice}`,
    sopClass: '1.2.840.10008.5.1.4.1.1.2',
    transferSyntax: '1.2.840.10008.1.2.1',
    sha256: (slices * i + slice).toString(16).padStart(64, '0'),
    bytes: 530_000,
    from: 'bench',
  });
  return [
    ...Array.from({ length: slices }, (_, slice) => received(slice + 1)),
    moved('receiving', 'queued'),
    moved('queued', 'predicting'),
    { event: 'finished', ...common, by: 'bench', result },
    ...(i % 3 === 0 ? [{ event: 'read', ...common, by: 'bench' }] : []),
  ];
}
