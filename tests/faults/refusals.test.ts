import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapFile } from '../support/build-capture.ts';
import { tcpFrame } from '../support/build-packets.ts';
import { ownCaptures } from '../support/folders.ts';
import { pcapAudit, type Ran, startPcapAudit } from '../support/run-cli.ts';
import { flowsIn } from './flows-in.ts';

/** What stands in the way of a run: one clear line, exit 2, and nothing lost that was there. */
const folder = mkdtempSync(join(tmpdir(), 'refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const clear = `${ownCaptures}smtp/hub-to-hub-clear.pcap`;
const other = `${ownCaptures}smtp/smtp-on-2525.pcap`;

/** a database that holds one flow */
function database(name: string): string {
  expect(pcapAudit(['ingest', clear, '--db', at(name), '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  return at(name);
}

const many = at('many.pcap');
const records = Array.from({ length: 20_000 }, (_, index) => {
  const from = `10.1.${index >> 8}.${index & 255}`;
  const { bytes } = tcpFrame({ from, to: '10.9.9.9', fromPort: 2000, toPort: 25, flags: 'S' });
  return { bytes, seconds: index };
});
writeFileSync(many, pcapFile({ records }));

const refused = ({ code, stderr }: Ran, line: RegExp): void => {
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toMatch(line);
  expect(code).toBe(2);
};

const isRoot = process.getuid?.() === 0;

describe('a capture', () => {
  test('that vanishes between two others', () => {
    refused(pcapAudit(['audit', clear, at('gone.pcap')]), /gone\.pcap: no such file/);
  });

  // reading the memory of a process at address 0 is an I/O error
  test.skipIf(!existsSync('/proc/self/mem'))('that the system cannot read', () => {
    const held = database('unreadable.db');
    refused(pcapAudit(['audit', '/proc/self/mem']), /^\/proc\/self\/mem: cannot be read \(EIO\)/);
    refused(pcapAudit(['ingest', other, '/proc/self/mem', '--db', held]), /cannot be read \(EIO\)/);
    expect(flowsIn(held)).toBe(1);
  });

  describe('whose disk fails', () => {
    const onFailingDisk = (file: string, failsBehind: number, args: readonly string[]) =>
      pcapAudit(args, {
        node: ['--import', join(import.meta.dirname, 'failing-disk.ts')],
        env: { FAILING: file, FAILS_BEHIND: String(failsBehind) },
      });
    const size = statSync(many).size;

    test('after some of it was read: it is refused, not taken for a shorter one', () => {
      const ran = onFailingDisk(many, size, ['audit', clear, many, '--report', at('failing.json')]);
      refused(ran, /many\.pcap: cannot be read \(EIO\); copy it to a healthy disk and try again/);
      expect(ran.stdout).toBe('');
      expect(existsSync(at('failing.json'))).toBe(false);
    });

    test('and the database stays as it was', () => {
      const held = database('failing.db');
      refused(onFailingDisk(many, size, ['ingest', other, many, '--db', held, '--quiet']), /cannot be read \(EIO\)/);
      expect(flowsIn(held)).toBe(1);
      // as nothing was added, the same command adds all of it
      expect(pcapAudit(['ingest', other, many, '--db', held, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
      expect(flowsIn(held)).toBe(20_002);
      refused(onFailingDisk(many, size, ['ingest', many, '--db', held, '--quiet']), /cannot be read \(EIO\)/);
      expect(flowsIn(held)).toBe(20_002);
    });

    test('while frames are copied for --annotate: no file is left', () => {
      const ran = onFailingDisk(clear, 3.5 * statSync(clear).size, [
        'audit',
        clear,
        '--topology',
        `${ownCaptures}smtp/topology.yaml`,
        '--annotate',
        at('failing.pcapng'),
      ]);
      refused(ran, /cannot be read \(EIO\)/);
      expect(readdirSync(folder).filter((name) => name.includes('failing.pcapng'))).toEqual([]);
    });
  });
});

describe('a database', () => {
  test('that another process holds', async () => {
    const held = database('locked.db');
    const holder = new Database(held);
    holder.exec('BEGIN IMMEDIATE');
    const ran = await startPcapAudit(['ingest', other, '--db', held]).ended;
    holder.exec('ROLLBACK');
    holder.close();
    refused(ran, /: another process is using this database/);
    expect(flowsIn(held)).toBe(1);
  }, 60_000);

  test('in a folder that does not exist', () => {
    refused(pcapAudit(['ingest', clear, '--db', at('nowhere/facts.db')]), /the folder does not exist/);
    expect(existsSync(at('nowhere'))).toBe(false);
  });

  test('that is to be temporary, with nowhere to be', () => {
    refused(pcapAudit(['audit', clear], { env: { TMPDIR: at('nowhere') } }), /nowhere: the folder does not exist/);
  });

  test.skipIf(process.platform === 'win32')(
    'that would exceed the largest size of a file',
    () => {
      const held = database('limited.db');
      const within = ['sh', '-c', 'ulimit -f 2000; exec "$0" "$@"'];
      const ran = pcapAudit(['ingest', many, '--db', held], { within });
      refused(ran, /limited\.db: the disk reports an error, or a limit on file sizes is reached/);
      expect(flowsIn(held)).toBe(1);
    },
    60_000,
  );
});

/** Root may write everywhere, unless it gives up its capabilities. */
const unprivileged = isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];

describe.skipIf(process.platform === 'win32')('a folder that is read-only', () => {
  const shut = at('shut');
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    pcapAudit(args, { within: unprivileged, env });
  beforeAll(() => {
    mkdirSync(shut);
    database('shut/held.db');
    chmodSync(shut, 0o500);
  });
  afterAll(() => chmodSync(shut, 0o700));

  test('takes no database', () => {
    refused(run(['ingest', clear, '--db', join(shut, 'new.db')]), /new\.db: cannot be written; check the permissions/);
    refused(run(['audit', clear], { TMPDIR: shut }), /shut: cannot be written; check the permissions/);
  });

  test('lets one be read, and not be added to', () => {
    const held = join(shut, 'held.db');
    expect(run(['flows', '--db', held])).toMatchObject({ code: 0, stderr: '' });
    refused(run(['check', '--db', held]), /held\.db: cannot be written; check the permissions/);
    refused(run(['ingest', other, '--db', held]), /held\.db: cannot be written; check the permissions/);
    expect(flowsIn(held)).toBe(1);
  });

  test('takes no report and no annotated capture', () => {
    refused(run(['audit', clear, '--report', join(shut, 'a.json')]), /a\.json: cannot be written: permission denied/);
    const annotated = run(['audit', clear, '--annotate', join(shut, 'a.pcapng'), '--format', 'json']);
    refused(annotated, /a\.pcapng: cannot be written: permission denied/);
    expect(readdirSync(shut)).toEqual(['held.db']);
  });

  test('with a capture that may not be read', () => {
    writeFileSync(at('secret.pcap'), readFileSync(clear), { mode: 0 });
    refused(run(['audit', at('secret.pcap')]), /secret\.pcap: permission denied; make it readable/);
  });
});

// a small disk of its own, seen by nobody else and gone with the process
const canMount = isRoot && pcapAudit(['--version'], { within: ['unshare', '--mount'] }).code === 0;
if (!canMount) console.warn('SKIPPED: a full disk is not tried, as only root on Linux can mount one');

describe.skipIf(!canMount)('a disk that is full', () => {
  /** Runs on a disk of 256 KiB that holds what the folder `disk` does, and copies back what it holds then. */
  function onSmallDisk(args: readonly string[], env: Record<string, string> = {}): Ran {
    const script = `rm -rf "$0.kept" && cp -a "$0" "$0.kept" && mount -t tmpfs -o size=256k disk "$0" && cp -a "$0.kept/." "$0" || exit 9
      "$@"; code=$?; rm -rf "$0.kept" && cp -a "$0" "$0.kept"; exit $code`;
    const within = ['unshare', '--mount', 'sh', '-c', script, at('disk')];
    return pcapAudit(args, { within, env });
  }
  beforeAll(() => mkdirSync(at('disk')));

  test('keeps the database that is on it', () => {
    database('disk/facts.db');
    refused(
      onSmallDisk(['ingest', many, '--db', at('disk/facts.db'), '--quiet']),
      /facts\.db: the disk is full; free some space/,
    );
    expect(readdirSync(at('disk.kept'))).toEqual(['facts.db']);
    expect(flowsIn(at('disk.kept/facts.db'))).toBe(1);
    rmSync(at('disk/facts.db'));
  }, 60_000);

  test('takes no new database, no report and no annotated capture, nor parts of them', () => {
    const onto = (name: string) => at(`disk/${name}`);
    refused(onSmallDisk(['ingest', many, '--db', onto('new.db'), '--quiet']), /new\.db: the disk is full/);
    refused(
      onSmallDisk(['audit', many, '--report', onto('report.html'), '--quiet']),
      /report\.html: cannot be written: the disk is full/,
    );
    refused(onSmallDisk(['audit', many, '--quiet'], { TMPDIR: at('disk') }), /the disk is full; free some space/);
    expect(readdirSync(at('disk.kept'))).toEqual([]);
  }, 120_000);
});

test.skipIf(!existsSync('/dev/full'))('standard output to a full disk', () => {
  for (const format of ['terminal', 'json', 'html']) {
    const full = openSync('/dev/full', 'w');
    const ran = pcapAudit(['audit', clear, '--format', format, '--quiet'], { stdio: ['pipe', full, 'pipe'] });
    closeSync(full);
    refused(ran, /^standard output: cannot be written: the disk is full/);
  }
});
