import { EXIT_CODE, IchorError, messageOf, RefusedInput, UsageError } from '../../base/index.ts';
import { warnLines } from './print.ts';

/** Writes one clear line to stderr and returns the exit code; the stack only where ICHOR_DEBUG is set. */
export function reportFailure(thrown: unknown): number {
  const code = thrown instanceof IchorError ? ` [${thrown.code}]` : '';
  warnLines([`ichor: ${messageOf(thrown)}${code}`]);
  if (process.env.ICHOR_DEBUG && thrown instanceof Error) warnLines((thrown.stack ?? '').split('\n'));
  if (thrown instanceof UsageError) return EXIT_CODE.usage;
  if (thrown instanceof RefusedInput) return EXIT_CODE.refused;
  if (isAbort(thrown)) return codeWhenStopped;
  return EXIT_CODE.fault;
}

function isAbort(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    (thrown.name === 'AbortError' || ('code' in thrown && thrown.code === 'aborted'))
  );
}

/** What stops a command after the step under way: Ctrl-C, and what systemd, Docker, Kubernetes and Slurm send. */
const STOPPING = { SIGINT: EXIT_CODE.stopped, SIGTERM: EXIT_CODE.terminated } as const;

/** By the signal that came: whatever then throws `aborted` need not know which. */
let codeWhenStopped: number = EXIT_CODE.stopped;

/** A signal that Ctrl-C or SIGTERM aborts once; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(STOPPING)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(code);
      stopAs(code);
      warnLines(['', 'Stopping after the step under way (once more to stop at once) ...']);
      controller.abort(new IchorError('aborted', 'stopped before the end'));
    });
  }
  return controller.signal;
}

/** The exit code that an abort has from now on. */
export function stopAs(code: number): void {
  codeWhenStopped = code;
}
