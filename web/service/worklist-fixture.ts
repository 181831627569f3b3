import type { WorklistItem } from './worklist-items.ts';

/** A study that was predicted, is read and is not suspected. */
export const itemOf = (uid: string, more: Partial<WorklistItem> = {}): WorklistItem => ({
  studyInstanceUid: uid,
  state: 'done',
  rank: 1,
  rankReason: 'in order of arrival',
  urgent: false,
  read: true,
  receivedAt: '2026-01-01T10:00:00.000Z',
  anyHemorrhage: { probability: 0.1, positive: false },
  ...more,
});
