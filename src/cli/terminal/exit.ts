import { EXIT_CODE, IchorError, messageOf, RefusedInput, UsageError } from '../../base/index.ts';

/** Writes one clear line to stderr and returns the exit code; the stack only where ICHOR_DEBUG is set. */
export function reportFailure(thrown: unknown): number {
  const code = thrown instanceof IchorError ? ` [${thrown.code}]` : '';
  process.stderr.write(`ichor: ${messageOf(thrown)}${code}\n`);
  if (process.env.ICHOR_DEBUG && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  if (thrown instanceof UsageError) return EXIT_CODE.usage;
  if (thrown instanceof RefusedInput) return EXIT_CODE.refused;
  if (isAbort(thrown)) return EXIT_CODE.stopped;
  return EXIT_CODE.fault;
}

function isAbort(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    (thrown.name === 'AbortError' || ('code' in thrown && thrown.code === 'aborted'))
  );
}

/** A signal that Ctrl-C aborts once; a second Ctrl-C ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    process.stderr.write('\nStopping after the step under way (Ctrl-C again to stop at once) ...\n');
    controller.abort(new IchorError('aborted', 'stopped before the end'));
    process.once('SIGINT', () => process.exit(EXIT_CODE.stopped));
  });
  return controller.signal;
}
