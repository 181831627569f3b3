import { z } from 'zod';
import { IchorError, messageOf } from '../../base/index.ts';
import { readToken } from '../options/token.ts';

export interface ServiceAddress {
  readonly url: string;
  readonly tokenFile?: string;
}

const problemSchema = z.object({ code: z.string(), text: z.string() });

/** What a running service answers. Throws IchorError `service-unreachable`, `service-refused`. */
export async function askService(
  { url, tokenFile }: ServiceAddress,
  route: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<unknown> {
  const token = await readToken(tokenFile);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url.replace(/\/$/, '')}${route}`, { method, headers }).catch(
    (cause: unknown) => {
      throw new IchorError('service-unreachable', `no service answers at ${url}: ${messageOf(cause)}`, {
        cause,
      });
    },
  );
  const text = await answer.text();
  if (answer.ok) return text === '' ? undefined : JSON.parse(text);
  const problem = problemSchema.safeParse(JSON.parse(text || '{}'));
  const why = problem.success ? `${problem.data.text} [${problem.data.code}]` : `status ${answer.status}`;
  throw new IchorError('service-refused', `the service refused: ${why}`);
}
