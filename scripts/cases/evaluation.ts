import type { Case } from './case.ts';

export const EVALUATION_CASES: readonly Case[] = [];
