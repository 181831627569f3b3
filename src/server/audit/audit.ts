import { rename } from 'node:fs/promises';
import { type Journal, openJournal } from '../../archive/index.ts';
import { codeOf, IchorError, messageOf } from '../../base/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import type { Accounts } from '../access/accounts-file.ts';
import { type AuditEntry, type AuditEvent, auditEntrySchema } from './audit-entry.ts';
import {
  type AuditQuery,
  auditFile,
  auditHeadFile,
  type NumberedEntry,
  readAudit,
  verifyAudit,
} from './audit-file.ts';

/** Who saw, changed and exported what; appended to, and never changed. */
export interface Audit {
  /** Resolves when the line is on the disk. Throws as Journal.append does. */
  tell(event: AuditEvent): Promise<void>;
  /** Tells what has changed of users and tokens since the trail last said, also while the service stood still, and who did it. */
  tellAccounts(accounts: Accounts, who?: string): Promise<void>;
  readonly data: string;
  /** Its newest lines. Throws as readAudit does. */
  newest(query: AuditQuery): Promise<NumberedEntry[]>;
  /** Why nothing more is written before a restart. */
  readonly fault: IchorError | undefined;
  close(): Promise<void>;
}

const HEAD_EVERY_MS = 10_000;
const REMOVED = 'removed';

/**
 * Opens the trail of a data folder. One that was tampered with is set aside, and a new one says so: the service goes on, for
 * patients wait.
 */
export async function openAudit(data: string, log: (text: string) => void): Promise<Audit> {
  const damage = await damageOf(data);
  if (damage !== undefined) {
    const aside = `${auditFile(data)}.damaged-${Date.now()}`;
    await rename(auditFile(data), aside).catch((thrown: unknown) =>
      log(`the audit trail could not be set aside: ${messageOf(thrown)}`),
    );
    log(`the audit trail is damaged and was set aside as ${aside}: ${damage.message}`);
  }
  const accounts = new Map<string, string>();
  const journal = await openJournal(auditFile(data), {
    schema: auditEntrySchema,
    onEntry: ({ account, state }: AuditEntry) => {
      if (account !== undefined && state !== undefined) accounts.set(account, state);
      return true;
    },
  });
  const audit = new JournalAudit(data, journal, accounts, log);
  if (damage !== undefined) await audit.tell({ action: 'started', who: 'service', state: 'damaged before' });
  return audit;
}

async function damageOf(data: string): Promise<IchorError | undefined> {
  try {
    await verifyAudit(data);
    return undefined;
  } catch (thrown) {
    if (codeOf(thrown) === 'audit-missing') return undefined;
    if (thrown instanceof IchorError) return thrown;
    throw thrown;
  }
}

class JournalAudit implements Audit {
  readonly data: string;
  readonly #journal: Journal<AuditEntry>;
  /** What the trail last said of each. */
  readonly #accounts: Map<string, string>;
  readonly #log: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  #toldLines = -1;
  #telling = Promise.resolve();

  constructor(
    data: string,
    journal: Journal<AuditEntry>,
    accounts: Map<string, string>,
    log: (text: string) => void,
  ) {
    this.data = data;
    this.#journal = journal;
    this.#accounts = accounts;
    this.#log = log;
    this.#timer = setInterval(() => void this.#keepHead(), HEAD_EVERY_MS).unref();
  }

  newest(query: AuditQuery): Promise<NumberedEntry[]> {
    return readAudit(this.data, query, this.#journal.length);
  }

  get fault(): IchorError | undefined {
    return this.#journal.fault;
  }

  async tell(event: AuditEvent): Promise<void> {
    await this.#journal.append({ at: new Date().toISOString(), ...event });
  }

  tellAccounts(accounts: Accounts, who = 'administrator of the machine'): Promise<void> {
    const tell = (): Promise<void> => this.#tellChanged(accounts, who);
    // One after the other, so that nothing is told twice
    this.#telling = this.#telling.then(tell, tell);
    return this.#telling;
  }

  async #tellChanged({ users, tokens }: Accounts, who: string): Promise<void> {
    const now = new Map<string, string>([
      ...users.map(
        ({ name, role, disabled, changedAt }) =>
          [`user ${name}`, `${role}${disabled ? ', disabled' : ''}, password of ${changedAt}`] as const,
      ),
      ...tokens.map(({ name, role, expiresAt }) => [`token ${name}`, `${role} until ${expiresAt}`] as const),
    ]);
    const gone = [...this.#accounts].filter(([account, state]) => state !== REMOVED && !now.has(account));
    for (const [account] of gone) now.set(account, REMOVED);
    for (const [account, state] of now)
      if (this.#accounts.get(account) !== state)
        await this.tell({ action: 'account-changed', who, account, state });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#keepHead();
    await this.#journal.close();
  }

  async #keepHead(): Promise<void> {
    const { line: lines, sum } = this.#journal.position;
    if (lines === this.#toldLines) return;
    try {
      await writeFileWhole(auditHeadFile(this.data), `${JSON.stringify({ lines, sum })}\n`);
      this.#toldLines = lines;
    } catch (thrown) {
      this.#log(`the length of the audit trail could not be kept: ${messageOf(thrown)}`);
    }
  }
}
