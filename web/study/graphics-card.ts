let answer: Promise<boolean> | undefined;

/**
 * Whether WebGL2 draws on a graphics card. Where a driver computes it on the processor instead, a slice takes tens of
 * milliseconds, and the canvas' own context a few. Asked once, in a worker: a driver may take long to answer.
 */
export function hasGraphicsCard(): Promise<boolean> {
  answer ??= askWorker();
  return answer;
}

async function askWorker(): Promise<boolean> {
  const worker = new Worker(new URL('./graphics-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<boolean>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<boolean>) => resolve(data));
      // Its script did not load: the canvas' own context draws everywhere
      worker.addEventListener('error', () => resolve(false));
    });
  } finally {
    worker.terminate();
  }
}
