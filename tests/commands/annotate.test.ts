import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownCaptures } from '../support/folders.ts';
import { pcapAudit } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-annotate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const there = spawnSync('tshark', ['--version']).status === 0;
if (!there) console.warn('SKIPPED: tshark is missing, so annotated captures were opened by nobody');

const topology = `${ownCaptures}smtp/topology.yaml`;
const clear = `${ownCaptures}smtp/client-auth-plain-clear.pcap`;
const fields = (file: string, names: string[], filter = ''): string[][] =>
  execFileSync(
    'tshark',
    ['-r', file, ...(filter ? ['-Y', filter] : []), '-T', 'fields', ...names.flatMap((name) => ['-e', name])],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));

function annotate(name: string, captures: string[], ...options: string[]): string {
  const file = join(folder, name);
  const { code, stderr } = pcapAudit([
    'audit',
    ...captures,
    '--topology',
    topology,
    '--annotate',
    file,
    ...options,
    '--quiet',
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(1);
  return file;
}

describe.skipIf(!there)('an annotated capture, opened by tshark', () => {
  test('has the evidence frames, as they were, each with what it shows', () => {
    const file = annotate('evidence.pcapng', [clear]);
    const original = fields(clear, ['frame.number', 'frame.time_epoch', 'tcp.payload']);
    const written = fields(file, ['frame.time_epoch', 'tcp.payload', 'frame.comment', 'frame.interface_name']);
    expect(written.length).toBeGreaterThan(1);
    expect(written.length).toBeLessThan(original.length);
    for (const [time, payload, comment, name] of written) {
      const source = original.find(([, known]) => known === time)!;
      expect(payload).toBe(source[2]);
      expect(comment).toMatch(new RegExp(`frame ${source[0]} of client-auth-plain-clear\\.pcap`));
      expect(name).toBe('client-auth-plain-clear.pcap');
    }
    // by tshark, AUTH PLAIN with its response is one frame, and MAIL FROM another
    const [auth] = fields(clear, ['frame.number'], 'smtp.req.command == "AUTH"')[0]!;
    const comments = written.map(([, , comment]) => comment!);
    expect(comments.find((comment) => comment.includes(`frame ${auth} of`))).toMatch(/password in clear/);
  });

  test('has all frames of flows with findings where asked for, and no others', () => {
    const both = [clear, `${ownCaptures}smtp/hub-to-hub-tls12.pcapng`];
    const file = annotate('whole.pcapng', both, '--whole-flows');
    const streams = fields(clear, ['frame.number'], 'tcp.port == 25 || tcp.port == 587').length;
    expect(fields(file, ['frame.number'])).toHaveLength(streams);
    expect(new Set(fields(file, ['frame.interface_name']).flat())).toEqual(new Set(['client-auth-plain-clear.pcap']));
  });

  test('holds nothing that could be read once it is redacted', () => {
    const captures = [
      'client-auth-plain-clear',
      'client-auth-login-refused-clear',
      'client-auth-ntlm-clear',
      'hub-to-hub-clear',
    ];
    const files = captures.map((name) => `${ownCaptures}smtp/${name}.pcap`);
    const file = annotate('redacted.pcapng', files, '--whole-flows', '--redact');
    const payloads = fields(file, ['tcp.payload'], 'tcp.len > 0').flat();
    const bytes = Buffer.from(payloads.join(''), 'hex').toString('latin1');
    let looked = 0;
    for (const source of files) {
      for (const [payload] of fields(source, ['tcp.payload'], 'tcp.len > 0')) {
        for (const word of Buffer.from(payload!, 'hex')
          .toString('latin1')
          .split(/[\s:<>=]+/)) {
          if (word.length < 9 || /^[A-Z0-9-]+$/.test(word)) continue;
          looked++;
          expect(bytes).not.toContain(word);
        }
      }
    }
    expect(looked).toBeGreaterThan(40);
    // what is left can still be followed
    expect(fields(file, ['smtp.req.command'], 'smtp.req.command').flat()).toEqual(
      expect.arrayContaining(['EHLO', 'AUTH', 'MAIL']),
    );
  });

  test('blanks a bind and its search in the directory', () => {
    const bind = `${ownCaptures}directory/dc-simple-bind-clear.pcap`;
    const file = join(folder, 'bind.pcapng');
    const directory = `${ownCaptures}directory/topology.yaml`;
    pcapAudit(['audit', bind, '--topology', directory, '--annotate', file, '--redact', '--whole-flows', '--quiet']);
    const payloads = fields(file, ['tcp.payload'], 'tcp.len > 0').flat();
    expect(payloads.length).toBeGreaterThan(2);
    for (const payload of payloads) expect(payload).toMatch(/^(00)+$/);
  });

  test('leaves encrypted flows as they are', () => {
    const tls = `${ownCaptures}smtp/hub-to-edge-no-client-cert.pcap`;
    const file = annotate('tls.pcapng', [tls], '--redact', '--whole-flows');
    const payloads = (from: string) => fields(from, ['tcp.payload'], 'tls').flat();
    expect(payloads(file)).toEqual(payloads(tls));
  });

  test('in Korean', () => {
    const file = annotate('korean.pcapng', [clear], '--lang', 'ko');
    expect(fields(file, ['frame.comment']).flat().join()).toMatch(/암호화: 실패; 암호 평문/);
  });
});

describe('--annotate', () => {
  test('keeps the file to its owner, and reading it again gives the same audit of those flows', () => {
    const file = annotate('again.pcapng', [clear], '--whole-flows');
    expect(statSync(file).mode & 0o077).toBe(0);
    const audit = (capture: string) =>
      JSON.parse(pcapAudit(['audit', capture, '--topology', topology, '--format', 'json', '--quiet']).stdout);
    const results = ({ paths }: { paths: { id: string; encryption: unknown }[] }) =>
      paths.map(({ id, encryption }) => [id, encryption]);
    expect(results(audit(file))).toEqual(results(audit(clear)));
  });

  test.each([
    [['--annotate', 'out.pcap'], /pcapng/],
    [['--redact'], /--annotate FILE/],
    [['--whole-flows'], /--annotate FILE/],
  ])('is refused with %j', (options, message) => {
    const { code, stderr } = pcapAudit(['audit', clear, ...options], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, 'out.pcap'))).toBe(false);
  });

  test('never writes over a capture', () => {
    const copy = annotate('input.pcapng', [clear], '--whole-flows');
    const before = readFileSync(copy);
    const { code, stderr } = pcapAudit(['audit', copy, '--topology', topology, '--annotate', copy]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is one of the captures/);
    expect(readFileSync(copy)).toEqual(before);
  });
});
