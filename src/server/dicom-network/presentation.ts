import { uidSchema } from '../../archive/index.ts';
import { IMPLICIT_LITTLE_ENDIAN, transferSyntaxOf } from '../../dicom/index.ts';
import type { AnsweredContext, ProposedContext } from './association-items.ts';

export const VERIFICATION = '1.2.840.10008.1.1';
/** The standard's own classes, of which those that store stand under one root (PS3.6 annex A): a study brings more along than CT images. */
const STANDARD_ROOT = '1.2.840.10008.';
const STORAGE_ROOT = `${STANDARD_ROOT}5.1.4.1.1.`;

/** Results of PS3.8 table 9-18. */
export const CONTEXT_RESULT = { accepted: 0, abstractSyntax: 3, transferSyntaxes: 4 } as const;

/**
 * Query and retrieve, worklists, printing and the like are classes of the standard. One of a maker's own is taken for storage, as its
 * objects belong to the study too; whatever else it is, no command but C-STORE is understood under it.
 */
export const isStorage = (sopClassUid: string): boolean =>
  sopClassUid.startsWith(STORAGE_ROOT) ||
  (!sopClassUid.startsWith(STANDARD_ROOT) && uidSchema.safeParse(sopClassUid).success);

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
