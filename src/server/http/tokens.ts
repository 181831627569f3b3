import { z } from 'zod';
import { UsageError } from '../../base/index.ts';
import type { Access } from '../access/access.ts';
import type { Token } from '../access/accounts-file.ts';
import { addToken, isSame, revokeToken } from '../access/manage.ts';
import type { Audit } from '../audit/audit.ts';
import {
  namedPage,
  nameParams,
  nameSchema,
  PROBLEMS,
  roleSchema,
  tellRefusal,
  toldFirst,
} from './account-change.ts';
import { type Api, problemSchema } from './api.ts';
import { pageQuery, pageSchema } from './paging.ts';

const tokenSchema = z.object({
  name: z.string(),
  role: roleSchema,
  addedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

const newTokenSchema = z.strictObject({
  name: nameSchema,
  role: roleSchema,
  days: z.number().int().min(1).max(3650).default(365).describe('how long it serves'),
});
const madeTokenSchema = tokenSchema.extend({
  token: z.string().describe('shown this once; it travels as `Authorization: Bearer ...`'),
});

const config = { role: 'administrator' } as const;

/** The programs that may use the service. */
export function tokenRoutes(app: Api, access: Access, audit: Audit): void {
  app.get(
    '/api/tokens',
    {
      config,
      schema: {
        summary: 'What programs show in place of a login, by name; the tokens themselves are kept nowhere',
        querystring: pageQuery,
        response: { 200: pageSchema(tokenSchema), 400: problemSchema },
      },
    },
    async ({ query }) => namedPage(access.accounts().tokens.map(shownToken), query),
  );

  app.post(
    '/api/tokens',
    {
      config,
      errorHandler: tellRefusal,
      schema: {
        summary: 'Makes a token and shows it, this once',
        body: newTokenSchema,
        response: { ...PROBLEMS, 201: madeTokenSchema },
      },
    },
    async (request, reply) => {
      const { name, role, days } = request.body;
      const token = await addToken(audit.data, name, role, days, toldFirst(access, audit, request));
      const made = access.accounts().tokens.find((one) => isSame(one.name, name));
      if (made === undefined)
        throw new UsageError('token-unknown', `the token ${name} was revoked meanwhile`);
      return reply.code(201).send({ ...shownToken(made), token });
    },
  );

  app.delete(
    '/api/tokens/:name',
    {
      config,
      errorHandler: tellRefusal,
      schema: {
        summary: 'Ends a token at once',
        params: nameParams,
        response: { ...PROBLEMS, 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await revokeToken(audit.data, request.params.name, toldFirst(access, audit, request));
      return reply.code(204).send();
    },
  );
}

const shownToken = ({ name, role, addedAt, expiresAt }: Token): z.infer<typeof tokenSchema> => ({
  ...{ name, role, addedAt, expiresAt },
});
