import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

/**
 * The crash-safe memory of the local cloud: one SQLite file with a write-ahead log.
 *
 * Everything written in one turn of the event loop is one transaction. Whoever answers a caller awaits
 * `committed()` first, so that an acknowledged write survives a SIGKILL at any instant, and a thousand
 * concurrent writes still cost one commit. (A power failure may lose the last commits: `synchronous=NORMAL`.)
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #batch: { readonly done: Promise<void>; settle(error?: unknown): void } | undefined;

  /** @param file a path, or `:memory:` for a cloud that forgets. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    // No other process uses the file meanwhile: the log's index then needs no shared memory and no locks.
    this.#database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;',
    );
  }

  /** Runs DDL, at once; each engine declares its own tables with `CREATE TABLE IF NOT EXISTS`. */
  declare(ddl: string): void {
    this.flush();
    this.#database.exec(ddl);
  }

  /** Writes within the transaction of this turn. */
  write(sql: string, ...values: SQLInputValue[]): void {
    this.#open();
    this.#prepare(sql).run(...values);
  }

  /** Reads, and sees what this turn has written. */
  read(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values);
  }

  /** Resolves when all that was written so far would survive a crash. */
  committed(): Promise<void> {
    return this.#batch?.done ?? Promise.resolve();
  }

  flush(): void {
    const batch = this.#batch;
    if (!batch) return;
    this.#batch = undefined;
    try {
      this.#database.exec('COMMIT');
      batch.settle();
    } catch (error) {
      batch.settle(error);
    }
  }

  close(): void {
    this.flush();
    this.#database.close();
  }

  #open(): void {
    if (this.#batch) return;
    this.#database.exec('BEGIN');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Nobody may be waiting for this commit: a failure then shows in the next one.
    promise.catch(() => undefined);
    this.#batch = { done: promise, settle: (error) => (error === undefined ? resolve() : reject(error)) };
    setImmediate(() => this.flush());
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
