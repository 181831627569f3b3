import path from 'node:path';
import { z } from 'zod';
import { readTextIfThere } from '../../files/index.ts';
import { RESULT_FILES } from '../../service/index.ts';
import { authorizationOf } from '../web-login.ts';
import type { FhirDestination } from './destinations.ts';
import { eventId } from './event-id.ts';
import { post, refused } from './http-post.ts';
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
  const { name, url } = destination;
  const identifier = { system: URN, value: `urn:uuid:${eventId(parcel, name)}` };
  const { resourceType, ...rest } = JSON.parse(text);
  const headers = {
    'content-type': 'application/fhir+json',
    accept: 'application/fhir+json',
    'if-none-exist': `identifier=${encodeURIComponent(`${identifier.system}|${identifier.value}`)}`,
    ...(await authorizationOf(destination)),
  };
  const body = Buffer.from(JSON.stringify({ resourceType, identifier, ...rest }));
  const place = `${url.replace(/\/$/, '')}/Bundle`;
  const { status, body: answer } = await post(
    { name, url: place, headers, body, privateNetwork: true, signal },
    [PRECONDITION_FAILED],
  );
  if (status !== PRECONDITION_FAILED && tellsFault(answer))
    throw refused(destination, 'it answers with success, and its OperationOutcome tells a fault');
}

const outcomeSchema = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(z.object({ severity: z.string() })),
});

/** Some servers wrap a fault into a success; one that says nothing of it has taken the bundle (FHIR R4, 3.1.0.8). */
function tellsFault(answer: string): boolean {
  const { data } = outcomeSchema.safeParse(jsonOf(answer));
  return data?.issue.some(({ severity }) => severity === 'fatal' || severity === 'error') ?? false;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An answer may be empty, or of another kind
    return undefined;
  }
}
