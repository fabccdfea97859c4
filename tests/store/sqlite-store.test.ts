import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowReport } from '../../src/check/audit-report.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { openStore, openTemporaryStore } from '../../src/store/sqlite-store.ts';
import { type Store, type StoredCapture, StoreError } from '../../src/store/store.ts';
import { flowWith } from '../support/build-flow.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  path = join(folder, 'facts.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const capture: StoredCapture = {
  capture: 0,
  file: 'a "strange" name\u{1f600}.pcapng',
  sha256: null,
  format: 'pcapng',
  compression: 'none',
  linkTypes: [1, 276],
  frames: 12,
  bytes: 2 ** 40,
  firstSeen: '2026-01-01T00:00:00.000000001Z',
  lastSeen: null,
  dropped: null,
  problems: [{ kind: 'cut-short', byte: 2 ** 33, detail: "the file's end" }] as StoredCapture['problems'],
  unreadFrames: 3,
  names: [{ address: '10.0.0.1', name: "o'brien" }],
};

const full: FlowRecord = flowWith({
  id: 'f00',
  captures: [0, 2],
  transport: 'esp',
  client: { address: 'fd00::11', port: null },
  server: { address: '10.0.0.12', port: null },
  opened: false,
  protocol: 'unknown',
  protocolPath: [],
  firstSeen: '2026-01-01T00:00:00.123456789Z',
  facts: [
    { kind: 'exposed', content: 'message' },
    { kind: 'secured', mechanism: 'starttls', level: 'privacy' },
    {
      kind: 'authenticated',
      mechanism: 'kerberos',
      outcome: 'accepted',
      protected: true,
      principal: "o'brien\u0000 ü",
    },
    { kind: 'offered', what: 'upgrade', verb: 'STARTTLS' },
  ],
  blindSpots: [{ why: 'gap', frame: 7 }],
});

/** A new database with these flows. */
async function stored(flows: FlowRecord[]): Promise<Store> {
  const store = openStore(path, true);
  await store.writing(async () => {
    for (const flow of flows) store.addFlow(flow);
  });
  return store;
}
const numbered = (count: number, some: Partial<FlowRecord> = {}): FlowRecord[] =>
  Array.from({ length: count }, (_, index) => ({ ...flowWith({}), id: `f${String(index).padStart(5, '0')}`, ...some }));

describe('what is stored comes back', () => {
  test('a flow with all its facts', async () => {
    const store = await stored([full]);
    expect([...store.flows()]).toEqual([full]);
    expect(store.flow('f00')).toEqual(full);
    expect(store.flow('f01')).toBeNull();
    store.close();
  });

  test('from a file that is opened again', async () => {
    (await stored([full])).close();
    const store = openStore(path, false);
    expect([...store.flows()]).toEqual([full]);
    store.close();
  });

  test('captures and caps', async () => {
    const store = openStore(path, true);
    const limit = { name: 'flows', cap: 10, hit: 2, detail: 'closed early' };
    expect(store.nextCapture()).toBe(0);
    await store.writing(async () => {
      store.addCapture(capture);
      store.addLimit(limit);
    });
    expect(store.captures()).toEqual([capture]);
    expect(store.limits()).toEqual([limit]);
    expect(store.nextCapture()).toBe(1);
    store.close();
  });

  test('what a check was made with, the last one only', async () => {
    const store = await stored([full]);
    const check = (version: string) => ({
      toolVersion: version,
      packs: [{ file: 'p.yaml', text: 'id: p' }],
      topology: null,
      exceptions: null,
      options: { strict: true },
    });
    expect(store.lastCheck()).toBeNull();
    store.saveCheck(check('1'), []);
    store.saveCheck(check('2'), []);
    expect(store.lastCheck()).toEqual(check('2'));
    store.close();
  });

  test('the views open facts and blind spots for other programs', async () => {
    (await stored([full])).close();
    const database = new Database(path, { readonly: true });
    const facts = database.prepare('SELECT flow, capture, frame, sender, protocol, kind, what FROM facts').all();
    expect(facts).toHaveLength(4);
    expect(facts[0]).toEqual({
      flow: 'f00',
      capture: 0,
      frame: 10,
      sender: 'client',
      protocol: 'unknown',
      kind: 'exposed',
      what: 'message',
    });
    expect(facts.map((fact) => (fact as { what: string }).what)).toEqual([
      'message',
      'starttls',
      'kerberos',
      'upgrade',
    ]);
    expect(database.prepare('SELECT * FROM blind_spots').all()).toEqual([
      { flow: 'f00', why: 'gap', capture: 0, frame: 7, detail: '' },
    ]);
    database.close();
  });
});

describe('ids', () => {
  const ids = (store: Store) => [...store.flows()].map(({ id }) => id);

  test('flows that share ends and first moment get ids of their own', async () => {
    const store = await stored([full, full, full, { ...full, id: 'f01' }]);
    expect(ids(store).sort()).toEqual(['f00', 'f00-2', 'f00-3', 'f01']);
    store.close();
  });

  test('also in a database that is added to, however many there are', async () => {
    (await stored(Array.from({ length: 5 }, () => full))).close();
    const store = openStore(path, true);
    await store.writing(async () => {
      for (let i = 0; i < 2000; i++) store.addFlow(full);
    });
    expect(new Set(ids(store)).size).toBe(2005);
    expect(store.flow('f00-2005')).not.toBeNull();
    store.close();
  });

  test('community ids that several flows have', async () => {
    const store = await stored(numbered(3).map((flow, index) => ({ ...flow, communityId: index < 2 ? '1:a' : '1:b' })));
    expect(store.reusedCommunityIds()).toEqual(new Set(['1:a']));
    store.close();
  });
});

describe('walking many flows', () => {
  test('of one moment: each comes once, also while results are written', async () => {
    const flows = numbered(1700);
    const store = await stored(flows.toReversed());
    const walked: string[] = [];
    const reports = function* (): Iterable<FlowReport> {
      for (const { id } of store.flows()) {
        walked.push(id);
        const results = [{ path: 'p', check: 'port', result: 'fail', reason: 'unlisted-port', evidence: [] }];
        yield { id, results } as unknown as FlowReport;
      }
    };
    await store.writing(async () =>
      store.saveCheck({ toolVersion: '1', packs: [], topology: null, exceptions: null, options: {} }, reports()),
    );
    expect(walked).toEqual(flows.map(({ id }) => id));
    store.close();
    const database = new Database(path, { readonly: true });
    expect(database.prepare('SELECT count(DISTINCT flow) FROM results').pluck().get()).toBe(1700);
    database.close();
  });

  test('by first frame, over page ends', async () => {
    const moment = (index: number) => `2026-01-01T00:00:00.${String(index % 7).padStart(9, '0')}Z`;
    const flows = numbered(1600).map((flow, index) => ({
      ...flow,
      firstSeen: moment(index),
      first: { capture: index % 2, frame: 1600 - index },
    }));
    const store = await stored(flows);
    const key = ({ firstSeen, first, id }: FlowRecord) =>
      `${firstSeen} ${first.capture} ${String(first.frame).padStart(6, '0')} ${id}`;
    expect([...store.flows()].map(key)).toEqual(flows.map(key).sort());
    store.close();
  });

  test('two walks at once do not disturb each other', async () => {
    const store = await stored(numbered(1100));
    const [one, two] = [store.flows()[Symbol.iterator](), store.flows()[Symbol.iterator]()];
    for (let i = 0; i < 600; i++) one.next();
    let count = 0;
    while (!two.next().done) count++;
    for (; !one.next().done; ) count++;
    expect(count).toBe(1100 + 500);
    store.close();
  });
});

describe('conditions', () => {
  test('select flows by the columns of the table', async () => {
    const store = await stored([full, ...numbered(3)]);
    const ids = (condition: string) => [...store.flowsWhere(condition)].map(({ id }) => id);
    expect(ids("transport = 'esp'")).toEqual(['f00']);
    expect(ids("server_port = 25 AND id <> 'f00001' -- and a remark")).toEqual(['f00000', 'f00002']);
    store.close();
  });

  test.each([
    'no_such_column = 1',
    '1 = 1; DELETE FROM flows',
    '1 = 1) ; DROP TABLE flows; --',
    'id = ?',
    '0) UNION SELECT 99 WHERE (1',
    "json_extract(protocol, '$.a') = 1",
    '',
  ])('%s is no condition: a message for the user, and nothing is changed', async (condition) => {
    const store = await stored([full]);
    expect(() => [...store.flowsWhere(condition)]).toThrow(StoreError);
    expect([...store.flows()]).toEqual([full]);
    store.close();
  });
});

describe('files', () => {
  test('a new one is readable by its owner only, and so is one that was open to others', async () => {
    (await stored([full])).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    openStore(path, false).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('where writing fails, nothing of it is there', async () => {
    const store = await stored([full]);
    const failed = store.writing(async () => {
      store.addCapture(capture);
      store.addFlow({ ...full, id: 'f01' });
      throw new Error('the cable');
    });
    await expect(failed).rejects.toThrow('the cable');
    expect([...store.flows()]).toEqual([full]);
    expect(store.captures()).toEqual([]);
    await store.writing(async () => store.addFlow({ ...full, id: 'f02' }));
    expect([...store.flows()]).toHaveLength(2);
    store.close();
    expect(existsSync(path)).toBe(true);
  });

  test('where the first writing fails, no new file stays', async () => {
    const store = openStore(path, true);
    await expect(
      store.writing(async () => {
        store.addFlow(full);
        throw new Error('the cable');
      }),
    ).rejects.toThrow('the cable');
    store.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a temporary one is gone once it is closed', async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith('pcap-audit-'));
    const before = new Set(ours());
    const store = openTemporaryStore();
    const [made] = ours().filter((name) => !before.has(name) && existsSync(join(tmpdir(), name, 'facts.db')));
    expect(statSync(join(tmpdir(), made!, 'facts.db')).mode & 0o777).toBe(0o600);
    await store.writing(async () => store.addFlow(full));
    expect([...store.flows()]).toEqual([full]);
    store.close();
    expect(existsSync(join(tmpdir(), made!))).toBe(false);
  });

  test('none where none is to be made', () => {
    expect(() => openStore(path, false)).toThrow(/no such database; make one with/);
    expect(existsSync(path)).toBe(false);
  });

  test('one of an older program is brought up to date', async () => {
    (await stored([full])).close();
    const database = new Database(path);
    database.exec(
      'ALTER TABLE last_check DROP COLUMN exceptions; ALTER TABLE captures DROP COLUMN names; PRAGMA user_version = 1',
    );
    database.close();
    const check = { toolVersion: '1', packs: [], topology: null, exceptions: { file: 'f', text: 't' }, options: {} };
    const store = openStore(path, false);
    await store.writing(async () => store.saveCheck(check, []));
    expect(store.lastCheck()).toEqual(check);
    store.close();
    openStore(path, false).close();
  });

  test('one of a newer program', async () => {
    (await stored([full])).close();
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.close();
    expect(() => openStore(path, true)).toThrow(/newer pcap-audit \(schema 99/);
  });

  test('a file that holds text stays what it is', () => {
    const text = 'this is a shopping list'.repeat(100);
    writeFileSync(path, text);
    expect(() => openStore(path, true)).toThrow(StoreError);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('a file without a byte, as a killed process leaves it, becomes one only where one is to be made', async () => {
    writeFileSync(path, '');
    expect(() => openStore(path, false)).toThrow(StoreError);
    expect(readFileSync(path, 'utf8')).toBe('');
    const store = await stored([full]);
    expect([...store.flows()]).toEqual([full]);
    store.close();
  });

  test("another program's database", () => {
    const database = new Database(path);
    database.exec('CREATE TABLE flows (a)');
    database.close();
    expect(() => openStore(path, true)).toThrow(/not a database of pcap-audit/);
  });

  test('a folder, and a place in a folder that is not there', () => {
    expect(() => openStore(folder, true)).toThrow(StoreError);
    expect(() => openStore(join(folder, 'no', 'facts.db'), true)).toThrow(/the folder does not exist/);
  });

  test('a link that leads nowhere is left alone', () => {
    symlinkSync(join(folder, 'gone'), path);
    expect(() => openStore(path, true)).toThrow();
    expect(readdirSync(folder)).toEqual(['facts.db']);
  });

  test('one that another process is writing to', async () => {
    (await stored([full])).close();
    const other = new Database(path);
    other.exec('BEGIN EXCLUSIVE');
    expect(() => openStore(path, false)).toThrow(/another process is using this database/);
    other.close();
  }, 20_000);
});
