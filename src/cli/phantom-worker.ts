import { threadWork } from '../threads/index.ts';
import { writePhantomStudy } from './phantom-study.ts';

export const write = threadWork(writePhantomStudy);
