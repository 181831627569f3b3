import { z } from 'zod';
import { UsageError } from '../../base/index.ts';
import type { Access } from '../access/access.ts';
import type { User } from '../access/accounts-file.ts';
import { addUser, changeUser, userOf } from '../access/manage.ts';
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

const passwordSchema = z.string().max(1024).describe('12 characters or more; several words make a good one');

const userSchema = z.object({
  name: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  changedAt: z.iso.datetime().describe('of the password, or of disabling; older sessions are over'),
});

const newUserSchema = z.strictObject({ name: nameSchema, role: roleSchema, password: passwordSchema });

const userChangeSchema = z
  .strictObject({
    role: roleSchema.optional(),
    disabled: z.boolean().optional(),
    password: passwordSchema.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { error: 'expected role, disabled or password' });

const config = { role: 'administrator' } as const;

/** The people who may use the service. */
export function userRoutes(app: Api, access: Access, audit: Audit): void {
  app.get(
    '/api/users',
    {
      config,
      schema: {
        summary: 'The people who may log in, by name',
        querystring: pageQuery,
        response: { 200: pageSchema(userSchema), 400: problemSchema },
      },
    },
    async ({ query }) => namedPage(access.accounts().users.map(shownUser), query),
  );

  app.post(
    '/api/users',
    {
      config,
      errorHandler: tellRefusal,
      schema: {
        summary: 'Adds a person; the first one must be an administrator',
        body: newUserSchema,
        response: { ...PROBLEMS, 201: userSchema },
      },
    },
    async (request, reply) => {
      const { name, role, password } = request.body;
      await addUser(audit.data, name, role, password, toldFirst(access, audit, request));
      return reply.code(201).send(userNamed(access, name));
    },
  );

  app.patch(
    '/api/users/:name',
    {
      config,
      errorHandler: tellRefusal,
      schema: {
        summary: 'Changes the role, disables or enables, or sets a new password',
        params: nameParams,
        body: userChangeSchema,
        response: { ...PROBLEMS, 200: userSchema },
      },
    },
    async (request) => {
      const { name } = request.params;
      await changeUser(audit.data, name, request.body, toldFirst(access, audit, request));
      return userNamed(access, name);
    },
  );
}

const shownUser = ({ name, role, disabled, changedAt }: User): z.infer<typeof userSchema> => ({
  ...{ name, role, disabled, changedAt },
});

function userNamed(access: Access, name: string): z.infer<typeof userSchema> {
  const user = userOf(access.accounts(), name);
  if (user === undefined) throw new UsageError('user-unknown', `there is no user ${name} any more`);
  return shownUser(user);
}
