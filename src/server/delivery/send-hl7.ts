import type { Socket } from 'node:net';
import path from 'node:path';
import { currentResult } from '../../archive/index.ts';
import { IchorError, messageOf } from '../../base/index.ts';
import { readDicomObject, readIdentity } from '../../dicom/index.ts';
import { readIfThere } from '../../files/index.ts';
import { reportIn } from '../../results/index.ts';
import { RESULT_FILES } from '../../service/index.ts';
import { openSocket } from '../peer-socket.ts';
import type { Hl7Destination } from './destinations.ts';
import { eventId } from './event-id.ts';
import { refused, unreachable } from './http-post.ts';
import { oruMessage } from './oru-message.ts';
import type { Shipment } from './shipment.ts';

/** The minimal lower layer protocol: how a message begins and ends. */
const [START, END] = ['\x0b', '\x1c\r'];
const WHOLE_MS = 30_000;
const MOST_ANSWER_CHARACTERS = 65_536;

const NOBODY =
  'the result has no DICOM report, so that no message can say whose it is; send it by hand, or leave out identity';

/** An observation message over MLLP; taken when the receiver says so of this very message. */
export async function sendHl7(
  destination: Hl7Destination,
  { archive, parcel, folder, signal }: Shipment,
): Promise<void> {
  const held = archive.index.study(parcel.study);
  const result = held && currentResult(held);
  if (result === undefined) return;
  const { application, facility, identity: tellsIdentity } = destination;
  const controlId = eventId(parcel, destination.name).replaceAll('-', '').slice(0, 20);
  const file = path.join(folder, RESULT_FILES.report);
  const bytes = await readIfThere(file);
  // A source whose patient could not be carried on has no report
  if (tellsIdentity && bytes === undefined) throw new IchorError('report-missing', NOBODY);
  const report = bytes && readDicomObject(bytes, { where: 'report.dcm' });
  const identity = tellsIdentity && report && { ...readIdentity(report), studyInstanceUid: parcel.study };
  const notes = report && reportIn(report)?.findings[0]?.comments;
  const message = oruMessage({
    ...{ controlId, at: new Date(parcel.at), receiver: { application, facility } },
    ...{ probability: result.probability, positive: result.positive },
    ...(notes && { notes }),
    ...(identity && { identity }),
  });
  const answer = await exchange(destination, message, signal);
  const [, code = '', of] = /(?:^|\r)MSA\|([A-Z]{2})\|([^|\r]*)/.exec(answer) ?? [];
  if (of === controlId && (code === 'AA' || code === 'CA')) return;
  const why = of === controlId ? `it answers ${code}` : 'its answer is of another message';
  // AR: for reasons that lie in the receiver, which is likely to take the same later (HL7 v2.5.1, 2.9.2.2)
  if (of === controlId && code === 'AR') throw unreachable(destination, why);
  throw refused(destination, why);
}

async function exchange(destination: Hl7Destination, message: string, signal: AbortSignal): Promise<string> {
  const socket = await openSocket(destination, signal).catch((cause: unknown) => {
    throw unreachable(destination, messageOf(cause), cause);
  });
  // A receiver that neither answers nor hangs up
  const ending = setTimeout(() => socket.destroy(new Error('it does not answer')), WHOLE_MS);
  try {
    socket.write(`${START}${message}${END}`);
    return await firstAnswer(socket);
  } catch (cause) {
    throw unreachable(destination, messageOf(cause), cause);
  } finally {
    clearTimeout(ending);
    socket.destroy();
  }
}

async function firstAnswer(socket: Socket): Promise<string> {
  let text = '';
  for await (const part of socket.setEncoding('utf8')) {
    text += part;
    const end = text.indexOf(END);
    if (end >= 0) return text.slice(text.indexOf(START) + 1, end);
    if (text.length > MOST_ANSWER_CHARACTERS) throw new Error('its answer is too long');
  }
  throw new Error('it closed the connection without an answer');
}
