import { z } from 'zod';

/** The response where it is one of success. Throws with the service's own words where it is not. */
export async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  const { text } = z
    .object({ text: z.string() })
    .catch({ text: `the service answered ${response.status}` })
    .parse(await response.json().catch(() => undefined));
  throw new Error(text);
}
