/** Commands whose process stands for months. */
const STANDING = ['serve', 'worker'];
/** Of V8's young generation, half of it, MB. Without a bound it grows to 64 under work, and nothing in it is to be kept. */
const YOUNG_FLAG = '--max-semi-space-size';
const YOUNG_MB = 16;
/** Of glibc, which else keeps what each thread gave back for that thread alone. */
const ARENAS = '2';

type Running = Pick<NodeJS.Process, 'argv' | 'env' | 'execArgv' | 'execPath' | 'platform'>;

/** How a standing command starts with its bounds; undefined where they were given, are not needed or cannot be (Windows). */
export function boundStart({ argv, env, execArgv, execPath, platform }: Running) {
  const isGiven = [...execArgv, env.NODE_OPTIONS ?? ''].some((text) => text.includes(YOUNG_FLAG));
  if (!STANDING.includes(argv[2] ?? '') || isGiven || platform === 'win32') return undefined;
  const args = [execPath, `${YOUNG_FLAG}=${YOUNG_MB}`, ...execArgv, ...argv.slice(1)];
  return { args, env: { MALLOC_ARENA_MAX: ARENAS, ...env } };
}

/**
 * Bounds the memory that a standing command keeps without using it. Node takes neither bound once it runs, so the program
 * takes its own place in the same process, with the same number.
 */
export function bindMemory(): void {
  const bound = boundStart(process);
  if (bound !== undefined) process.execve?.(process.execPath, bound.args, bound.env);
}
