import { createHash, randomBytes } from 'node:crypto';
import { UsageError } from '../../base/index.ts';
import {
  type Accounts,
  accountNameSchema,
  type BeforeKept,
  changeAccounts,
  type Token,
  type User,
} from './accounts-file.ts';
import { hashPassword } from './password.ts';
import type { PersonRole } from './roles.ts';

/** NIST SP 800-63B asks for 8 at least, and for a long maximum; a length serves better than rules of characters. */
const LEAST_CHARACTERS = 12;
const MOST_CHARACTERS = 256;

/** Adds a person. Throws UsageError `user-exists`, `account-name`, `password-weak`. */
export async function addUser(
  data: string,
  name: string,
  role: PersonRole,
  password: string,
  beforeKept?: BeforeKept,
): Promise<void> {
  const user = { name: checkedName(name), role, disabled: false, ...(await newPassword(name, password)) };
  const added = (before: Accounts): Accounts => {
    if (userOf(before, name) !== undefined)
      throw new UsageError('user-exists', `there is a user ${name} already; take another name`);
    return { ...before, users: [...before.users, user] };
  };
  await changeAccounts(data, added, beforeKept);
}

/** What of a person can be changed. */
export interface UserChange {
  readonly role?: PersonRole | undefined;
  readonly password?: string | undefined;
  /** A disabled person stays in the file, for the trail names him. */
  readonly disabled?: boolean | undefined;
}

/**
 * Changes a person; the sessions end where the password is new, or the account was disabled or enabled. Throws UsageError
 * `user-unknown`, `password-weak`.
 */
export async function changeUser(
  data: string,
  name: string,
  { role, password, disabled }: UserChange,
  beforeKept?: BeforeKept,
): Promise<void> {
  const change = {
    ...(role !== undefined && { role }),
    ...(disabled !== undefined && { disabled, changedAt: now() }),
    ...(password !== undefined && (await newPassword(name, password))),
  };
  const changed = (before: Accounts): Accounts => {
    const user = userOf(before, name);
    if (user === undefined)
      throw new UsageError('user-unknown', `there is no user ${name}; look at the list of users`);
    return { ...before, users: before.users.map((one) => (one === user ? { ...one, ...change } : one)) };
  };
  await changeAccounts(data, changed, beforeKept);
}

async function newPassword(name: string, password: string): Promise<Pick<User, 'password' | 'changedAt'>> {
  const characters = [...password].length;
  if (characters < LEAST_CHARACTERS || characters > MOST_CHARACTERS)
    throw new UsageError(
      'password-weak',
      `the password has ${characters} characters, expected ${LEAST_CHARACTERS} to ${MOST_CHARACTERS}; several words make a good one`,
    );
  if (new Set(password).size < 5 || password.toLowerCase().includes(name.toLowerCase()))
    throw new UsageError(
      'password-weak',
      'the password is the name or a few characters repeated; take another',
    );
  return { password: await hashPassword(password), changedAt: now() };
}

/** What a program sends as `Authorization: Bearer ...`; told once, and kept only as its SHA-256. Throws UsageError `token-exists`, `account-name`. */
export async function addToken(
  data: string,
  name: string,
  role: PersonRole,
  days: number,
  beforeKept?: BeforeKept,
): Promise<string> {
  const text = `ichor_${randomBytes(32).toString('base64url')}`;
  const token: Token = {
    name: checkedName(name),
    role,
    sha256: tokenSha256(text),
    addedAt: now(),
    expiresAt: new Date(Date.now() + days * 86_400_000).toISOString(),
  };
  const added = (before: Accounts): Accounts => {
    if (before.tokens.some((other) => isSame(other.name, name)))
      throw new UsageError('token-exists', `there is a token ${name} already; take another name`);
    return { ...before, tokens: [...before.tokens, token] };
  };
  await changeAccounts(data, added, beforeKept);
  return text;
}

/** Throws UsageError `token-unknown`. */
export async function revokeToken(data: string, name: string, beforeKept?: BeforeKept): Promise<void> {
  const revoked = (before: Accounts): Accounts => {
    const tokens = before.tokens.filter((one) => !isSame(one.name, name));
    if (tokens.length === before.tokens.length)
      throw new UsageError('token-unknown', `there is no token ${name}; look at the list of tokens`);
    return { ...before, tokens };
  };
  await changeAccounts(data, revoked, beforeKept);
}

export const tokenSha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Names differ by more than their case, so that nobody is taken for another. */
export const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export const userOf = ({ users }: Accounts, name: string): User | undefined =>
  users.find((one) => isSame(one.name, name));

/** One who can log in. */
export const hasAdministrator = ({ users }: Accounts): boolean =>
  users.some(({ role, disabled }) => role === 'administrator' && !disabled);

const now = (): string => new Date().toISOString();

function checkedName(name: string): string {
  const result = accountNameSchema.safeParse(name);
  if (result.success) return name;
  throw new UsageError('account-name', result.error.issues.map(({ message }) => message).join('; '));
}
