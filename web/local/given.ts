/** What `ichor view` offers to the page. */
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { GivenFiles } from './engine-messages.ts';

const offeredSchema = z.array(z.object({ path: z.string(), bytes: z.number() }));

/** The token opens the study for this browser; afterwards its cookie does. */
export async function offeredFiles(token: string): Promise<GivenFiles> {
  const folder = new URL('given', document.baseURI).href;
  const response = await fetch(folder, { headers: { authorization: `Bearer ${token}` } });
  const listed = offeredSchema.parse(await (await answered(response)).json());
  const offered = [...listed.entries()].map(([i, { path, bytes }]) => ({
    name: path,
    bytes,
    address: `${folder}/${i}`,
  }));
  return { from: 'view', offered };
}
