import { parentPort } from 'node:worker_threads';
import type { JudgedRows, JudgeOptions } from './measures.ts';
import { judge } from './performance.ts';

/** Judges what it is sent, one task after another. */
parentPort?.on('message', (task: { index: number; rows: JudgedRows; options: JudgeOptions }) => {
  try {
    parentPort?.postMessage({ index: task.index, performance: judge(task.rows, task.options) });
  } catch (error) {
    parentPort?.postMessage({ index: task.index, error });
  }
});
