import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beside } from '../beside.ts';
import type { FlowReport } from '../check/audit-report.ts';
import { limits } from '../limits.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import {
  type CaptureRow,
  captureOf,
  captureRow,
  type FlowRow,
  flowOf,
  flowRow,
  flowValues,
  insertCapture,
  insertFlow,
} from './rows.ts';
import { type LimitHit, type Store, type StoredCapture, type StoredCheck, StoreError } from './store.ts';

/** "pcau": tells our files from other SQLite files (PRAGMA application_id). */
const applicationId = 0x70636175;
const schemaVersion = 3;
/** What an older schema lacks, by the version that brought it. */
const upgrades: readonly (readonly [number, string])[] = [
  [2, 'ALTER TABLE last_check ADD COLUMN exceptions TEXT'],
  [3, "ALTER TABLE captures ADD COLUMN names TEXT NOT NULL DEFAULT '[]'"],
];
const indexIds = 'CREATE UNIQUE INDEX IF NOT EXISTS flows_by_id ON flows (id)';
const numberAlikeIds = `UPDATE flows SET id = id || '-' || alike.place
  FROM (SELECT flow, row_number() OVER (PARTITION BY id ORDER BY flow) AS place FROM flows) AS alike
  WHERE alike.flow = flows.flow AND alike.place > 1`;
/**
 * Lost packets show as a gap in TCP, where the spot goes; else only behind the last byte of a flow that did not end, since one
 * that ended without a gap was seen whole. Of datagrams any may be missing.
 */
const noteLoss = `UPDATE flows SET blind_spots_json = json_insert(blind_spots_json, '$[#]', json(CASE
    WHEN transport <> 'tcp' THEN json_object('why', 'dropped-frames', 'capture', first_capture, 'frame', first_frame, 'detail', @detail)
    WHEN missed_bytes > 0 THEN coalesce(
      (SELECT json_set(value, '$.why', 'dropped-frames', '$.detail', @detail) FROM json_each(blind_spots_json)
        WHERE value ->> '$.why' = 'gap' LIMIT 1),
      json_object('why', 'dropped-frames', 'capture', last_capture, 'frame', last_frame, 'detail', @detail))
    ELSE json_object('why', 'dropped-frames', 'capture', last_capture, 'frame', last_frame, 'detail', @detail) END))
  WHERE @capture IN (SELECT value FROM json_each(captures))
    AND (transport <> 'tcp' OR missed_bytes > 0 OR state NOT IN ('SF', 'RSTO', 'RSTR', 'REJ'))
    AND json_array_length(blind_spots_json) <= @most`;
/** few enough that a page's rows are garbage before the collector would move them */
const pageRows = 64;
const byFirstFrame = 'ORDER BY first_seen, first_capture, first_frame, id';

/** Opens the database at `path`; it is created, readable by its owner only, where `create` says so. */
export function openStore(path: string, create: boolean): Store {
  const isNew = !existsSync(path);
  if (isNew && !create) {
    throw new StoreError(`${path}: no such database; make one with: pcap-audit ingest CAPTURE --db ${path}`);
  }
  try {
    if (isNew) closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    throw asStoreError(error, path);
  }
  try {
    return new SqliteStore(new Database(path), path, { isNew, create, temporary: null });
  } catch (error) {
    if (isNew) rmSync(path, { force: true });
    throw asStoreError(error, path);
  }
}

/** A database that is gone once it is closed. Runs without journal: nobody needs it after a crash. */
export function openTemporaryStore(): Store {
  const folder = makeTemporaryFolder();
  const path = join(folder, 'facts.db');
  try {
    closeSync(openSync(path, 'wx', 0o600));
    const database = new Database(path);
    // bytes; a flow's facts seldom fit into the usual 4096
    database.pragma('page_size = 16384');
    database.pragma('journal_mode = OFF');
    database.pragma('synchronous = OFF');
    return new SqliteStore(database, path, { isNew: true, create: true, temporary: folder });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw asStoreError(error, path);
  }
}

function makeTemporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'pcap-audit-'));
  } catch (error) {
    throw asStoreError(error, tmpdir());
  }
}

class SqliteStore implements Store {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #temporary: string | null;
  #insertCapture: Database.Statement | null = null;
  #insertFlow: Database.Statement | null = null;
  #removeIfEmpty: boolean;

  constructor(
    database: Database.Database,
    path: string,
    { isNew, create, temporary }: { isNew: boolean; create: boolean; temporary: string | null },
  ) {
    this.#database = database;
    this.#path = path;
    this.#temporary = temporary;
    this.#removeIfEmpty = isNew && temporary === null;
    // kibibytes: rows are written once and read in order, so a larger cache would only be memory
    database.pragma('cache_size = -2048');
    try {
      // a process that was killed while it made the file leaves it without a page
      if (isNew || (create && this.#isEmpty())) this.#create();
      else this.#recognise();
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #isEmpty(): boolean {
    return this.#database.pragma('page_count', { simple: true }) === 0;
  }

  /** All of it or nothing, whenever the process ends. */
  #create(): void {
    this.#database.transaction(() => {
      this.#database.exec(readFileSync(beside('./store/schema.sql'), 'utf8'));
      this.#database.pragma(`application_id = ${applicationId}`);
      this.#database.pragma(`user_version = ${schemaVersion}`);
    })();
  }

  #recognise(): void {
    if (this.#database.pragma('application_id', { simple: true }) !== applicationId) {
      throw new StoreError(`${this.#path}: not a database of pcap-audit; name another file`);
    }
    const version = this.#database.pragma('user_version', { simple: true }) as number;
    if (version > schemaVersion) {
      throw new StoreError(
        `${this.#path}: written by a newer pcap-audit (schema ${version}, this one knows ${schemaVersion}); update pcap-audit`,
      );
    }
    for (const [since, change] of upgrades.filter(([since]) => since > version)) {
      this.#database.exec(`BEGIN; ${change}; PRAGMA user_version = ${since}; COMMIT`);
    }
    if ((statSync(this.#path).mode & 0o077) !== 0) chmodSync(this.#path, 0o600);
  }

  nextCapture(): number {
    const last = this.#database.prepare('SELECT max(capture) FROM captures').pluck().get() as number | null;
    return last === null ? 0 : last + 1;
  }

  async writing<T>(work: () => Promise<T>, keep: (result: T) => boolean = () => true): Promise<T> {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const result = await work();
      this.#index();
      if (!keep(result)) this.#database.exec('ROLLBACK');
      else {
        this.#database.exec('COMMIT');
        this.#removeIfEmpty = false;
      }
      return result;
    } catch (error) {
      this.#rollBack();
      throw asStoreError(error, this.#path);
    }
  }

  /** After a disk error SQLite leaves it to the next who reads to put the file back from its journal: so read. */
  #rollBack(): void {
    try {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      if (!this.#temporary) this.#isEmpty();
    } catch {
      // the journal stays beside the file, for the next who opens it
    }
  }

  /** Indexes cost least when they are built at once, after the first flows. */
  #index(): void {
    this.#database.exec(
      'CREATE INDEX IF NOT EXISTS flows_by_first_frame ON flows (first_seen, first_capture, first_frame, id)',
    );
    try {
      this.#database.exec(indexIds);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // flows without a time of their own (simple packet blocks) can share endpoints and first moment
      this.#database.exec(numberAlikeIds);
      this.#database.exec(indexIds);
    }
  }

  addCapture(capture: StoredCapture): void {
    this.#insertCapture ??= this.#database.prepare(insertCapture);
    this.#insertCapture.run(captureRow(capture));
  }

  addFlow(flow: FlowRecord): void {
    this.#insertFlow ??= this.#database.prepare(insertFlow);
    const row = flowRow(flow);
    if (this.#inserted(row)) return;
    row.id = this.#firstFree(row.id);
    this.#insertFlow.run(flowValues(row));
  }

  /** `id-2`, `id-3` … are taken without a hole, so doubling and halving finds the end however many there are. */
  #firstFree(id: string): string {
    const taken = this.#database.prepare('SELECT 1 FROM flows WHERE id = ?').pluck();
    let last = 1;
    let free = 2;
    while (taken.get(`${id}-${free}`) !== undefined) [last, free] = [free, 2 * free];
    while (free - last > 1) {
      const middle = (last + free) >> 1;
      if (taken.get(`${id}-${middle}`) === undefined) free = middle;
      else last = middle;
    }
    return `${id}-${free}`;
  }

  /** False where another flow has this id: in a database that is added to, the same flow may come from a second capture. */
  #inserted(row: FlowRow): boolean {
    try {
      this.#insertFlow!.run(flowValues(row));
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  addLimit({ name, cap, hit, detail }: LimitHit): void {
    this.#database.prepare('INSERT INTO limits_hit VALUES (?, ?, ?, ?)').run(name, cap, hit, detail);
  }

  addLoss(capture: number, dropped: number): void {
    const detail = `the capturing machine lost ${dropped} packets`;
    this.#database.prepare(noteLoss).run({ capture, detail, most: limits.blindSpots });
  }

  captures(): StoredCapture[] {
    const rows = this.#database.prepare('SELECT * FROM captures ORDER BY capture').all() as CaptureRow[];
    return rows.map(captureOf);
  }

  limits(): LimitHit[] {
    return this.#database.prepare('SELECT * FROM limits_hit').all() as LimitHit[];
  }

  flows(): Iterable<FlowRecord> {
    return this.#paged('TRUE');
  }

  flowsStating(whats: readonly string[]): Iterable<FlowRecord> {
    const terms = whats.map((what) => `instr(facts_json, '"what":${JSON.stringify(what)}')`);
    return this.#paged(`(${terms.join(' OR ')})`);
  }

  /** Reads page by page, so that results can be written while flows are walked. */
  *#paged(condition: string): Iterable<FlowRecord> {
    const page = this.#database.prepare(
      `SELECT * FROM flows WHERE (first_seen, first_capture, first_frame, id) > (?, ?, ?, ?) AND ${condition}
        ${byFirstFrame} LIMIT ${pageRows}`,
    );
    let after: [string, number, number, string] = ['', 0, 0, ''];
    for (;;) {
      const rows = page.all(...after) as FlowRow[];
      for (const row of rows) yield flowOf(row);
      const last = rows.at(-1);
      if (!last || rows.length < pageRows) return;
      after = [last.first_seen, last.first_capture, last.first_frame, last.id];
    }
  }

  reusedCommunityIds(): Set<string> {
    const reused = this.#database.prepare('SELECT community_id FROM flows GROUP BY community_id HAVING count(*) > 1');
    return new Set(reused.pluck().all() as string[]);
  }

  flow(id: string): FlowRecord | null {
    const row = this.#database.prepare('SELECT * FROM flows WHERE id = ?').get(id) as FlowRow | undefined;
    return row ? flowOf(row) : null;
  }

  *flowsWhere(condition: string): Iterable<FlowRecord> {
    try {
      const ids = this.#database.prepare(`SELECT flow FROM flows WHERE (${condition}\n) ${byFirstFrame}`);
      if (!ids.readonly) throw new StoreError('a condition only reads');
      const row = this.#database.prepare('SELECT * FROM flows WHERE flow = ?');
      for (const flow of ids.pluck().iterate()) {
        const found = row.get(flow) as FlowRow | undefined;
        if (found) yield flowOf(found);
      }
    } catch (error) {
      // what SQLite makes of a condition, at once or at some row
      throw new StoreError(`--where ${condition}: ${(error as Error).message}; see the table flows in README`);
    }
  }

  saveCheck(check: StoredCheck, flows: Iterable<FlowReport>): void {
    const database = this.#database;
    database.exec('DELETE FROM results; DELETE FROM evidence; DELETE FROM last_check');
    database
      .prepare('INSERT INTO last_check VALUES (1, ?, ?, ?, ?, ?)')
      .run(
        check.toolVersion,
        JSON.stringify(check.packs),
        check.topology && JSON.stringify(check.topology),
        JSON.stringify(check.options),
        check.exceptions && JSON.stringify(check.exceptions),
      );
    const result = database.prepare('INSERT INTO results VALUES (?, ?, ?, ?, ?)');
    const evidence = database.prepare('INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)');
    for (const flow of flows) {
      for (const row of flow.results) {
        result.run(flow.id, row.path, row.check, row.result, row.reason);
        if (row.result !== 'fail') continue;
        for (const { file, frame, fact } of row.evidence) evidence.run(flow.id, row.path, row.check, file, frame, fact);
      }
    }
  }

  lastCheck(): StoredCheck | null {
    const row = this.#database.prepare('SELECT * FROM last_check').get() as
      | { tool_version: string; packs: string; topology: string | null; options: string; exceptions: string | null }
      | undefined;
    if (!row) return null;
    return {
      toolVersion: row.tool_version,
      packs: JSON.parse(row.packs),
      topology: row.topology === null ? null : JSON.parse(row.topology),
      exceptions: row.exceptions === null ? null : JSON.parse(row.exceptions),
      options: JSON.parse(row.options),
    };
  }

  close(): void {
    this.#database.close();
    if (this.#temporary) rmSync(this.#temporary, { recursive: true, force: true });
    else if (this.#removeIfEmpty) rmSync(this.#path, { force: true });
  }
}

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE';

/** What SQLite or the file system says, in one line that a user can act on. Other errors stay what they are. */
function asStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreError || !('code' in error)) return error;
  const code = String(error.code);
  if (code === 'SQLITE_CANTOPEN_ISDIR') return new StoreError(`${path}: is a folder; name a file`);
  // SQLITE_READONLY_DIRECTORY is a kind of SQLITE_READONLY
  switch (/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code) {
    case 'SQLITE_FULL':
    case 'ENOSPC':
      return new StoreError(`${path}: the disk is full; free some space or name a database elsewhere with --db`);
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return new StoreError(
        `${path}: another process is using this database; wait for it or name another one with --db`,
      );
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StoreError(`${path}: cannot be written; check the permissions of the file and its folder`);
    case 'ENOENT':
      return new StoreError(`${path}: the folder does not exist; make it or name another one`);
    case 'EISDIR':
      return new StoreError(`${path}: is a folder; name a file`);
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return new StoreError(`${path}: not a database, or damaged; name another file`);
    case 'SQLITE_IOERR':
      return new StoreError(`${path}: the disk reports an error, or a limit on file sizes is reached; write elsewhere`);
    default:
      return code.startsWith('SQLITE_') ? new StoreError(`${path}: ${error.message}`) : error;
  }
}
