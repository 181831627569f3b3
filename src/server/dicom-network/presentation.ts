import { IMPLICIT_LITTLE_ENDIAN, transferSyntaxOf } from '../../dicom/index.ts';
import type { AnsweredContext, ProposedContext } from './association-items.ts';

export const VERIFICATION = '1.2.840.10008.1.1';
/** The storage SOP classes stand under this root (PS3.6 annex A): a study brings more along than CT images. */
const STORAGE_ROOT = '1.2.840.10008.5.1.4.1.1.';

/** Results of PS3.8 table 9-18. */
export const CONTEXT_RESULT = { accepted: 0, abstractSyntax: 3, transferSyntaxes: 4 } as const;

export const isStorage = (sopClassUid: string): boolean => sopClassUid.startsWith(STORAGE_ROOT);

/**
 * Objects are kept in the form in which they were sent, so the first form that is known by name is taken, also of those whose
 * pixels are not read: such a study is kept, and refused with its reason.
 */
export function answerContext({ id, abstractSyntax, transferSyntaxes }: ProposedContext): AnsweredContext {
  const known = transferSyntaxes.find((uid) => transferSyntaxOf(uid) !== undefined);
  // The form is not looked at where the context is not accepted, but stands there (PS3.8 9.3.3.2)
  const transferSyntax = known ?? IMPLICIT_LITTLE_ENDIAN;
  if (abstractSyntax !== VERIFICATION && !isStorage(abstractSyntax))
    return { id, result: CONTEXT_RESULT.abstractSyntax, transferSyntax };
  const result = known === undefined ? CONTEXT_RESULT.transferSyntaxes : CONTEXT_RESULT.accepted;
  return { id, result, transferSyntax };
}
