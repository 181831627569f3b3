import { type Archive, type HeldStudy, uidSchema } from '../../archive/index.ts';

/** The study that a route names; undefined where it is not held, or its name is no UID. */
export const heldStudy = ({ index }: Archive, uid: string): HeldStudy | undefined =>
  uidSchema.safeParse(uid).success ? index.study(uid) : undefined;

export const STUDY_NOT_HELD = { code: 'study-not-held', text: 'no study of this UID is held' };
