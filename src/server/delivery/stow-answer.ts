import { z } from 'zod';
import { isPassing, STATUS } from '../dicom-network/statuses.ts';

/** What a STOW-RS server made of the objects. */
export type StowVerdict =
  | { readonly is: 'stored' }
  /** Why not; the same objects may be taken later where that passes. */
  | { readonly is: 'failed'; readonly why: string; readonly passes: boolean };

const [ACCEPTED, CONFLICT] = [202, 409];
const STORED: StowVerdict = { is: 'stored' };

/**
 * What an answer says (PS3.18 table 10.5.3-1). 200 says that all objects are stored, whatever stands in its body, unless that lists
 * failures. 202 says that some are, and leaves it to the body which failed: one that cannot be read, or tells of nothing, is no
 * success. 409 says that none is stored: a success only where the body says of each that it was there already.
 */
export function stowVerdict(status: number, body: string, objects: number): StowVerdict {
  const told = toldIn(body);
  if (told === undefined) {
    if (status !== ACCEPTED && status !== CONFLICT) return STORED;
    return failed(`status ${status}, and its answer does not say which objects failed`, false);
  }
  const there = told.failed.filter((reason) => reason === STATUS.duplicateInstance).length;
  const reasons = told.failed.filter((reason) => reason !== STATUS.duplicateInstance);
  if (reasons.length > 0) {
    const codes = [...new Set(reasons.map((reason) => reason.toString(16).padStart(4, '0')))];
    return failed(`${reasons.length} of ${objects} objects (${codes.join(', ')})`, reasons.every(isPassing));
  }
  const isOfEach = status === ACCEPTED || status === CONFLICT;
  if (!isOfEach || told.stored + there >= objects) return STORED;
  return failed(`status ${status}, which tells of ${told.stored + there} of ${objects} objects`, false);
}

const failed = (why: string, passes: boolean): StowVerdict => ({ is: 'failed', why, passes });

const failuresSchema = z
  .object({
    Value: z
      .array(z.object({ '00081197': z.object({ Value: z.tuple([z.number()]) }).optional() }))
      .default([]),
  })
  .optional();
/** Of the Store Instances Response (PS3.18 I.2): Referenced and Failed SOP and Other Failures Sequence, Failure Reason. */
const answerSchema = z.object({
  '00081199': z.object({ Value: z.array(z.unknown()).default([]) }).optional(),
  '00081198': failuresSchema,
  '0008119A': failuresSchema,
});

interface Told {
  readonly stored: number;
  /** Failure reasons; 0 where none is said. */
  readonly failed: readonly number[];
}

/** Undefined where the body is no such response, or tells of no object. */
function toldIn(body: string): Told | undefined {
  const read = answerSchema.safeParse(jsonOf(body));
  if (!read.success) return undefined;
  const stored = read.data['00081199']?.Value.length ?? 0;
  const failures = [...(read.data['00081198']?.Value ?? []), ...(read.data['0008119A']?.Value ?? [])];
  const reasons = failures.map((item) => item['00081197']?.Value[0] ?? 0);
  return stored + reasons.length === 0 ? undefined : { stored, failed: reasons };
}

/** Some servers put the response into a list, as searches have it. */
function jsonOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) && value.length === 1 ? value[0] : value;
  } catch {
    // XML, a page, or nothing: it tells us of no object
    return undefined;
  }
}
