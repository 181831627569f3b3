import { IchorError, messageOf } from '../../base/index.ts';
import { type AssociationAnswer, REJECTED_TRANSIENTLY, readAnswer } from './association-items.ts';
import { PDU, type Pdu } from './pdu.ts';
import { isPassing, STATUS } from './statuses.ts';

/** Whom an answer is of, for people. */
interface Named {
  readonly calledAe: string;
}

export const unreachable = ({ calledAe }: Named, cause: unknown): IchorError =>
  new IchorError('destination-unreachable', `${calledAe} cannot be reached: ${messageOf(cause)}`, { cause });

export const refused = ({ calledAe }: Named, why: string): IchorError =>
  new IchorError('destination-refused', `${calledAe} refused: ${why}`);

/** It says, or shows, that the same may be taken later. */
export const notNow = ({ calledAe }: Named, why: string): IchorError =>
  new IchorError('destination-unreachable', `${calledAe} does not take it now: ${why}`);

/** Of A-ASSOCIATE (PS3.8 9.3.3 and 9.3.4). Throws what it is if it is no acceptance. */
export function acceptance(peer: Named, pdu: Pdu | undefined): AssociationAnswer {
  if (pdu?.type === PDU.associateAccept) return readAnswer(pdu.body);
  if (pdu?.type !== PDU.associateReject) throw notNow(peer, 'it ended the connection without an answer');
  const [, result, source, reason] = pdu.body;
  const why = `no association (result ${result}, source ${source}, reason ${reason}; PS3.8 table 9-21)`;
  throw result === REJECTED_TRANSIENTLY ? notNow(peer, why) : refused(peer, why);
}

/** Of C-STORE and C-ECHO: whoever has the object already, from a try whose answer was lost, has stored it. */
export function refuseUnlessStored(peer: Named, status: number | undefined): void {
  if (status === undefined) throw refused(peer, 'status missing');
  // Of the warnings (Bxxx) all say that the object was stored
  if (status === STATUS.success || status === STATUS.duplicateInstance || status >>> 12 === 0xb) return;
  const why = `status ${status.toString(16).padStart(4, '0')}`;
  throw isPassing(status) ? notNow(peer, why) : refused(peer, why);
}
