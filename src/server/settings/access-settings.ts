import { z } from 'zod';
import { expected, hasNoLogin, textSchema } from './plain-settings.ts';

const hours = (most: number) => z.number(expected('a number of hours')).positive().max(most);

const ISSUER = expected('the address of an identity provider: https://login.hospital.example');
const groupsSchema = z.array(textSchema, expected('a list of texts')).exactOptional();
const SCOPE = expected('scopes with a space between them, openid among them');
const openIdSchema = z
  .strictObject({
    issuer: z.url(ISSUER).refine(hasNoLogin, ISSUER),
    clientId: textSchema,
    clientSecretFile: textSchema.exactOptional(),
    scope: z
      .string(SCOPE)
      .regex(/^(\S+ )*openid( \S+)*$/, SCOPE)
      .default('openid profile email'),
    roleClaim: textSchema.default('groups'),
    roles: z.strictObject({ reader: groupsSchema, operator: groupsSchema, administrator: groupsSchema }),
  })
  .exactOptional()
  .meta({
    description:
      'Logins by OpenID Connect; the claim roleClaim says what a person belongs to (realm_access.roles: within another), scope what is asked for. The provider leads back to /login/callback.',
    examples: [
      {
        issuer: 'https://login.hospital.example/realms/staff',
        clientId: 'ichor',
        clientSecretFile: '/etc/ichor/client-secret',
        scope: 'openid profile email',
        roleClaim: 'groups',
        roles: { reader: ['radiology'], administrator: ['radiology-it'] },
      },
    ],
  });

export const accessSchema = z
  .strictObject({
    longestHours: hours(168).default(12).describe('A session ends after so many hours in any case.'),
    openId: openIdSchema,
    idleHours: hours(168)
      .default(2)
      .describe(
        'A session ends after so many hours without a key or a pointer on its pages. Give more to a display on a wall.',
      ),
  })
  .prefault({})
  .describe('Who may log in, and for how long; users and tokens are made by ichor user and ichor token.');
