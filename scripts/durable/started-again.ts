import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** As a supervisor waits, which does not start what fails as fast as it can. */
const AGAIN_MS = 200;

/** An `ichor` command that is started again as often as it ends, until it is told to end. */
export interface Started {
  kill(): void;
  /** How often it ended and was not killed. */
  endedItself(): number;
  /** Its exit code; it is not started again. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function keepStarted(command: readonly string[]): Started {
  let [isOver, endedItself] = [false, 0];
  let child: ChildProcess;
  let again: NodeJS.Timeout | undefined;
  const start = (): void => {
    child = spawn(process.execPath, [MAIN, ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('exit', (_code, signal) => {
      if (isOver) return;
      if (signal !== 'SIGKILL') endedItself++;
      again = setTimeout(start, AGAIN_MS);
    });
  };
  start();
  return {
    kill: () => void child.kill('SIGKILL'),
    endedItself: () => endedItself,
    end: async (signal) => {
      isOver = true;
      clearTimeout(again);
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill(signal);
      const [code] = await gone;
      return code;
    },
  };
}
