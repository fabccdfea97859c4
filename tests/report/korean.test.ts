import { describe, expect, test } from 'vitest';
import { results } from '../../src/check/result.ts';
import type { StampedFact } from '../../src/protocols/fact.ts';
import { factWords } from '../../src/report/fact.ts';
import type { FormatName } from '../../src/report/formats.ts';
import { columns } from '../../src/report/terminal/width.ts';
import { wordsOf } from '../../src/report/words/language.ts';
import type { Words } from '../../src/report/words.ts';
import { everythingReport } from '../support/everything-report.ts';
import { print } from '../support/print.ts';

/** `tell` takes a fact, and has a test of its own. */
const tables = ({ tell: _tell, ...rest }: Words) => rest;
const korean = wordsOf('ko');
const english = wordsOf('en');

/** Names that Korean administrators write in Latin letters as well: products, protocols, units, our own options. */
const names =
  /TLS_[A-Z0-9_]+|pcap-audit|pcap-parser|dumpcap|netsh|trace|packettruncatebytes|advfirewall|STARTTLS|X-ANONYMOUSTLS|STLS|StartTLS|NegotiateStream|ClientHello|ServerHello|Kerberos|LDAP|IPsec|SRTP|DTLS|SASL|SMB|TLS|SSL|RPC|NTLM|ESP|IKE|DNS|URL|SHA-256|SHA256|UTC|JSON|HTML|TCP|UDP|IIS|SQL|Wireshark|Exchange|Edge|Active Directory|thumbprints|topology draft CAPTURE > topology\.yaml|topology draft|topology|schema|report\.json|verify|PASS|--format html|--[a-z-]+|\{column\}|\.NET|Microsoft|Windows|fail/g;

/** Every string of a table, functions called with arguments of both kinds. */
function leaves(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function') {
    const call = value as (...args: unknown[]) => unknown;
    const tries = [
      [2, 2, 2, 2, 2, 2],
      ['7', 2, 2, 2, 2, 2],
      ['7', '7', '7', '7', '7', '7'],
      [['7'], '7', '7'],
      [2, 'file', null, null, null],
      ['7', 'accepted', null],
      ['7', 'privacy'],
      ['7', 'offered'],
      [[{ result: 'fail', count: 2 }]],
      [2, 'flow'],
    ];
    const said: { path: string; text: string }[] = [];
    for (const args of tries) {
      try {
        const text = call(...args);
        if (typeof text === 'string' && !text.includes('undefined')) said.push({ path, text });
      } catch {
        // not the kind of argument that it takes
      }
    }
    expect(said.length, `${path} can be called`).toBeGreaterThan(0);
    return said.slice(0, 1);
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

describe('the Korean words', () => {
  test('are as many as the English ones', () => {
    const paths = (words: Words) => leaves(tables(words), '').map(({ path }) => path);
    const optional = /^correlationEnd\./;
    expect(new Set(paths(korean).filter((path) => !optional.test(path)))).toEqual(
      new Set(paths(english).filter((path) => !optional.test(path))),
    );
  });

  test.each(leaves(tables(korean), '').map(({ path, text }) => [path, text]))('hold no English: %s', (_path, text) => {
    expect(text!.replace(names, '')).not.toMatch(/[A-Za-z]{3,}/);
  });

  test('short words fit their column', () => {
    for (const result of results) expect(columns(korean.shortResult[result])).toBeLessThanOrEqual(5);
  });

  test.each([
    ['message in clear', '메일 평문'],
    ['starttls privacy', 'STARTTLS 후 TLS: 암호화됨'],
    ['kerberos accepted for kim@EXAMPLE.COM', 'kerberos 로그인 수락됨: kim@EXAMPLE.COM'],
    ['client-certificate refused', '서버가 인증서를 요청했고 클라이언트는 인증서 없이 응답함'],
    ['STARTTLS offered', 'STARTTLS 제안됨'],
    ['tls-finished', 'TLS 핸드셰이크 완료'],
    ['smtp on tcp/25', 'tcp/25의 smtp'],
  ])('say the fact "%s"', (fact, said) => {
    expect(factWords(fact, korean)).toBe(said);
  });
});

describe('the Korean words for facts', () => {
  const kinds = Object.keys(english.fact.described);
  const fields = {
    verb: 'STARTTLS',
    code: '1',
    text: '1',
    of: 'client',
    name: '1',
    address: '1',
    version: 0x0303,
    serverName: '1',
    cipherSuite: 0xc030,
    resumed: true,
    subject: '1',
    issuer: '1',
    notBefore: '2026-01-01',
    notAfter: '2026-01-01',
    sha256: '1',
    level: 1,
    uuid: '1',
    authType: 1,
    authLevel: 1,
    transport: 'tcp',
    port: 1,
    protocol: '1',
    detail: '1',
    announcedIn: { frame: 1 },
    client: '1',
    service: '1',
    realm: '1',
    etype: 1,
    keys: '1',
    profile: '1',
    ikeVersion: 1,
    cipher: 1,
    carrier: '1',
    id: 1,
    source: '1',
    destination: '1',
    value: '1',
  };
  const others = [
    { kind: 'offered', what: 'upgrade' },
    { kind: 'offered', what: 'authentication', mechanisms: ['1'] },
    { kind: 'offered', what: 'client-certificate' },
    { kind: 'refused', what: 'upgrade' },
    { kind: 'refused', what: 'client-certificate' },
    { kind: 'secured', mechanism: 'tls', level: 'privacy' },
    { kind: 'secured', mechanism: 'tls', level: 'integrity' },
    { kind: 'exposed', content: 'message' },
    ...['accepted', 'refused', 'unfinished', 'unseen'].map((outcome) => ({
      kind: 'authenticated',
      mechanism: '1',
      inside: '1',
      outcome,
      principal: '1',
      version: '1',
      protected: false,
    })),
  ];
  const facts = [...kinds.map((what) => ({ kind: 'described', what })), ...others];

  test.each(facts.map((fact) => [JSON.stringify(fact), fact]))('hold no English: %s', (_text, fact) => {
    const said = korean.tell({ ...fields, ...(fact as object) } as unknown as StampedFact, korean);
    expect(said.replace(names, '').replace(/KDC|certificate|tcp|CLIENT/g, '')).not.toMatch(/[A-Za-z]{3,}|undefined/);
  });
});

/** What a reader sees, without what came out of the report: names, addresses, identifiers, evidence. */
function prose(text: string, report: ReturnType<typeof everythingReport>): string[] {
  const data = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string') data.add(value);
    else if (value instanceof Map) for (const [key, inner] of value) collect([key, inner]);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner);
  };
  collect({ ...report, flows: [...report.flows] });
  collect(report.correlations.flatMap(({ from, to }) => [Object.keys(from), Object.keys(to)]));
  const longestFirst = [...data].filter((item) => item.length > 1).sort((a, b) => b.length - a.length);
  return text.split('\n').map((line) => {
    let left = line.replace(names, ' ');
    for (const item of longestFirst) left = left.replaceAll(item, ' ');
    return left;
  });
}

describe('a Korean report', () => {
  const report = everythingReport();
  const shown = (text: string) =>
    text
      .replace(
        /<style>.*?<\/style>|<script>.*?<\/script>|<head>.*?<\/head>|<code[^>]*>.*?<\/code>|<span lang="en">.*?<\/span>/gs,
        '',
      )
      .replace(/<[^>]+>/g, '\n')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&');

  test.each([
    ['html', true],
    ['terminal', true],
    ['terminal', false],
    ['markdown', true],
  ] as [FormatName, boolean][])('says nothing in English: %s, verbose: %s', (format, verbose) => {
    const text = print(format, report, { language: 'ko', verbose, width: 400 });
    const left = prose(
      format === 'html' ? shown(text) : text.replace(/^ {4}.*?(?= {3}#|$)/gm, '').replaceAll('&#64;', '@'),
      report,
    ).filter((line) => /[A-Za-z]{3,}/.test(line));
    expect(left).toEqual([]);
  });
});
