import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../../archive/index.ts';
import { IchorError } from '../../base/index.ts';
import { explainSystemError, readTextIfThere, withFolderLock, writeFileWhole } from '../../files/index.ts';
import { PERSON_ROLES } from './roles.ts';

/** Of a person, a program or a station; stands in journals and in the audit trail. */
export const accountNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][\w.@-]{0,63}$/i,
    'expected a name of up to 64 letters, digits, dots, - and _, like anna.berg',
  );

const userSchema = z.object({
  name: accountNameSchema,
  role: z.enum(PERSON_ROLES),
  /** Argon2id, PHC string. */
  password: z.string(),
  disabled: z.boolean(),
  /** Sessions that are older than this are over. */
  changedAt: z.iso.datetime(),
});

const tokenSchema = z.object({
  name: accountNameSchema,
  role: z.enum(PERSON_ROLES),
  /** Of the token, which itself is kept nowhere. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  addedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

const accountsSchema = z.object({ users: z.array(userSchema), tokens: z.array(tokenSchema) });

export type User = z.infer<typeof userSchema>;
export type Token = z.infer<typeof tokenSchema>;
/** Who may use the service. */
export type Accounts = z.infer<typeof accountsSchema>;

export const NO_ACCOUNTS: Accounts = { users: [], tokens: [] };

export const accessFolder = (data: string): string => path.join(data, 'access');
export const accountsFile = (data: string): string => path.join(accessFolder(data), 'accounts.json');

/** Throws IchorError `accounts-broken`. */
export function parseAccounts(text: string): Accounts {
  try {
    return accountsSchema.parse(JSON.parse(text));
  } catch (cause) {
    const advice = 'restore it from a backup, or delete it and add the users again';
    throw new IchorError('accounts-broken', `accounts.json is damaged: ${advice}`, { cause });
  }
}

/** Who may use the service whose data lie in this folder. Throws as parseAccounts and readText do. */
export async function readAccounts(data: string): Promise<Accounts> {
  const text = await readTextIfThere(accountsFile(data));
  return text === undefined ? NO_ACCOUNTS : parseAccounts(text);
}

/** Called with what is about to be kept and what was there before; a change that it throws at is not made. */
export type BeforeKept = (after: Accounts, before: Accounts) => Promise<void>;

/** Changes them while nobody else does; a service that runs sees it at the next request. Throws what the change and `beforeKept` throw. */
export async function changeAccounts(
  data: string,
  change: (before: Accounts) => Accounts,
  beforeKept: BeforeKept = async () => undefined,
): Promise<void> {
  const folder = accessFolder(data);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((thrown: unknown) => {
    throw explainSystemError(thrown, 'write', folder);
  });
  await withFolderLock(folder, async () => {
    const before = await readAccounts(data);
    const after = change(before);
    await beforeKept(after, before);
    await writeFileWhole(accountsFile(data), `${JSON.stringify(after, undefined, 2)}\n`);
    await syncFolder(folder);
  });
}
