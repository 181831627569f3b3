import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { RefusedInput } from '../../base/index.ts';
import { studyKey } from '../../cohort/index.ts';
import { jsonLines } from '../../files/index.ts';
import type { Preparation } from '../preparation.ts';

/** In the run folder: a JSON line a scan with the SHA-256 of its pixels as the network gets them. */
export const SCANS_FILE = 'scans.jsonl';

const lineSchema = z.object({ study: z.string(), sha256: z.string() });

/**
 * Records each scan's pixels when they are first seen, and compares them once in each process: a resumed run on other
 * pixels would not be the run it claims to be. Its `prepared` throws RefusedInput `scan-changed`.
 */
export async function withScanHashes(preparation: Preparation, folder: string): Promise<Preparation> {
  const lines = jsonLines(path.join(folder, SCANS_FILE), {
    schema: lineSchema,
    code: 'run-log-corrupt',
    advice: 'delete that line and go on with --resume',
  });
  const known = new Map((await lines.read()).map(({ study, sha256 }) => [study, sha256]));
  const compared = new Set<string>();
  const compare = async (study: string, sha256: string): Promise<void> => {
    const before = known.get(study);
    if (before !== undefined && before !== sha256) {
      const text = `${study} no longer has the pixels that this run began with; bring them back, or give another --out`;
      throw new RefusedInput('scan-changed', text);
    }
    if (before === undefined) await lines.append({ study, sha256 });
    known.set(study, sha256);
    compared.add(study);
  };
  return {
    ...preparation,
    prepared: async (study) => {
      const pixels = await preparation.prepared(study);
      const key = studyKey(study);
      if (!compared.has(key)) await compare(key, createHash('sha256').update(pixels).digest('hex'));
      return pixels;
    },
  };
}
