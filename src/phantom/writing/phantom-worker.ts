import { threadWork } from '../../threads/index.ts';
import { writePhantomStudy } from './write-study.ts';

export const write = threadWork(writePhantomStudy);
