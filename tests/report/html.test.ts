import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadExceptions } from '../../src/check/exceptions.ts';
import { stylesheet } from '../../src/report/html/stylesheet.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';
import {
  evidence,
  hub1,
  passingFlow,
  sampleFlow,
  samplePath,
  sampleReference,
  sampleReport,
} from '../support/sample-report.ts';

const report = sampleReport();
const page = print('html', report);
const withoutCode = (text: string) => text.replace(/<style>.*?<\/style>/s, '').replace(/<script>.*?<\/script>/s, '');
const headings = [...page.matchAll(/<h([1-6])(?: [^>]*)?>(.*?)<\/h\1>/gs)];
const heading = (level: string) => headings.filter((found) => found[1] === level).map((found) => found[2]);

describe('the HTML report', () => {
  test('stands alone: no request, and a policy that allows only its own style and script', () => {
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const inside = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(page)![1]!;
    const policy = `default-src 'none'; style-src ${hash(inside('style'))}; script-src ${hash(inside('script'))};`;
    expect(page).toContain(`http-equiv="Content-Security-Policy" content="${policy}`);
    expect(page.match(/<(script|style)\b/g)).toHaveLength(2);
    expect(withoutCode(page)).not.toMatch(/<link|<img|<iframe|<object|\son\w+=|\bstyle=|\bsrc=|https?:/i);
    expect(page).not.toMatch(/url\(|@import|fetch\(|XMLHttpRequest|innerHTML|eval\(/);
  });

  test('says the verdict, and how much was decided', () => {
    expect(page).toContain('<p class="word">FAIL</p>');
    expect(page).toContain('<strong>Decided 7 of 9</strong> checks that had traffic');
  });

  test('says how rows that were not observed come to the number that is counted', () => {
    const summary = { ...report.summary, paths: { ...report.summary.paths, notchecked: 1 } };
    expect(page).toContain('2 paths without traffic in these captures; nothing is said');
    expect(print('html', { ...report, summary })).toContain(
      '2 paths without traffic in these captures (counted as 1: some share their results)',
    );
  });

  test('says of ESP that it is on no path, and where it encrypts nothing', () => {
    const esp = (protection: 'privacy' | 'integrity') => {
      const encryption = { ...passingFlow.encryption, protection, mechanism: 'esp' as const };
      return { ...passingFlow, id: protection, protocolPath: ['esp'], paths: [], results: [], encryption };
    };
    const said = (flows: (typeof passingFlow)[]) => print('html', { ...report, flows });
    expect(page).not.toContain('IPsec ESP');
    expect(said([esp('privacy')])).toContain('1 flow of IPsec ESP is judged on no path');
    expect(said([esp('privacy')])).not.toContain('signed without being encrypted');
    expect(said([esp('privacy'), esp('integrity')])).toContain('1 of them had packets that are signed without');
  });

  test('says how the result of a path comes from its flows', () => {
    expect(page).toContain('Flows that never came to content, and those with nothing to judge, are left out');
  });

  test('has the findings before all else that was seen', () => {
    expect(heading('2')).toEqual([
      'Summary',
      'What to do',
      'What this audit does not say',
      'Findings',
      'Passwords and tokens that went in clear',
      'Unexpected',
      'Could not be decided',
      'Who talked to whom',
      'Paths',
      'When content went in clear',
      'TLS versions and cipher suites',
      'Not observed',
      'Statements of the reference',
      'Inferred',
      'Firewall rules',
      'Flows',
      'Hosts',
      'Capture quality',
      'Audit trail',
    ]);
    const shown = heading('4').map((text) => text!.replace(/<[^>]+>/g, ''));
    expect(shown).toContain('hub1 → hub2: mail in clear in frame 17 of hub.pcapng; STARTTLS was offered and not used');
    expect(page).toContain('<strong>frame 12</strong> of hub.pcapng: STARTTLS offered');
    expect(page).toContain('<dd>Encryption: encrypted by default: tls</dd>');
    expect(page).toContain(
      `<code class="copy">${sampleFlow().wiresharkFilter.replaceAll('&', '&amp;').replaceAll('>', '&gt;').replaceAll('<', '&lt;')}</code>`,
    );
  });

  test('shows how to accept a finding, in the words that the program takes', () => {
    const [, yaml] = /<pre><code class="copy">(exceptions:.*?)<\/code>/s.exec(page)!;
    const text = yaml!
      .replaceAll('&quot;', '"')
      .replace(/"&lt;why&gt;"/, 'a')
      .replace(/"&lt;who&gt;"/, 'b');
    const accepted = loadExceptions('page', text.replace(/&lt;year-month-day&gt;/, '2026-12-31'), ['hub-to-hub']);
    expect(accepted).toMatchObject([{ path: 'hub-to-hub', check: 'encryption', client: 'hub1', server: 'hub2' }]);
  });

  test('names the first of many paths that share their results, and folds the others', () => {
    const ids = Array.from({ length: 7 }, (_, at) => `web-${at}`);
    const failed = { result: 'fail', reason: 'clear-content' } as const;
    const encryption = { ...samplePath({ id: 'x' }).encryption, ...failed };
    const paths = ids.map((id) => samplePath({ id, group: 'web', observed: 'group', encryption }));
    const result = { ...failed, check: 'encryption' as const, evidence: [evidence(17, 'web in clear')] };
    const flow = sampleFlow({ paths: ids, results: ids.map((path) => ({ ...result, path })) });
    const groups = [{ id: 'web', paths: ids, port: failed, authentication: failed, encryption: failed }];
    const folded = print('html', sampleReport({ flows: [flow], paths, groups }));
    const [, links] = /<dt>Path<\/dt><dd>(.*?)<\/dd>/s.exec(folded)!;
    expect(links).toMatch(/^<a href="#path-web-0">.*<details><summary>and 6 more<\/summary>.*#path-web-6/s);
  });

  test('names what went in: hashes, pack, program, options', () => {
    for (const text of ['01', 'cd', 'ef']) expect(page).toContain(text.repeat(32));
    expect(page).toContain('pcap-audit 0.1.0');
    expect(page).toContain('strict: false');
    expect(page).toContain('pcapng, gzip');
  });

  test('can be read without colours and by a screen reader', () => {
    expect(page).toContain('<html lang="en">');
    expect(heading('1')).toHaveLength(1);
    const levels = headings.map((found) => Number(found[1]));
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(page).not.toMatch(/<th(?! scope="(col|row)")[ >]/);
    expect(page.match(/<table/g)!.length).toBe(page.match(/<caption>/g)!.length);
    for (const sign of ['✓', '✗', '?', '–']) expect(page).toContain(`aria-hidden="true">${sign}</span>`);
  });

  test('closes every element that it opens', () => {
    const open: string[] = [];
    for (const [, end, name, itself] of withoutCode(page).matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (name === 'meta' || itself === '/') continue;
      if (end === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('names titles in Korean, and says that they are', () => {
    expect(print('html', report, { language: 'ko' })).toContain(
      '<span lang="ko">허브 전송 서버에서 허브 전송 서버로</span>',
    );
  });

  test('caps the table of flows and says how many are left', () => {
    const flows = Array.from({ length: 2100 }, (_, at) => sampleFlow({ id: `flow-${at}` }));
    const long = print('html', sampleReport({ flows, captureQuality: { ...report.captureQuality, flows: 2100 } }));
    expect(long).toContain('and 100 more flows: all stand in the JSON report');
    expect(long.match(/<th scope="row"><time>/g)).toHaveLength(2000);
  });

  test('tells the same finding between the same hosts once, and counts its flows', () => {
    const flows = Array.from({ length: 500 }, (_, at) => sampleFlow({ id: `flow-${at}` }));
    const long = print('html', sampleReport({ flows }));
    // one article for the encryption, one for the login
    expect(long.match(/<article id="finding-/g)).toHaveLength(2);
    expect(long).toContain('The same in 499 more flows');
    expect(long).toContain('and 490 more flows');
    expect(long).toContain('500 findings, the worst: mail in clear; on hub1 (10.0.0.11)');
  });

  test('says how many flows of how many hosts are not shown', () => {
    const flows = Array.from({ length: 500 }, (_, at) =>
      sampleFlow({ id: `flow-${at}`, client: { ...hub1, name: `hub-${at}`, address: `10.0.${at >> 8}.${at & 255}` } }),
    );
    const long = print('html', sampleReport({ flows }));
    expect(long.match(/<article id="finding-[^"]*-mail-tls"/g)).toHaveLength(50);
    expect(long).toContain('and 450 more flows');
    expect(long).toContain('hub-3 (10.0.0.3) and 496 more');
  });

  test('puts passwords in clear before all else, whatever their number', () => {
    const base = sampleFlow();
    const inClear = { ...base.authentication, credentialsExposed: true };
    const login = sampleFlow({ id: 'login', protocol: 'pop3', authentication: inClear });
    const flows = [...Array.from({ length: 9 }, (_, at) => sampleFlow({ id: `flow-${at}` })), login];
    const reference = sampleReference();
    const [mail] = reference.remedies;
    reference.remedies.push({
      ...mail!,
      id: 'pop',
      for: { protocols: ['pop3'] },
      at: 'server',
      title: { en: 'Secure POP3', ko: 'POP3' },
    });
    const titles = [...print('html', sampleReport({ flows, reference })).matchAll(/<h3 id="task-[^>]*>([^<]*)/g)];
    expect(titles.map(([, title]) => title)[0]).toBe('1. Secure POP3');
  });

  test('a password in clear is something to do, also where the reference allows it or judges nothing', () => {
    const base = sampleFlow();
    const exposures = [{ content: 'credentials' as const, file: 'hub.pcapng', frame: 8, time: 1_772_439_308 }];
    const allowed = sampleFlow({
      encryption: { protection: 'none', mechanism: null, exposed: ['credentials'], exposures },
      authentication: { ...base.authentication, credentialsExposed: true },
      upgrade: null,
      results: base.results.map((found) => ({ ...found, result: 'informational' as const })),
    });
    const shown = print('html', sampleReport({ flows: [allowed, sampleFlow({ id: 'mail' })] }));
    const titles = [...shown.matchAll(/<h3 id="task-[^>]*>([^<]*)/g)].map(([, title]) => title);
    expect(titles[0]).toBe('1. Keep a password from crossing in clear');
    expect(shown).toContain('<dd>no password in clear, whatever the reference allows</dd>');
    expect(shown).toContain('1 finding: password in clear; on hub1 (10.0.0.11), hub2 (10.0.0.12)');
    expect(shown).not.toContain('nothing to judge</dd>');
  });

  test('says of a path that a password went in clear', () => {
    const base = sampleFlow();
    const flow = sampleFlow({ authentication: { ...base.authentication, credentialsExposed: true } });
    const row = (text: string) => /<tr id="path-hub-to-hub".*?<\/tr>/s.exec(text)![0];
    expect(row(print('html', sampleReport({ flows: [flow] })))).toContain(
      '<small>A password or token went in clear.</small>',
    );
    expect(row(page)).not.toContain('A password or token went in clear.');
  });

  test('does not take addresses of one link or a group for hosts outside', () => {
    const to = (address: string) => ({ address, port: null, name: null, roles: ['external'] });
    const flow = (id: string, address: string) => sampleFlow({ id, server: to(address), paths: [], results: [] });
    const flows = ['ff02::1:ff00:5', 'fe80::5', '224.0.0.251', '255.255.255.255'].map((to, at) => flow(`f${at}`, to));
    const hosts = [{ ...report.hosts[0]!, ...to('fe80::5'), named: false }];
    const shown = print('html', sampleReport({ flows, hosts, unexpected: [] }));
    expect(shown).toContain('ff02::1:ff00:5<small>multicast group</small>');
    expect(shown).toContain('fe80::5<small>this link only (link-local)</small>');
    expect(shown).toContain('224.0.0.251<small>multicast group</small>');
    expect(shown).toContain('255.255.255.255<small>broadcast</small>');
    expect(shown).not.toMatch(/external|outside/);
    const outside = print('html', sampleReport({ flows: [flow('f9', '198.51.100.9')], hosts: [] }));
    expect(outside).toContain('198.51.100.9<small>external</small>');
  });

  test('says of a path with several flows that what was seen is of all of them', () => {
    const paths = report.paths.map((path) =>
      path.id === 'hub-to-dc-ldap'
        ? {
            ...path,
            flows: ['a', 'b'],
            authentication: { ...path.authentication, reason: 'inside-encryption' as const, observed: ['simple-bind'] },
          }
        : path,
    );
    const shown = print('html', sampleReport({ paths }));
    expect(shown).toContain(
      '<small>At least one flow: A login, if there was one, happened inside the encryption.</small>',
    );
    expect(shown).toContain('<small class="seen">seen in its flows together: simple-bind</small>');
  });

  test('says whose promise each is where rows that answer together disagree', () => {
    const base = sampleFlow();
    const results = base.results.map((found) => ({ ...found, path: 'hub-to-edge' }));
    const paths = report.paths.map((path) =>
      path.id === 'edge-to-hub' ? { ...path, encryption: { ...path.encryption, byDefault: 'no' as const } } : path,
    );
    const shown = print(
      'html',
      sampleReport({ paths, flows: [sampleFlow({ paths: ['hub-to-edge', 'edge-to-hub'], results })] }),
    );
    expect(shown).toContain(
      '<dd>Encryption: hub-to-edge – encrypted by default: tls; edge-to-hub – tls supported, not by default</dd>',
    );
  });

  test('says once where commands run, and asks for both ends where something between them is suspected', () => {
    const reference = sampleReference();
    reference.remedies = reference.remedies.map((remedy) => ({ ...remedy, at: 'between' as const }));
    const shown = print('html', sampleReport({ reference }));
    expect(shown.split('Commands run in the shell of the server.')).toHaveLength(2);
    expect(shown).toContain('Record again at both ends at the same time');
    for (const name of ['client-end', 'server-end']) {
      expect(shown).toMatch(new RegExp(`dumpcap [^<]* -w ${name}\\.pcapng`));
      expect(shown).toContain(`pcap-audit audit ${name}.pcapng`);
    }
  });

  test('says what the reference is, once', () => {
    expect(page.split('“The reference” in this report: “Port Reference”, Product 2010, 2016-11-28.')).toHaveLength(2);
  });

  test('warns of captures that are years apart', () => {
    const [capture] = report.captures;
    const old = {
      ...capture!,
      firstSeen: '2011-03-13T07:06:40.000000000Z',
      lastSeen: '2011-03-13T07:07:00.000000000Z',
    };
    const shown = print('html', sampleReport({ captures: [old, capture!] }));
    expect(shown).toContain('The captures are far apart (2011 to 2026)');
    expect(page).not.toContain('far apart');
  });

  test('says what an anonymous cipher suite means where there is one', () => {
    // IANA: 0x00A7 is TLS_DH_anon_WITH_AES_256_GCM_SHA384
    const flow = sampleFlow({ tls: { ...passingFlow.tls!, cipherSuite: 0x00a7 } });
    expect(print('html', sampleReport({ flows: [flow] }))).toContain('An anonymous suite (TLS_DH_anon, TLS_ECDH_anon)');
    expect(page).not.toContain('An anonymous suite');
  });

  test('is the same bytes for the same report', () => {
    expect(print('html', sampleReport())).toBe(page);
  });
});

describe('hostile text', () => {
  const clean = withoutCode(page);
  const tags = (text: string) => new Set([...text.matchAll(/<\/?([a-z0-9]+)/g)].map((found) => found[1]));

  test.each(Object.entries(hostileText))('stands nowhere raw: %s', (_name, hostile) => {
    const dirty = withoutCode(print('html', hostileReport(hostile)));
    expect(dirty).not.toContain(hostile);
    expect(dirty).not.toMatch(hidden);
    expect([...tags(dirty)].filter((tag) => !tags(clean).has(tag))).toEqual([]);
    expect(dirty).not.toMatch(/<[^>]*\bonmouseover/);
  });

  test('is shown, not dropped', () => {
    expect(print('html', hostileReport(hostileText.script))).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(print('html', hostileReport(hostileText.bidi))).toContain('\\u202eexe.cod\\u2066\\u200b');
  });

  test('is no formula where a table is pasted into a spreadsheet', () => {
    const cells = [...print('html', hostileReport(hostileText.formula)).matchAll(/<t[hd][^>]*>([^<]*)/g)];
    expect(cells.map((found) => found[1]!).filter((text) => /^\s*[=+\-@]/.test(text))).toEqual([]);
  });
});

/** Relative luminance and contrast by WCAG 2.2. */
describe('colours', () => {
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high! + 0.05) / (low! + 0.05);
  };
  const schemes = [...stylesheet.matchAll(/:root \{(.*?)\}/gs)].map(
    (found) => new Map([...found[1]!.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name!, hex!])),
  );

  test.each([
    ['light', 0],
    ['dark', 1],
    ['print', 2],
  ] as const)('have a contrast of 4.5 at least: %s', (_name, at) => {
    const scheme = schemes[at]!;
    for (const ground of ['ground', 'raised', 'fail-ground', 'pass-ground', 'unknown-ground']) {
      const inks = ground.endsWith('-ground')
        ? ['text', ground.replace('-ground', '')]
        : ['text', 'muted', 'accent', 'fail', 'pass', 'unknown'];
      for (const ink of inks)
        expect(contrast(scheme.get(ink)!, scheme.get(ground)!), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});
