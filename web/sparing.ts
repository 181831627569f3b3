import type { ProgressListener } from '../src/base/index.ts';

const EVERY_MS = 100;

/**
 * Tells of the begin and the end of each task, and ten times a second meanwhile: a page that is told of each of 20,000 files
 * has no time for anything else.
 */
export function sparing(listener: ProgressListener): ProgressListener {
  let told: { readonly task: string; readonly at: number } | undefined;
  return (event) => {
    const at = performance.now();
    if (told?.task === event.task && at - told.at < EVERY_MS && event.done !== event.total) return;
    told = { task: event.task, at };
    listener(event);
  };
}
