import { readFileSync, statSync } from 'node:fs';
import { errnoOf } from '../../base/index.ts';
import { explainSystemError } from '../../files/index.ts';
import { type Accounts, accountsFile, NO_ACCOUNTS, parseAccounts } from './accounts-file.ts';
import { LoginGuard, type LoginLimits } from './login-limits.ts';
import { tokenSha256, userOf } from './manage.ts';
import { isPassword } from './password.ts';
import type { PersonRole } from './roles.ts';
import { openSessions, type Session, type Sessions, type SessionTimes } from './sessions.ts';

/** Who asks. */
export interface Caller {
  readonly name: string;
  readonly role: PersonRole;
  /** How we know: `machine` is whoever reaches a loopback address while there are no users. */
  readonly by: 'machine' | 'session' | 'token';
}

/** What a request shows of itself. */
export interface Credentials {
  readonly sessionId?: string | undefined;
  readonly token?: string | undefined;
}

export type LoginResult = { readonly sessionId: string } | { readonly waitSeconds: number } | undefined;

export interface Access {
  /** Nobody has an account: whoever reaches the loopback address is its one administrator. */
  readonly isOpen: boolean;
  /** As they are now: a change counts from the next request on. Throws IchorError `accounts-broken`. */
  accounts(): Accounts;
  /** Where it is no use, as a page asks that nobody uses, a session ends in its time all the same. */
  callerOf(credentials: Credentials, isUse?: boolean): Caller | undefined;
  /** Opens a session under a new identifier and ends the old one; undefined where name or password is wrong. */
  login(name: string, password: string, address: string, oldSession?: string): Promise<LoginResult>;
  /** Opens a session of a person whom another service vouches for; the old one ends. */
  enter(person: { readonly name: string; readonly role: PersonRole }, oldSession?: string): Promise<string>;
  logout(sessionId: string): Promise<void>;
}

export interface AccessOptions extends SessionTimes {
  /** Only who is at this machine reaches us: then no users are needed. */
  readonly isLocal: boolean;
  /** The service's data folder. */
  readonly data: string;
  readonly limits?: Partial<LoginLimits>;
  /** Called when they were read for the first time, and after each change. */
  readonly onAccounts?: (accounts: Accounts) => void;
}

/** Of random bytes that nobody kept: a name that is not known takes as long as a wrong password. */
const NOBODYS =
  '$argon2id$v=19$m=19456,t=2,p=1$9XuqNAswYyZjq1w9kEtQPw$h9PeHDo6V9aE3sLp+J+vUFkvBTOouxBXwMWqg3eQJcs';

const MACHINE: Caller = { name: 'local user', role: 'administrator', by: 'machine' };

export async function openAccess(options: AccessOptions): Promise<Access> {
  const sessions = await openSessions(options.data, options);
  return new FileAccess(options, sessions, new LoginGuard(options.limits));
}

class FileAccess implements Access {
  readonly #file: string;
  readonly #isLocal: boolean;
  readonly #sessions: Sessions;
  readonly #guard: LoginGuard;
  readonly #onAccounts: (accounts: Accounts) => void;
  #read = { mark: 'never', accounts: NO_ACCOUNTS };

  constructor(
    { data, isLocal, onAccounts = () => undefined }: AccessOptions,
    sessions: Sessions,
    guard: LoginGuard,
  ) {
    this.#file = accountsFile(data);
    this.#isLocal = isLocal;
    this.#onAccounts = onAccounts;
    this.#sessions = sessions;
    this.#guard = guard;
  }

  get isOpen(): boolean {
    return this.#isLocal && this.accounts().users.length === 0;
  }

  accounts(): Accounts {
    const mark = markOf(this.#file);
    if (mark !== this.#read.mark) {
      const accounts = mark === '' ? NO_ACCOUNTS : parseAccounts(readFileSync(this.#file, 'utf8'));
      this.#read = { mark, accounts };
      this.#onAccounts(accounts);
    }
    return this.#read.accounts;
  }

  callerOf({ token, sessionId }: Credentials, isUse = true): Caller | undefined {
    // What was shown counts, or nothing: a wrong token is not made good by a session
    if (token !== undefined) return this.#ofToken(token);
    if (sessionId !== undefined) {
      const caller = this.#ofSession(sessionId, isUse);
      if (caller !== undefined) return caller;
    }
    return this.isOpen ? MACHINE : undefined;
  }

  #ofToken(text: string): Caller | undefined {
    const sha256 = tokenSha256(text);
    const token = this.accounts().tokens.find((one) => one.sha256 === sha256);
    if (token === undefined || Date.parse(token.expiresAt) <= Date.now()) return undefined;
    return { name: token.name, role: token.role, by: 'token' };
  }

  #ofSession(id: string, isUse: boolean): Caller | undefined {
    const session = this.#sessions.find(id, isUse);
    if (session === undefined) return undefined;
    const { name, role, openedAt } = session;
    if (role !== undefined) return { name, role, by: 'session' };
    const user = userOf(this.accounts(), name);
    if (user === undefined || user.disabled || user.changedAt > openedAt) return undefined;
    return { name: user.name, role: user.role, by: 'session' };
  }

  async login(name: string, password: string, address: string, oldSession?: string): Promise<LoginResult> {
    const key = name.toLowerCase();
    const waitSeconds = this.#guard.waitOf(address, key);
    if (waitSeconds !== undefined) return { waitSeconds };
    const user = await this.#guard.tried(address, key, async () => {
      const found = userOf(this.accounts(), name);
      const isRight = await isPassword(password, found?.password ?? NOBODYS);
      return isRight && found?.disabled === false ? found : undefined;
    });
    if (user === undefined) return undefined;
    return { sessionId: await this.#open({ name: user.name }, oldSession) };
  }

  enter(person: { readonly name: string; readonly role: PersonRole }, oldSession?: string): Promise<string> {
    return this.#open(person, oldSession);
  }

  async #open(session: Pick<Session, 'name' | 'role'>, oldSession: string | undefined): Promise<string> {
    if (oldSession !== undefined) await this.#sessions.close(oldSession);
    return this.#sessions.open(session);
  }

  logout(sessionId: string): Promise<void> {
    return this.#sessions.close(sessionId);
  }
}

/** Another one for another content, since files are put in their place whole; empty where there is no file. */
function markOf(file: string): string {
  try {
    const { ino, mtimeNs, size } = statSync(file, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return '';
    throw explainSystemError(thrown, 'read', file);
  }
}
