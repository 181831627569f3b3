import { z } from 'zod';
import { expected, hasNoLogin, textSchema } from './plain-settings.ts';

const hours = (most: number) => z.number(expected('a number of hours')).positive().max(most);

const ISSUER = expected('the address of an identity provider: https://login.hospital.example');
const groupsSchema = z.array(textSchema, expected('a list of texts')).exactOptional();
const openIdSchema = z
  .strictObject({
    issuer: z.url(ISSUER).refine(hasNoLogin, ISSUER),
    clientId: textSchema,
    clientSecretFile: textSchema.exactOptional(),
    roleClaim: textSchema.default('groups'),
    roles: z.strictObject({ reader: groupsSchema, operator: groupsSchema, administrator: groupsSchema }),
  })
  .exactOptional()
  .meta({
    description:
      'Logins by OpenID Connect; the claim roleClaim says what a person belongs to. The provider leads back to /login/callback.',
    examples: [
      {
        issuer: 'https://login.hospital.example/realms/staff',
        clientId: 'ichor',
        clientSecretFile: '/etc/ichor/client-secret',
        roleClaim: 'groups',
        roles: { reader: ['radiology'], administrator: ['radiology-it'] },
      },
    ],
  });

export const accessSchema = z
  .strictObject({
    longestHours: hours(168).default(12).describe('A session ends after so many hours in any case.'),
    openId: openIdSchema,
    idleHours: hours(168).default(2).describe('A session ends after so many hours without a request.'),
  })
  .prefault({})
  .describe('Who may log in, and for how long; users and tokens are made by ichor user and ichor token.');
