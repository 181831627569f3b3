import type { z } from 'zod';
import { fetchAnswer, withinLimit } from '../answered.ts';
import { asReader } from './as-reader.ts';
import { asAttended } from './attended.ts';

/** What an address of the service gives. Throws its own words where it refuses, and Away where it does not answer. */
export async function ask<T>(schema: z.ZodType<T>, address: string, signal?: AbortSignal): Promise<T> {
  const asked = { headers: asAttended(), signal: withinLimit(signal) };
  const given = await fetchAnswer(address, asked, (response) => response.json());
  return schema.parse(given);
}

/** Changes something. Throws as `ask` does. */
export async function send(
  method: 'POST' | 'PATCH' | 'DELETE',
  address: string,
  body?: unknown,
): Promise<Response> {
  const headers = { ...asReader(), ...(body !== undefined && { 'content-type': 'application/json' }) };
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetchAnswer(
    address,
    { method, headers, signal: withinLimit(), ...json },
    async (response) => response,
  );
}
