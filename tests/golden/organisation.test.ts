import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { FlowReport } from '../../src/check/audit-report.ts';
import { columns } from '../../src/report/terminal/width.ts';
import { auditCapture } from '../support/audit-capture.ts';
import { organisation } from '../support/organisation.ts';
import { print } from '../support/print.ts';
import { entries } from './manifest.ts';

/**
 * The captures of the lab as those of one organisation: one audit of all of them. Every flow must get what it gets in the
 * audit of its own capture, which captures.test.ts holds against how the servers were configured; what other flows may
 * add is an inferred login, or an offer of TLS that was seen elsewhere.
 */
// tunnels holds recorded dialogues of other themes once more
const own = entries.filter(({ folder }) => basename(folder) !== 'tunnels');
const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-organisation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const topology = organisation(own, folder);
const whole = auditCapture(
  own.map((entry) => `${entry.folder}/${entry.file}`),
  topology,
);

const resultsOf = (flow: FlowReport) =>
  flow.results.map(({ path, check, result, reason }) => `${path} ${check} ${result} ${reason}`);

/** What the rest of the organisation can have added. */
function withoutHelp(flow: FlowReport): string[] {
  return flow.results.map(({ path, check, result, reason }) => {
    const inferred = reason === 'correlated-ticket' || (reason === 'not-default' && result === 'informational');
    const hidden = check === 'authentication' && flow.authentication.hidden && inferred;
    return hidden ? `${path} ${check} unknown inside-encryption` : `${path} ${check} ${result} ${reason}`;
  });
}

let framesAlone = 0;

describe.each(own.map((entry) => [`${basename(entry.folder)}/${entry.file}`, entry] as const))('%s', (name, entry) => {
  test('every flow gets what its configuration implies', async () => {
    const alone = await auditCapture([`${entry.folder}/${entry.file}`], topology);
    const all = (await whole).flows;
    for (const flow of alone.flows) {
      framesAlone += flow.frames;
      const same = all.find(({ id }) => id === flow.id);
      if (!same) {
        expect(goesOn(flow, all), `${name} ${flow.client.address} → ${flow.server.address}:${flow.server.port}`).toBe(
          true,
        );
        continue;
      }
      // what else went on in it, or elsewhere, may say more
      if (same.captures.length > 1 || same.upgrade?.offeredElsewhere) continue;
      expect({ protocol: same.protocol, encryption: same.encryption, results: withoutHelp(same) }).toEqual({
        protocol: flow.protocol,
        encryption: { ...flow.encryption, exposures: same.encryption.exposures },
        results: flow.results.some(({ reason }) => reason === 'correlated-ticket')
          ? withoutHelp(flow)
          : resultsOf(flow),
      });
    }
  });
});

/** UDP and ICMP between the same ends within two minutes is one flow, whichever recording it is in (contract, rule 16). */
function goesOn(flow: FlowReport, all: readonly FlowReport[]): boolean {
  const whole = all.find(
    (other) =>
      other.communityId === flow.communityId && other.captures.includes(flow.captures[0]!) && other.captures.length > 1,
  );
  const kept = flow.encryption.exposed.every((content) => whole?.encryption.exposed.includes(content));
  return whole !== undefined && flow.transport !== 'tcp' && kept;
}

test('no frame is lost, and none is counted twice', async () => {
  const frames = (await whole).flows.reduce((sum, flow) => sum + flow.frames, 0);
  expect(frames).toBe(framesAlone);
});

describe('its terminal report', () => {
  test.each(['en', 'ko'] as const)('is short, and names every failing path (%s)', async (language) => {
    const report = await whole;
    const lines = print('terminal', report, { language }).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(100);
    expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(80);
    const rows = lines.filter((line) => / [\d,]+ (pass|FAIL|\?|통과|실패) /.test(line));
    const failing = rows.filter((row) => /FAIL|실패/.test(row));
    expect(failing).toHaveLength(report.summary.paths.fail);
  });
});

describe('its HTML report', () => {
  const page = whole.then((report) => print('html', report).replaceAll('&lt;', '<').replaceAll('&quot;', '"'));

  test('asks for the SMB password in clear that the reference allows (file-sharing/README.md)', async () => {
    const task = /<h3 id="task-password-in-clear">.*?<\/section>/s.exec(await page)?.[0];
    expect(task).toContain('smb1-plaintext-password.pcap');
  });

  test('records POP3 and IMAP4 in clear and over TLS, on all addresses of cas1 (its topologies)', async () => {
    const task = /<h3 id="task-pop-imap-secure-login">.*?<\/section>/s.exec(await page)![0];
    const filter = /dumpcap [^\n]*? -f "(.*?)" -w/.exec(task)![1]!;
    for (const part of ['10.0.0.41', 'fd00::41', 'port 110', 'port 143', 'port 993', 'port 995'])
      expect(filter).toContain(part);
  });

  // tshark -e http.request.uri: /Microsoft-Server-ActiveSync/?Cmd=Sync&User=anna
  test('shows which virtual directory was asked for, and no query', async () => {
    const articles = [...(await page).matchAll(/<article.*?<\/article>/gs)].map(([article]) => article);
    const asked = articles.find((article) => article.includes('activesync-basic-clear.pcap'));
    expect(asked).toContain('<code>/Microsoft-Server-ActiveSync</code>');
    expect(await page).not.toMatch(/Cmd=|User=anna/);
  });

  // whose logins these are: the manifests of ../../captures
  test('names the accounts in every task about a password in clear', async () => {
    const tasks = [...(await page).matchAll(/<section class="finding".*?<\/section>/gs)]
      .map(([task]) => task)
      .filter((task) => /<h4>.*password.* in clear/.test(task) && task.includes('class="remedy"'));
    expect(tasks.length).toBeGreaterThan(4);
    for (const task of tasks)
      expect(task).toMatch(
        /change the passwords that crossed in clear.*(labuser|anna|svc-lookup|labadmin)|new subscription, and not by hand: cn=ESRA/,
      );
    expect(tasks.join('')).toMatch(/CN=svc-lookup,CN=Users,DC=example,DC=test/);
  });

  test('suspects nobody of changing what IPsec AH guards (captures/ipsec/README.md)', async () => {
    const article = [...(await page).matchAll(/<article.*?<\/article>/gs)].find(([text]) => text.includes('ah.pcap'));
    expect(article![0]).toContain('<dt>Carried in</dt><dd>AH 10.0.0.11 → 10.0.0.12</dd>');
    for (const [task] of (await page).matchAll(/<h3 id="task-[a-z-]*stripped">.*?<\/section>/gs))
      expect(task).not.toContain('ah.pcap');
  });

  test('shows an ESP frame that is not encrypted for a pair of hosts with such (captures/ipsec/README.md)', async () => {
    const report = await whole;
    const esp = report.correlations.find(({ kind, to }) => kind === 'ipsec' && to.mechanism === 'esp');
    expect(esp).toMatchObject({ to: { protection: 'integrity' }, evidence: [{ file: 'esp-null.pcap' }] });
  });

  test('says whose media have keys that anybody could read (captures/voice/README.md)', async () => {
    const { flows } = await whole;
    const open = flows.filter(({ keysInClear }) => keysInClear);
    expect(open.map(({ captures, protocol }) => [...captures, protocol])).toEqual([
      ['call-srtp-sdes-clear.pcap', 'rtp'],
    ]);
    expect(await page).toContain('1 flow of media encrypted with keys that went in clear');
  });

  test('says nothing about TCP by a call over UDP, and sees where Outlook connects', async () => {
    const { assertions } = await whole;
    const files = (id: string) => assertions.find((one) => one.id === id)!.evidence.map(({ file }) => file);
    expect(files('um-ip-plaintext')).toContain('call-tcp-clear.pcap.gz');
    expect(files('um-ip-plaintext')).not.toContain('call-udp-clear.pcap.gz');
    expect(assertions.find(({ id }) => id === 'cas-mapi-clients-to-cas')).toMatchObject({ result: 'pass' });
  });

  test('takes nothing for proof of a statement that frames do not show', async () => {
    const { assertions } = await whole;
    const of = (id: string) => assertions.find((one) => one.id === id)!;
    for (const id of ['tr-rules-in-ad', 'fw-rpc-two-rules', 'um-gw-auth', 'cas-negotiate-order']) {
      expect(of(id)).toMatchObject({ id, result: 'unknown', reason: 'nothing-contradicts' });
    }
    expect(of('um-gw-auth').evidence.map(({ file }) => file)).not.toContain('call-udp-clear.pcap.gz');
    expect(of('cas-negotiate-order').evidence.map(({ fact }) => fact)).not.toContainEqual(
      expect.stringContaining('basic'),
    );
  });

  test('names no dynamic port in a filter', async () => {
    const filters = [...(await page).matchAll(/dumpcap [^\n]*? -f "(.*?)" -w/g)].map(([, filter]) => filter!);
    expect(filters.length).toBeGreaterThan(5);
    for (const filter of filters) expect(filter).not.toMatch(/port (4915\d|4000\d)\b/);
  });

  test('takes no group and no address of one link for somebody outside', async () => {
    expect(await page).not.toMatch(/(ff02|fe80)::[^<]*<small>[^<]*outside/);
  });
});
