import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { ownCaptures } from '../support/folders.ts';
import { pcapAudit, pcapAuditBin } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string) => join(folder, name);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
};

const clear = `${ownCaptures}smtp/hub-to-hub-clear.pcap`;
const anonymousTls = `${ownCaptures}smtp/hub-to-hub-x-anonymoustls.pcap`;
const topology = `${ownCaptures}smtp/topology.yaml`;
const goodTopology = 'hosts:\n  - { name: hub1, addresses: [10.0.0.11], roles: [hub] }\n';

describe('audit', () => {
  const first = pcapAudit(['audit', clear, '--topology', topology]);

  test('of mail in clear between hubs exits 1 and says who, in which frame, whether TLS was offered, and the filter', () => {
    // postfix on hub2 offered nothing; tshark shows MAIL FROM in frame 11
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('hub1 → hub2');
    expect(first.stdout).toMatch(/frame 11\b/);
    expect(first.stdout).toMatch(/STARTTLS was not offered/);
    expect(first.stdout).toContain('ip.src == 10.0.0.11');
  });

  test('prints no colour codes and no progress into a pipe, in 80 columns', () => {
    expect(first.stdout).not.toContain('\u001b[');
    expect(first.stderr).toBe('');
    const long = first.stdout.split('\n').filter((line) => [...line].length > 80 && !line.includes('ip.src'));
    expect(long).toEqual([]);
  });

  test('of accepted risks exits 0, says fail, and says who accepted it until when; a later report says the same', () => {
    const risks = file(
      'risks.yaml',
      'exceptions:\n  - { path: hub-to-hub, reason: moves in May, by: C. Kim, until: 2999-01-01 }\n',
    );
    const db = inFolder('accepted.db');
    const args = ['--topology', topology, '--exceptions', risks, '--db', db, '--format', 'json'];
    const { code, stdout } = pcapAudit(['audit', clear, ...args]);
    expect(code).toBe(0);
    const { summary, paths, exceptions } = JSON.parse(stdout);
    expect(summary).toMatchObject({ paths: { fail: 1 }, accepted: { paths: 1 } });
    const accepted = { reason: 'moves in May', by: 'C. Kim', until: '2999-01-01' };
    expect(paths.find(({ id }: { id: string }) => id === 'hub-to-hub').encryption).toMatchObject({ accepted });
    expect(exceptions.list).toMatchObject([{ state: 'in-force', flows: 1 }]);
    expect(pcapAudit(['report', '--db', db, '--format', 'json']).stdout).toBe(stdout);
    const expired = pcapAudit([
      'check',
      ...args.filter((arg) => arg !== '--db' && arg !== db),
      '--db',
      db,
      '--as-of',
      '2999-01-02',
    ]);
    expect(expired.code).toBe(1);
  });

  test('of X-ANONYMOUSTLS exits 0: encrypted, and authentication is hidden inside', () => {
    const { code, stdout } = pcapAudit(['audit', anonymousTls, '--topology', topology, '--format', 'json']);
    expect(code).toBe(0);
    const path = JSON.parse(stdout).paths.find(({ id }: { id: string }) => id === 'hub-to-hub');
    expect(path.encryption.result).toBe('pass');
    expect(path.authentication).toMatchObject({ result: 'unknown', reason: 'inside-encryption' });
  });

  test('with --strict counts what cannot be decided as failed', () => {
    expect(pcapAudit(['audit', anonymousTls, '--topology', topology, '--strict']).code).toBe(1);
  });

  test('gives the same JSON twice, and JSON alone', () => {
    const run = () => pcapAudit(['audit', clear, '--topology', topology, '--format', 'json']);
    const [one, two] = [run(), run()];
    expect(one.stdout).toBe(two.stdout);
    expect(JSON.parse(one.stdout).schemaVersion).toBe(1);
    expect(one.stderr).toBe('');
  });

  test('reads standard input', () => {
    const { code, stdout } = pcapAudit(['audit', '-', '--topology', topology, '--format', 'json'], {
      input: readFileSync(clear),
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).captures[0]).toMatchObject({ file: '-', frames: 17 });
  });

  test('reads a folder, and a glob', () => {
    const captures = inFolder('captures');
    mkdirSync(captures);
    copyFileSync(clear, join(captures, 'a.pcap'));
    copyFileSync(anonymousTls, join(captures, 'b.pcap'));
    for (const argument of [captures, join(captures, '*.pcap')]) {
      const { stdout } = pcapAudit(['audit', argument, '--format', 'json', '--no-hash']);
      const report = JSON.parse(stdout);
      expect(report.captures).toHaveLength(2);
      expect(report.captures[0].sha256).toBeNull();
    }
  });

  test('without a topology still shows exposures and says what a topology would give', () => {
    const { code, stdout } = pcapAudit(['audit', clear]);
    expect(code).toBe(0);
    expect(stdout).toContain('topology');
    expect(stdout).toMatch(/10\.0\.0\.11/);
  });

  test('leaves its reports whole, and no temporary database', () => {
    const html = inFolder('report.html');
    const json = inFolder('report.json');
    const scratch = inFolder('scratch');
    mkdirSync(scratch);
    pcapAudit(['audit', clear, '--topology', topology, '--report', html, '--report', json], {
      env: { TMPDIR: scratch },
    });
    expect(readFileSync(html, 'utf8')).toMatch(/<\/html>\s*$/);
    expect(JSON.parse(readFileSync(json, 'utf8')).paths).toHaveLength(55);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('takes options before the captures too', () => {
    const html = inFolder('before.html');
    expect(pcapAudit(['audit', '--rules', 'exchange-2010', '--report', html, clear]).code).toBe(0);
    expect(existsSync(html)).toBe(true);
  });

  test('of a header without frames exits 0, nothing checked, and says so', () => {
    const empty = file('empty.pcap', readFileSync(clear).subarray(0, 24));
    const { code, stdout } = pcapAudit(['audit', empty, '--format', 'json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.captures[0].problems[0].kind).toBe('no-frames');
    expect(report.summary.paths).toMatchObject({ pass: 0, fail: 0, unknown: 0 });
  });

  test('of a file cut off mid-record reads the rest and says where it ended', () => {
    const bytes = readFileSync(clear);
    const cut = file('cut.pcap', bytes.subarray(0, bytes.length - 5));
    const [capture] = JSON.parse(pcapAudit(['audit', cut, '--format', 'json']).stdout).captures;
    expect(capture.frames).toBe(16);
    const lastRecord = bytes.length - 16 - bytes.readUInt32LE(lastRecordAt(bytes) + 8);
    expect(capture.problems).toMatchObject([{ kind: 'cut-short', byte: lastRecord }]);
  });
});

/** Where the last record of a little-endian classic capture begins. */
function lastRecordAt(bytes: Buffer): number {
  let at = 24;
  for (let next = at; next < bytes.length; next += 16 + bytes.readUInt32LE(next + 8)) at = next;
  return at;
}

const db = inFolder('audit.db');

describe('ingest, check, report, flows', () => {
  test('work one after the other', () => {
    expect(pcapAudit(['ingest', clear, '--db', db]).code).toBe(0);
    expect(pcapAudit(['ingest', anonymousTls, '--db', db]).code).toBe(0);
    expect(statSync(db).mode & 0o777).toBe(0o600);
    expect(pcapAudit(['report', '--db', db])).toMatchObject({ code: 2 });
    expect(pcapAudit(['check', '--db', db, '--topology', topology]).code).toBe(1);
    const html = inFolder('later.html');
    expect(pcapAudit(['report', '--db', db, '-o', html]).code).toBe(0);
    expect(existsSync(html)).toBe(true);
    const { stdout } = pcapAudit(['report', '--db', db, '--format', 'json']);
    expect(JSON.parse(stdout).captures).toHaveLength(2);
  });

  test('the same capture twice counts once', () => {
    const { code, stderr } = pcapAudit(['ingest', clear, '--db', db]);
    expect(code).toBe(0);
    expect(stderr).toContain('already');
    expect(pcapAudit(['flows', '--db', db]).stdout.trim().split('\n')).toHaveLength(2);
  });

  test('flows can be selected, and printed as JSON', () => {
    const { stdout } = pcapAudit([
      'flows',
      '--db',
      db,
      '--where',
      "protocol = 'smtp' AND protocol_path = 'smtp'",
      '--json',
    ]);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).server.address),
    ).toEqual(['10.0.0.12']);
    expect(pcapAudit(['flows', '--db', db, '--where', 'nonsense ='])).toMatchObject({ code: 2 });
  });

  test('the SELECT of README works, and finds what the capture shows; those of docs/ have a test of their own', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, select] = /```sql\n([\s\S]*?)```/.exec(readme)!;
    const database = new Database(db, { readonly: true });
    const failed = database.prepare(select!.trim().replace(/;$/, '')).all();
    database.close();
    expect(failed).toContainEqual(expect.objectContaining({ path: 'hub-to-hub', check_name: 'encryption', frame: 11 }));
  });
});

describe('rules and topology', () => {
  test('list, show, validate and print their schemas', () => {
    expect(pcapAudit(['rules', 'list']).stdout).toContain('exchange-2010');
    expect(pcapAudit(['rules', 'show', 'hub-to-hub']).stdout).toContain('tcp/25 smtp');
    expect(JSON.parse(pcapAudit(['rules', 'show', 'hub-to-hub', '--json']).stdout).id).toBe('hub-to-hub');
    expect(JSON.parse(pcapAudit(['rules', 'schema']).stdout)).toHaveProperty('properties');
    expect(JSON.parse(pcapAudit(['topology', 'schema']).stdout)).toHaveProperty('properties');
    expect(pcapAudit(['topology', 'validate', topology]).code).toBe(0);
  });
});

/** One clear line, exit 2, nothing left behind. */
describe('bad input', () => {
  const newer = inFolder('newer.db');
  const made = new Database(newer);
  made.pragma('application_id = 0x70636175');
  made.pragma('user_version = 999');
  made.close();
  const noCaptures = inFolder('nothing');
  mkdirSync(noCaptures);
  const cases: [string, string[], RegExp][] = [
    ['a file that is no capture', [file('text.pcap', 'hello, this is text')], /text\.pcap/],
    ['a file of zero bytes', [file('zero.pcap', '')], /zero\.pcap.*empty/i],
    ['a missing file', [inFolder('missing.pcap')], /missing\.pcap/],
    ['a folder without captures', [noCaptures], /nothing/],
    ['a wrong pack', [clear, '--rules', file('pack.yaml', 'id: x\npaths: 7\n')], /pack\.yaml:\d+:\d+/],
    ['a pack that does not exist', [clear, '--rules', 'exchange-1999'], /exchange-1999.*exchange-2010/],
    [
      'a topology with a typo',
      [clear, '--topology', file('typo.yaml', goodTopology.replace('roles', 'rolls'))],
      /typo\.yaml:2:\d+.*roles/,
    ],
    [
      'a topology with an unknown role',
      [clear, '--topology', file('role.yaml', goodTopology.replace('[hub]', '[hubb]'))],
      /role\.yaml:2:\d+.*hub/,
    ],
    [
      'an impossible address',
      [clear, '--topology', file('address.yaml', goodTopology.replace('10.0.0.11', '10.0.0.300'))],
      /address\.yaml:2:\d+/,
    ],
    [
      'two hosts with one address',
      [
        clear,
        '--topology',
        file('twice.yaml', `${goodTopology}  - { name: hub2, addresses: [10.0.0.11], roles: [hub] }\n`),
      ],
      /twice\.yaml:3:\d+/,
    ],
    ['a missing topology', [clear, '--topology', inFolder('none.yaml')], /none\.yaml.*no such file/],
    ['a database from a newer version', [clear, '--db', newer], /newer\.db.*newer/],
    ['a database that is none', [clear, '--db', file('text.db', 'hello'.repeat(1000))], /text\.db/],
    ['a database in a missing folder', [clear, '--db', inFolder('no/such/folder.db')], /folder/],
    ['an unknown format', [clear, '--format', 'word'], /word.*terminal/],
    ['a report whose ending means nothing', [clear, '--report', inFolder('report.docx')], /docx.*html/],
    ['a report in a missing folder', [clear, '--report', inFolder('no/report.html')], /report\.html/],
    ['an unknown option', [clear, '--topolgy', topology], /topology/],
  ];
  test.each(cases)('%s', (_name, args, message) => {
    const before = readdirSync(folder).sort();
    const { code, stdout, stderr } = pcapAudit(['audit', ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    // one line a problem; a misspelt option also gets its suggestion
    const lines = stderr.trim().split('\n');
    expect(lines.length === 1 || lines.every((line) => /^\S+:\d+:\d+: |option|mean/.test(line))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  test('an unreadable file', () => {
    // nothing is forbidden to root, but its own memory has nothing at 0
    const secret = process.getuid?.() === 0 ? '/proc/self/mem' : file('secret.pcap', readFileSync(clear));
    if (!secret.startsWith('/proc')) chmodSync(secret, 0);
    const { code, stderr } = pcapAudit(['audit', secret]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\S+: (permission denied|cannot be read).*\n$/);
  });

  // a limit on file sizes stands in for a full disk: writes fail in the same places
  test.skipIf(process.platform === 'win32').each([
    ['the temporary database', ['audit', clear], 8],
    ['a database', ['ingest', clear, '--db', inFolder('full.db')], 8],
    ['a report', ['report', '--db', db, '-o', inFolder('full.html')], 8],
  ] as const)('no room for %s', (_name, args, blocks) => {
    const before = readdirSync(folder).sort();
    const limited = ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, pcapAuditBin, ...args];
    const { status, stderr } = spawnSync('bash', limited, {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: folder },
    });
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  test('an unknown command, and none', () => {
    expect(pcapAudit(['adit']).code).toBe(2);
    expect(pcapAudit([]).code).toBe(2);
    expect(pcapAudit(['--help']).code).toBe(0);
    expect(pcapAudit(['audit', '--help']).stdout).toContain('Example');
  });
});
