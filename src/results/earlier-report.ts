import { IchorError } from '../base/index.ts';
import { type ReadReport, readReport } from './read-report.ts';
import { COMPREHENSIVE_3D_SR, identityOf, type ObjectSource } from './result-input.ts';
import type { ObjectIdentity } from './uids.ts';

type Prepare<T> = (madeAt: Date, predecessor?: ObjectIdentity) => T;

/**
 * What is to be written where an earlier run left a report. Where nothing changed: with the earlier one's own time and
 * predecessor, which gives the identical objects; else as made now, in its place.
 */
export function afterEarlier<T extends ObjectSource>(
  prepare: Prepare<T>,
  madeAt: Date,
  earlierReport: Uint8Array | undefined,
): T {
  const now = prepare(madeAt);
  const earlier = readEarlier(earlierReport);
  if (earlier === undefined || earlier.identity.studyInstanceUid !== now.studyInstanceUid) return now;
  const again = prepare(earlier.madeAt, earlier.predecessor);
  const { sopInstanceUid } = identityOf(again, 'report', COMPREHENSIVE_3D_SR);
  return sopInstanceUid === earlier.identity.sopInstanceUid ? again : prepare(madeAt, earlier.identity);
}

/** A damaged report, or one of another maker, is nobody's predecessor. */
function readEarlier(bytes: Uint8Array | undefined): ReadReport | undefined {
  if (bytes === undefined) return undefined;
  try {
    const report = readReport(bytes, 'the earlier report.dcm');
    return report === undefined || Number.isNaN(report.madeAt.getTime()) ? undefined : report;
  } catch (thrown) {
    if (thrown instanceof IchorError) return undefined;
    throw thrown;
  }
}
