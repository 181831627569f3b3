import type { FastifyRequest } from 'fastify';

export const STUDY_NOT_HELD = { code: 'study-not-held', text: 'no study of this UID is held' };

/** What the journal says of the person or program that asks. */
export const personOf = ({ caller }: FastifyRequest): string => caller?.name ?? 'nobody';
