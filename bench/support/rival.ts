import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Round {
  readonly ms: number;
  readonly loss: number;
}

/** PyTorch in a process of its own, which computes only when it is asked for a round. */
export interface Rival<Command extends string> {
  readonly name: string;
  round(command: Command): Promise<Round>;
  close(): void;
}

/** The Python whose PyTorch is measured against: Debian's own, unless ICHOR_BENCH_PYTHON names another. */
const PYTHON = process.env.ICHOR_BENCH_PYTHON ?? '/usr/bin/python3';
const HOW_TO_INSTALL = `no PyTorch answered from ${PYTHON}: install it (Debian: apt-get install python3-torch python3-numpy) or name a Python that has it in ICHOR_BENCH_PYTHON`;

/** Rounds of the full-size network on the same images. */
export const startRival = (slices: number, chunk: number, threads: number) =>
  start<'forward' | 'plain' | 'checkpoint'>('vgg16_rival.py', [slices, chunk, threads]);

/** Epochs over a folder of scans, by PyTorch's own data loader. */
export const startTrainingRival = (folder: string, chunk: number, threads: number) =>
  start<'epoch'>('training_rival.py', [folder, chunk, threads]);

async function start<Command extends string>(
  file: string,
  args: readonly (string | number)[],
): Promise<Rival<Command>> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(PYTHON, [script, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
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
