import { IchorError, messageOf, type ProgressListener, RefusedInput } from '../../base/index.ts';
import { type LabelledStudy, studyKey } from '../../cohort/index.ts';
import type { Preparation } from '../preparation.ts';
import type { LeftOutStudy } from './label-needs.ts';
import { loadScan } from './scans.ts';

export interface ReadingOptions {
  readonly preparation: Preparation;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

/**
 * Reads each scan once before the first of them trains, which also keeps it prepared: one that is refused is left out
 * with its reason, and does not end the run hours later. A fault of the machine, a full disk say, is thrown. Throws
 * RefusedInput `no-scan-readable`, IchorError `aborted`.
 */
export async function unreadableScans(
  studies: readonly LabelledStudy[],
  { preparation, signal, onProgress }: ReadingOptions,
): Promise<LeftOutStudy[]> {
  const leftOut: LeftOutStudy[] = [];
  for (const [done, study] of studies.entries()) {
    if (signal?.aborted)
      throw new IchorError('aborted', 'stopped while reading the scans: give the same command again');
    onProgress?.({ task: 'reading the scans', done, total: studies.length });
    const why = await whyRefused(study, preparation);
    if (why !== undefined) leftOut.push({ study: studyKey(study), why });
  }
  const [first] = leftOut;
  if (first === undefined || leftOut.length < studies.length) return leftOut;
  const text = `none of the ${studies.length} scans can be read: ${first.why}`;
  throw new RefusedInput('no-scan-readable', text);
}

async function whyRefused(study: LabelledStudy, preparation: Preparation): Promise<string | undefined> {
  try {
    await loadScan(study, preparation);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof RefusedInput) return messageOf(thrown);
    throw thrown;
  }
}
