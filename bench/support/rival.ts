import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Round {
  readonly ms: number;
  readonly loss: number;
}

/** PyTorch in a process of its own, which computes only when it is asked for a round. */
export interface Rival {
  readonly name: string;
  round(command: 'forward' | 'plain' | 'checkpoint'): Promise<Round>;
  close(): void;
}

/** The Python whose PyTorch is measured against: Debian's own, unless ICHOR_BENCH_PYTHON names another. */
const PYTHON = process.env.ICHOR_BENCH_PYTHON ?? '/usr/bin/python3';
const HOW_TO_INSTALL = `no PyTorch answered from ${PYTHON}: install it (Debian: apt-get install python3-torch python3-numpy) or name a Python that has it in ICHOR_BENCH_PYTHON`;

export async function startRival(slices: number, chunk: number, threads: number): Promise<Rival> {
  const script = fileURLToPath(new URL('./vgg16_rival.py', import.meta.url));
  const child = spawn(PYTHON, [script, String(slices), String(chunk), String(threads)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = lines(child);
  const { name } = JSON.parse(await answers()) as { name: string };
  return {
    name,
    round: async (command) => {
      child.stdin?.write(`${command}\n`);
      return JSON.parse(await answers()) as Round;
    },
    close: () => child.kill(),
  };
}

/** One answer a call; a rival that is not there says how to get it. */
function lines(child: ChildProcess): () => Promise<string> {
  const gone = new Promise<never>((_, reject) => {
    for (const event of ['error', 'exit']) child.once(event, () => reject(new Error(HOW_TO_INSTALL)));
  });
  gone.catch(() => undefined);
  const iterator = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return async () => (await Promise.race([iterator.next(), gone])).value as string;
}
