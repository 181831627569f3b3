import path from 'node:path';
import { readTextIfThere } from '../../files/index.ts';
import { RESULT_FILES } from '../../service/index.ts';
import type { FhirDestination } from './destinations.ts';
import { eventId } from './event-id.ts';
import { post } from './http-post.ts';
import type { Shipment } from './shipment.ts';

/** Several match the identifier: the bundle is there. */
const PRECONDITION_FAILED = 412;
const URN = 'urn:ietf:rfc:3986';

/** The result's bundle, created where the server does not have it yet (FHIR R4, conditional create). */
export async function sendFhir(
  destination: FhirDestination,
  { folder, parcel, signal }: Shipment,
): Promise<void> {
  const text = await readTextIfThere(path.join(folder, RESULT_FILES.fhir));
  if (text === undefined) return;
  const { name, url, token } = destination;
  const identifier = { system: URN, value: `urn:uuid:${eventId(parcel, name)}` };
  const { resourceType, ...rest } = JSON.parse(text);
  const headers = {
    'content-type': 'application/fhir+json',
    accept: 'application/fhir+json',
    'if-none-exist': `identifier=${encodeURIComponent(`${identifier.system}|${identifier.value}`)}`,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const body = Buffer.from(JSON.stringify({ resourceType, identifier, ...rest }));
  const place = `${url.replace(/\/$/, '')}/Bundle`;
  await post({ name, url: place, headers, body, privateNetwork: true, signal }, [PRECONDITION_FAILED]);
}
