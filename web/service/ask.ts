import type { z } from 'zod';
import { answered } from '../answered.ts';

/** What an address of the service gives; its own words are thrown where it refuses. */
export async function ask<T>(schema: z.ZodType<T>, address: string, signal?: AbortSignal): Promise<T> {
  const response = await answered(await fetch(address, { ...(signal && { signal }) }));
  return schema.parse(await response.json());
}

/** Changes something; the service's own words are thrown where it refuses. */
export async function send(
  method: 'POST' | 'PATCH' | 'DELETE',
  address: string,
  body?: unknown,
): Promise<Response> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  return answered(await fetch(address, { method, headers, ...json }));
}
