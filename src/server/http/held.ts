import type { FastifyRequest } from 'fastify';

export const STUDY_NOT_HELD = { code: 'study-not-held', text: 'no study of this UID is held' };

/** What the journal says of the person that asks: there are no users yet. */
export const personOf = (_request: FastifyRequest): string => 'local user';
