import { createHmac } from 'node:crypto';
import { currentResult } from '../../archive/index.ts';
import { authorizationOf } from '../web-login.ts';
import type { WebhookDestination } from './destinations.ts';
import { eventId } from './event-id.ts';
import { post } from './http-post.ts';
import type { Shipment } from './shipment.ts';

/**
 * A notification, signed as Standard Webhooks has it: HMAC-SHA256 of id, time and body, so that a receiver knows who sends,
 * when, and what it has already. It says that there is something to look at, and where; without `identity` not even of which
 * study, and never with marks or pictures.
 */
export async function sendWebhook(destination: WebhookDestination, shipment: Shipment): Promise<void> {
  const { name, url, secret, privateNetwork } = destination;
  const id = eventId(shipment.parcel, name);
  const body = Buffer.from(JSON.stringify(notice(destination, shipment)));
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = signatureOf(secret, id, timestamp, body);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
    ...(await authorizationOf(destination)),
  };
  await post({ name, url, headers, body, privateNetwork, signal: shipment.signal });
}

export const signatureOf = (secret: string, id: string, timestamp: string, body: Uint8Array): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;

function notice({ identity }: WebhookDestination, { archive, parcel }: Shipment) {
  const held = archive.index.study(parcel.study);
  const urgent = held?.urgent === true;
  const result = held && currentResult(held);
  return {
    type: `study.${parcel.outcome}`,
    timestamp: parcel.at,
    data: {
      outcome: parcel.outcome,
      urgent,
      ...(identity && { studyInstanceUid: parcel.study }),
      ...(identity && result && { probability: result.probability }),
    },
  };
}
