import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { codeOf, UsageError } from '../../base/index.ts';
import type { Access } from '../access/access.ts';
import type { BeforeKept } from '../access/accounts-file.ts';
import { hasAdministrator } from '../access/manage.ts';
import { PERSON_ROLES } from '../access/roles.ts';
import type { Audit } from '../audit/audit.ts';
import { problemSchema } from './api.ts';
import { personOf } from './held.ts';
import { type pageQuery, sortedPage } from './paging.ts';

export const roleSchema = z.enum(PERSON_ROLES);
export const nameSchema = z.string().max(64).describe('up to 64 letters, digits, dots, - and _: anna.berg');
export const nameParams = z.object({ name: nameSchema });

export const namedPage = <Item extends { readonly name: string }>(
  items: readonly Item[],
  query: z.output<typeof pageQuery>,
) => sortedPage(items, ({ name }) => [name.toLowerCase()], query);

export const PROBLEMS = { 400: problemSchema, 404: problemSchema, 409: problemSchema };

/** What a change is refused for, and the status that says so. */
const STATUS_OF: Readonly<Record<string, 400 | 404 | 409>> = {
  'account-name': 400,
  'password-weak': 400,
  'token-exists': 409,
  'token-unknown': 404,
  'user-exists': 409,
  'user-unknown': 404,
  'last-administrator': 409,
};

export function tellRefusal(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const code = codeOf(error);
  const status = STATUS_OF[code];
  if (status === undefined) throw error;
  void reply.code(status).send({ code, text: error.message });
}

/** A change is in the trail, with who asked for it, before it counts. */
export function toldFirst(access: Access, audit: Audit, request: FastifyRequest): BeforeKept {
  return async (after, before) => {
    refuseLockOut(hasAdministrator(after), access.isOpen || hasAdministrator(before));
    await audit.tellAccounts(after, personOf(request));
  };
}

/** By HTTP nobody ends up with a service that has no administrator; at the machine itself that can be mended. */
function refuseLockOut(isThere: boolean, isNeeded: boolean): void {
  if (isNeeded && !isThere)
    throw new UsageError(
      'last-administrator',
      'no administrator would be left who could log in; make another person one first',
    );
}
