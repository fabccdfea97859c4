import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nameResolution, networkInterface, packet, pcapngFile, section, text } from '../support/build-capture.ts';
import type { Step } from '../support/play.ts';
import { pcapAudit } from '../support/run-cli.ts';
import { framesOf } from '../support/talk.ts';

/** What a pcapng file says beside its packets is shown where a person looks for it, and judged by nowhere. */
const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.warn('SKIPPED: tshark is missing, so annotated captures were opened by nobody');
const folder = mkdtempSync(join(tmpdir(), 'beside-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const mail: Step[] = [
  ['server', '220 hub2 ESMTP\r\n'],
  ['client', 'EHLO hub1\r\n'],
  ['server', '250 hub2\r\n'],
  ['client', 'MAIL FROM:<a@example.com>\r\n'],
  ['server', '250 OK\r\n'],
];
const frames = framesOf(mail, { port: 25 });
const inMail = frames.findIndex(({ bytes }) => Buffer.from(bytes).includes('MAIL FROM')) + 1;

/** the mail, captured on two interfaces, with a comment on each frame, and names for both hosts */
const names = nameResolution([
  { address: Uint8Array.of(10, 0, 0, 1), names: ['hub1.example.test'] },
  { address: Uint8Array.of(10, 0, 0, 2), names: ['hub2.example.test'] },
]);
const commented = frames.map(({ bytes, time }, index) =>
  packet({
    bytes,
    time: BigInt(Math.round(time * 1e6)),
    interface: 1,
    options: [[1, text(`look at <${index + 1}>`)]],
  }),
);
const taps = [networkInterface({ name: 'eth0' }), networkInterface({ name: 'span 7' })];
const file = at('mail.pcapng');
writeFileSync(file, pcapngFile([section(), ...taps, names, ...commented]));
const topology = at('topology.yaml');
writeFileSync(
  topology,
  'hosts: [{ name: hub1, addresses: [10.0.0.1], roles: [hub] }]\nnetworks: [{ cidr: 10.0.0.2/32, roles: [hub] }]\n',
);

/** the same without anything beside the packets */
const bare = at('bare.pcapng');
const plain = frames.map(({ bytes, time }) => packet({ bytes, time: BigInt(Math.round(time * 1e6)) }));
writeFileSync(bare, pcapngFile([section(), networkInterface(), ...plain]));

describe('what a pcapng file says beside its packets', () => {
  const audit = (capture: string) =>
    JSON.parse(pcapAudit(['audit', capture, '--topology', topology, '--format', 'json']).stdout);
  const report = audit(file);

  test('comments go with the evidence, the interface with the flow', () => {
    const [flow] = report.flows;
    expect(flow.interface).toBe('span 7');
    const failed = flow.results.find(
      ({ check, result }: { check: string; result: string }) => check === 'encryption' && result === 'fail',
    );
    expect(failed.evidence[0]).toMatchObject({ frame: inMail, comment: `look at <${inMail}>` });
    const path = at('report.html');
    pcapAudit(['audit', file, '--topology', topology, '--report', path]);
    const page = readFileSync(path, 'utf8');
    expect(page).toContain(`comment in the capture: “look at &lt;${inMail}&gt;”`);
    expect(page).toContain('captured on span 7');
  });

  test('its names are told apart from those of the topology, and whose word they are', () => {
    const [hub1, hub2] = report.hosts;
    expect(hub1).toMatchObject({ address: '10.0.0.1', name: 'hub1' });
    expect(hub1).not.toHaveProperty('called');
    expect(hub2).toMatchObject({
      address: '10.0.0.2',
      name: null,
      called: { name: 'hub2.example.test', file: 'mail.pcapng' },
    });
    expect(readFileSync(at('report.html'), 'utf8')).toContain('“hub2.example.test” says mail.pcapng');
  });

  test('none of it changes a result', () => {
    const results = (of: typeof report) =>
      of.paths.map(({ id, port, authentication, encryption }: Record<string, { result: string }>) => [
        id,
        port?.result,
        authentication?.result,
        encryption?.result,
      ]);
    expect(results(report)).toEqual(results(audit(bare)));
  });

  test('a drafted topology proposes its names, and says where they come from', () => {
    const { stdout } = pcapAudit(['topology', 'draft', file, '--quiet']);
    expect(stdout).toMatch(/called hub1\.example\.test \(capture\), by mail\.pcapng itself/);
    expect(stdout).toContain('name: "hub2"');
  });

  test.skipIf(!hasTshark)('an annotated capture keeps the comments of its frames, unless it is redacted', () => {
    const commentsOf = (path: string): string => {
      const { status, stdout } = spawnSync('tshark', ['-r', path, '-T', 'fields', '-e', 'frame.comment']);
      expect(status).toBe(0);
      return stdout.toString();
    };
    const annotate = (path: string, ...more: string[]) =>
      pcapAudit(['audit', file, '--topology', topology, '--annotate', path, '--quiet', ...more]);
    expect(annotate(at('noted.pcapng')).stderr).toBe('');
    expect(commentsOf(at('noted.pcapng'))).toContain(`look at <${inMail}>`);
    expect(annotate(at('redacted.pcapng'), '--redact').stderr).toBe('');
    expect(commentsOf(at('redacted.pcapng'))).not.toContain('look at');
  });
});
