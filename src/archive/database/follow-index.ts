import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type IchorError, messageOf, UsageError } from '../../base/index.ts';
import { isPostgresUrl } from '../../queue/index.ts';
import type { Archive } from '../archive.ts';
import type { HeldObject } from '../held-study.ts';
import { sumOfLine } from '../journal.ts';
import { databaseAway, emptyDatabase, isDamaged, openDatabase } from './open-database.ts';
import { type ChangedStudy, writeStudies } from './rows.ts';
import type { Database } from './tables.ts';

interface FollowOptions {
  /** `postgres://...`; without it, an embedded database under the archive's folder. */
  readonly url?: string;
  /** Makes it anew, whatever lies there. */
  readonly rebuild?: boolean;
  log(text: string): void;
}

/** The archive's index in a database, which follows the journal by itself for as long as it is open. */
export interface IndexInDatabase {
  /** Throws IchorError `database-unreachable` while it is away. */
  database(): Database;
  /** Resolves when all that the journal holds by now is in the database. Throws as database() does. */
  upToDate(): Promise<void>;
  close(): Promise<void>;
}

const GATHER_MS = 100;
const RETRY_MS = 1000;
const STUDIES_AT_ONCE = 100;

/**
 * Resolves when the database has all that the journal holds, or is away: then it follows once it is back. Throws UsageError
 * `database-of-another`.
 */
export async function followIndex(archive: Archive, options: FollowOptions): Promise<IndexInDatabase> {
  const follower = new Follower(archive, options);
  await follower.start();
  return follower;
}

class Follower implements IndexInDatabase {
  readonly #archive: Archive;
  readonly #where: string;
  readonly #log: (text: string) => void;
  readonly #stopListening: () => void;
  #database: Database | undefined;
  #fault: IchorError | undefined;
  #isToBeEmptied: boolean;
  #isClosing = false;
  /** Objects that the database does not have yet, by study; all of them where it says so. */
  #changed = new Map<string, Set<string> | 'all'>();
  #writing: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(archive: Archive, { url, rebuild = false, log }: FollowOptions) {
    this.#archive = archive;
    this.#where = url ?? path.join(archive.folders.root, 'database');
    this.#isToBeEmptied = rebuild;
    this.#log = log;
    this.#stopListening = archive.onEntry((entry) => {
      const instances = entry.event === 'removed' ? 'all' : (this.#changed.get(entry.study) ?? new Set());
      this.#changed.set(entry.study, instances);
      if (entry.event === 'received' && instances !== 'all') instances.add(entry.instance);
      this.#write();
    });
  }

  async start(): Promise<void> {
    this.#write();
    await this.#writing;
    if (this.#fault instanceof UsageError) {
      await this.close();
      throw this.#fault;
    }
  }

  database(): Database {
    if (this.#database === undefined || this.#fault !== undefined)
      throw this.#fault ?? databaseAway(new Error('it is not open'));
    return this.#database;
  }

  async upToDate(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    this.database();
  }

  async close(): Promise<void> {
    this.#stopListening();
    while (this.#writing !== undefined) await this.#writing;
    this.#isClosing = true;
    clearTimeout(this.#retry);
    await this.#database?.destroy();
  }

  /** One at a time; what changes meanwhile is written after it. */
  #write(): void {
    if (this.#retry !== undefined || this.#isClosing) return;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#fault === undefined && this.#changed.size > 0) this.#write();
    });
  }

  async #writeAll(): Promise<void> {
    try {
      // Slices come one after another: what comes meanwhile is written with the first
      await pause(GATHER_MS);
      this.#database ??= await this.#open();
      while (this.#changed.size > 0) await this.#writeChanged(this.#database);
      if (this.#fault !== undefined) this.#log('the database has all that came meanwhile');
      this.#fault = undefined;
    } catch (thrown) {
      await this.#isAway(thrown);
    }
  }

  async #open(): Promise<Database> {
    if (this.#isToBeEmptied) await emptyDatabase(this.#where);
    const database = await openDatabase(this.#where);
    try {
      await this.#findWhatIsMissing(database);
    } catch (thrown) {
      await database.destroy();
      throw thrown;
    }
    this.#isToBeEmptied = false;
    return database;
  }

  /** A database that followed this journal goes on where it was; one that followed another is not ours to overwrite. */
  async #findWhatIsMissing(database: Database): Promise<void> {
    const { line = 0, sum = '' } =
      (await database.selectFrom('position').selectAll().executeTakeFirst()) ?? {};
    if (line > 0 && (await this.#sumOf(line)) !== sum) {
      if (isPostgresUrl(this.#where)) throw ofAnother();
      this.#isToBeEmptied = true;
      throw new Error('it followed another journal');
    }
    for (const held of this.#archive.index.studies())
      if (held.line > line) this.#changed.set(held.study, 'all');
  }

  /** The last line's is known: the journal need not be read for it. */
  async #sumOf(line: number): Promise<string | undefined> {
    const { position, folders } = this.#archive;
    return line === position.line ? position.sum : await sumOfLine(folders.journal, line);
  }

  async #writeChanged(database: Database): Promise<void> {
    const taken = this.#changed;
    this.#changed = new Map();
    const { position } = this.#archive;
    try {
      const studies = [...taken].flatMap(([study, instances]) => this.#changeOf(study, instances));
      for (let start = 0; start < studies.length; start += STUDIES_AT_ONCE) {
        const some = studies.slice(start, start + STUDIES_AT_ONCE);
        await database.transaction().execute(async (transaction) => {
          await writeStudies(transaction, some);
          if (start + STUDIES_AT_ONCE < studies.length) return;
          await transaction.deleteFrom('position').execute();
          await transaction.insertInto('position').values(position).execute();
        });
      }
    } catch (thrown) {
      for (const study of taken.keys()) this.#changed.set(study, 'all');
      throw thrown;
    }
  }

  #changeOf(study: string, instances: Set<string> | 'all'): ChangedStudy[] {
    const held = this.#archive.index.study(study);
    if (held === undefined) return [];
    const names = instances === 'all' ? held.objects.keys() : instances;
    const objects = [...names].flatMap((name): HeldObject[] => {
      const object = held.objects.get(name);
      return object === undefined ? [] : [object];
    });
    return [{ held, objects, isWhole: instances === 'all' }];
  }

  async #isAway(thrown: unknown): Promise<void> {
    if (thrown instanceof UsageError) this.#fault = thrown;
    else {
      this.#isToBeEmptied = isDamaged(this.#where, thrown);
      const then = this.#isToBeEmptied ? '; it is made anew from the journal' : '';
      if (this.#fault === undefined) this.#log(`the database cannot be used: ${messageOf(thrown)}${then}`);
      this.#fault = databaseAway(thrown);
    }
    const database = this.#database;
    this.#database = undefined;
    await database
      ?.destroy()
      .catch((failed: unknown) => this.#log(`it cannot be closed: ${messageOf(failed)}`));
    if (this.#isClosing) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#write();
    }, RETRY_MS);
  }
}

const ofAnother = (): UsageError =>
  new UsageError(
    'database-of-another',
    'the database follows another journal, perhaps of another service; name another database, or give --rebuild to make its index anew from this journal',
  );
