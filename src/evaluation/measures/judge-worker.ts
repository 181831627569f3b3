import { threadWork } from '../../threads/index.ts';
import type { JudgeTask } from './measures.ts';
import { judge } from './performance.ts';

export const judged = threadWork(({ rows, options }: JudgeTask) => judge(rows, options));
