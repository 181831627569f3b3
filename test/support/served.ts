/** `ichor serve` as a process of its own, as a user starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly dicomPort: number;
  /** Everything that it wrote to stderr so far. */
  stderr(): string;
  /** Of `GET /api/worklist`. */
  worklist(): Promise<readonly WorklistRow[]>;
  /** Sends the signal and gives the exit code once it has ended. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const rowSchema = z.looseObject({
  studyInstanceUid: z.string(),
  state: z.string(),
  reasonCode: z.string().optional(),
  rank: z.number(),
  instances: z.number(),
  anyHemorrhage: z.object({ probability: z.number(), positive: z.boolean() }).optional(),
});
const listSchema = z.object({ items: z.array(rowSchema) });
export type WorklistRow = z.infer<typeof rowSchema>;

export const startServing = (data: string, ...rest: string[]): Promise<Served> =>
  startServingUnder([], data, ...rest);

/** As the arguments of another program, which becomes it or hands its signals on. */
export async function startServingUnder(
  program: readonly string[],
  data: string,
  ...rest: string[]
): Promise<Served> {
  const [command = '', ...args] = [
    ...program,
    process.execPath,
    MAIN,
    'serve',
    '--data',
    data,
    '--port',
    '0',
    '--dicom-port',
    '0',
    '--device',
    'cpu',
    ...rest,
  ];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const [first, second] = [await lines.next(), await lines.next()];
  const url = /http:\/\/\S+(?=\/api)/.exec(String(first.value))?.[0];
  const dicomPort = Number(/port (\d+)/.exec(String(second.value))?.[1]);
  if (url === undefined) throw new Error(`the service did not start: ${errors}`);
  return {
    child,
    url,
    dicomPort,
    stderr: () => errors,
    worklist: async () =>
      listSchema.parse(
        // A connection that was kept open may just be closed by the service
        await (await fetch(`${url}/api/worklist`, { headers: { connection: 'close' } })).json(),
      ).items,
    end: async (signal) => {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

/** Asks until it is so. Throws with what was there last. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isSo: (value: T) => boolean,
  seconds = 60,
): Promise<T> {
  let value = await ask();
  for (const end = Date.now() + 1000 * seconds; !isSo(value) && Date.now() < end; value = await ask())
    await pause(100);
  if (!isSo(value)) throw new Error(`not so after ${seconds} s: ${JSON.stringify(value)}`);
  return value;
}
