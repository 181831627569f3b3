import { createHash, randomBytes } from 'node:crypto';
import { UsageError } from '../../base/index.ts';
import { type Accounts, accountNameSchema, changeAccounts, type Token, type User } from './accounts-file.ts';
import { hashPassword } from './password.ts';
import type { PersonRole } from './roles.ts';

/** NIST SP 800-63B asks for 8 at least, and for a long maximum; a length serves better than rules of characters. */
const LEAST_CHARACTERS = 12;
const MOST_CHARACTERS = 256;

/** Adds a person. Throws UsageError `user-exists`, `account-name`, `password-weak`. */
export async function addUser(data: string, name: string, role: PersonRole, password: string): Promise<void> {
  const user = { name: checkedName(name), role, disabled: false, ...(await newPassword(name, password)) };
  await changeAccounts(data, (before) => {
    if (before.users.some((other) => isSame(other.name, name)))
      throw new UsageError('user-exists', `there is a user ${name} already; ichor user list shows all`);
    return { ...before, users: [...before.users, user] };
  });
}

/** Changes the password and ends the person's sessions. Throws UsageError `user-unknown`, `password-weak`. */
export async function setPassword(data: string, name: string, password: string): Promise<void> {
  const changed = await newPassword(name, password);
  await changeUser(data, name, (user) => ({ ...user, ...changed }));
}

/** A disabled person stays in the file, for the trail names him; sessions end. Throws UsageError `user-unknown`. */
export const disableUser = (data: string, name: string, disabled: boolean): Promise<void> =>
  changeUser(data, name, (user) => ({ ...user, disabled, changedAt: now() }));

/** Throws UsageError `user-unknown`. */
export const setRole = (data: string, name: string, role: PersonRole): Promise<void> =>
  changeUser(data, name, (user) => ({ ...user, role }));

async function changeUser(data: string, name: string, change: (user: User) => User): Promise<void> {
  await changeAccounts(data, (before) => {
    if (!before.users.some((one) => isSame(one.name, name)))
      throw new UsageError('user-unknown', `there is no user ${name}; ichor user list shows all`);
    return { ...before, users: before.users.map((one) => (isSame(one.name, name) ? change(one) : one)) };
  });
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
export async function addToken(data: string, name: string, role: PersonRole, days: number): Promise<string> {
  const text = `ichor_${randomBytes(32).toString('base64url')}`;
  const token: Token = {
    name: checkedName(name),
    role,
    sha256: tokenSha256(text),
    addedAt: now(),
    expiresAt: new Date(Date.now() + days * 86_400_000).toISOString(),
  };
  await changeAccounts(data, (before) => {
    if (before.tokens.some((other) => isSame(other.name, name)))
      throw new UsageError('token-exists', `there is a token ${name} already; ichor token list shows all`);
    return { ...before, tokens: [...before.tokens, token] };
  });
  return text;
}

/** Throws UsageError `token-unknown`. */
export async function revokeToken(data: string, name: string): Promise<void> {
  await changeAccounts(data, (before) => {
    if (!before.tokens.some((one) => isSame(one.name, name)))
      throw new UsageError('token-unknown', `there is no token ${name}; ichor token list shows all`);
    return { ...before, tokens: before.tokens.filter((one) => !isSame(one.name, name)) };
  });
}

export const tokenSha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Names differ by more than their case, so that nobody is taken for another. */
export const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export const userOf = ({ users }: Accounts, name: string): User | undefined =>
  users.find((one) => isSame(one.name, name));

const now = (): string => new Date().toISOString();

function checkedName(name: string): string {
  const result = accountNameSchema.safeParse(name);
  if (result.success) return name;
  throw new UsageError('account-name', result.error.issues.map(({ message }) => message).join('; '));
}
