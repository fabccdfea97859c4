import { describe, expect, test } from 'vitest';
import type { AuditReport, FlowReport } from '../../src/check/audit-report.ts';
import { columns } from '../../src/report/terminal/width.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';
import { counts, evidence, sampleFlow, samplePath, sampleReference, sampleReport } from '../support/sample-report.ts';

const lines = (text: string) => text.trimEnd().split('\n');
/** Lines without the filters, which stay whole so that they can be copied. */
const proseOf = (text: string, report: AuditReport) => {
  const filters = new Set([...report.flows].map((flow) => flow.wiresharkFilter));
  return lines(text).filter((line) => !filters.has(line.trim()));
};
/** The text as if it had never been wrapped. */
const unwrapped = (text: string) => text.replace(/\s+/g, ' ');
const failing = (some: Partial<FlowReport>) =>
  unwrapped(print('terminal', sampleReport({ flows: [sampleFlow(some)] })));

describe('the terminal report', () => {
  const report = sampleReport();
  const text = print('terminal', report);

  test('begins with the verdict', () => {
    expect(lines(text)[0]).toBe('FAIL: 1 path fails, 1 passes, 1 unknown, 2 not observed');
    expect(lines(text)[1]).toBe('7 of 9 checks with traffic decided; exit 1: at least one path failed');
  });

  test('says which frame shows a failure, and what became of STARTTLS', () => {
    expect(unwrapped(text)).toContain(
      'hub1 → hub2: mail in clear in frame 17 of hub.pcapng; STARTTLS was offered and not used',
    );
    expect(unwrapped(text)).toContain('frame 12 of hub.pcapng: STARTTLS offered');
    expect(text).toContain('Hub Transport server to Hub Transport server (hub-to-hub)');
  });

  test('has every Wireshark filter whole on a line of its own', () => {
    for (const id of ['f0000000000000001', 'f0000000000000004']) {
      const flow = [...report.flows].find((flow) => flow.id === id)!;
      expect(lines(text).map((line) => line.trim())).toContain(flow.wiresharkFilter);
    }
  });

  test('reports what went in clear on no path', () => {
    expect(unwrapped(text)).toContain(
      '10.0.0.77 → fd00::12: mail and password in clear in frame 33 of hub.pcapng; STARTTLS was refused with 454; on no path of the reference',
    );
    expect(unwrapped(text)).toContain('frame 31 of hub.pcapng: password in clear');
    expect(lines(text)[2]).toMatch(/^1 flow with content in clear/);
  });

  test('has one line for a path, and one for rows that answer together', () => {
    const table = lines(text).filter((line) => / \d+ (pass|FAIL) /.test(line));
    expect(table.map((line) => line.trim().split(/\s+/).slice(-4).join(' '))).toEqual([
      '1 pass FAIL FAIL',
      '1 pass pass pass',
      '1 pass ? ?',
    ]);
    expect(text).toContain('(2 alike) Hub Transport server to Edge');
  });

  test('counts what was not observed, and lists it with --verbose', () => {
    expect(text).toContain('2 paths not observed (--verbose lists them)');
    expect(text).not.toContain('mailbox-to-dc');
    expect(print('terminal', report, { verbose: true })).toContain('mailbox-to-dc in English (mailbox-to-dc)');
  });

  test('says why something could not be decided', () => {
    expect(unwrapped(text)).toContain('Authentication undecided on 1 path: The connection was already open when');
    expect(unwrapped(text)).toContain('Encryption undecided on 1 path: The connection never came to mail');
  });

  test('says what limits were reached, and what is wrong with a capture', () => {
    expect(unwrapped(text)).toContain('names: the limit of 100,000 was reached 2 times');
    expect(unwrapped(text)).toContain('hub.pcapng is cut short (byte 9,876,000): the last record is incomplete');
  });

  test('says how to write a topology where there is none', () => {
    expect(text).not.toContain('topology schema');
    expect(
      unwrapped(
        print('terminal', sampleReport({ topology: null, reference: { ...sampleReference(), lacksTopology: true } })),
      ),
    ).toContain(
      'Without a topology roles are unknown: draft one with: pcap-audit topology draft CAPTURE > topology.yaml',
    );
  });

  test.each([60, 80, 120])('keeps to %i columns, in English and Korean', (width) => {
    for (const language of ['en', 'ko'] as const) {
      for (const verbose of [false, true]) {
        const prose = proseOf(print('terminal', report, { width, language, verbose }), report);
        expect(Math.max(...prose.map(columns))).toBeLessThanOrEqual(width);
      }
    }
  });

  test('takes a narrower terminal for one of 60 columns', () => {
    expect(print('terminal', report, { width: 20 })).toBe(print('terminal', report, { width: 60 }));
  });

  test('colours only where asked, and colours change no text', () => {
    expect(text).not.toContain('\x1b');
    const coloured = print('terminal', report, { color: true });
    expect(coloured).toContain('\x1b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(text);
  });

  test('lists a bounded number of flows with --verbose and counts the rest', () => {
    const many = Array.from({ length: 500 }, (_, at) => sampleFlow({ id: `flow-${at}` }));
    const long = print('terminal', sampleReport({ flows: many }), { verbose: true });
    expect(long).toContain('and 450 more flows');
    expect(lines(long).length).toBeLessThan(700);
  });

  test.each(Object.entries(hostileText))('prints no character that acts on a terminal: %s', (_name, hostile) => {
    const dirty = print('terminal', hostileReport(hostile));
    expect(dirty).not.toMatch(hidden);
  });

  test('makes escape sequences visible rather than dropping them', () => {
    const dirty = unwrapped(print('terminal', hostileReport(hostileText.escape)));
    expect(dirty).toContain('␛[2J␛]0;owned␇\\x9b31m');
  });
});

describe('a report of many failing flows', () => {
  const password = sampleFlow({
    id: 'late',
    encryption: {
      protection: 'none',
      mechanism: null,
      exposed: ['credentials'],
      exposures: [{ content: 'credentials', file: 'hub.pcapng', frame: 77, time: 1_772_439_377 }],
    },
    authentication: { mechanisms: ['login'], credentialsExposed: true, hidden: false, attempts: [] },
    results: [
      {
        path: 'hub-to-hub',
        check: 'encryption',
        result: 'fail',
        reason: 'clear-content',
        evidence: [evidence(77, 'credentials in clear')],
      },
    ],
  });
  const [, , , unexpected] = [...sampleReport().flows];
  const many = (number: number) => Array.from({ length: number }, (_, at) => sampleFlow({ id: `flow-${at}` }));
  const report = sampleReport({ flows: [...many(9), password, unexpected!] });
  const text = print('terminal', report);

  test('tells the worst finding of a path, wherever it comes, and counts all', () => {
    expect(unwrapped(text)).toContain('1 path fails: 19 findings in 10 flows; the worst of each');
    expect(unwrapped(text)).toContain(
      'FAIL FAIL 19 findings: hub1 → hub2: password in clear in frame 77 of hub.pcapng; STARTTLS was offered and not used',
    );
  });

  test('tells an accepted finding as the worst only where there is no other', () => {
    const accepted = { reason: 'moves in May', by: 'C. Kim', until: '2026-12-31' };
    const granted = { ...password, results: password.results.map((result) => ({ ...result, accepted })) };
    const mixed = print('terminal', sampleReport({ flows: [...many(9), granted] }));
    expect(unwrapped(mixed)).toContain('19 findings: hub1 → hub2: mail in clear in frame 17 of hub.pcapng');
    const alone = [0, 1, 2, 3].map((at) => ({ ...granted, id: `flow-${at}` }));
    expect(unwrapped(print('terminal', sampleReport({ flows: alone })))).toContain(
      'accepted by C. Kim until 2026-12-31: moves in May',
    );
  });

  test('names what it leaves out once, with its numbers, and no filter', () => {
    const last = unwrapped(text).trimEnd().slice(-80);
    expect(last).toContain('--verbose tells all 20 findings in 11 flows, with frames and Wireshark filters');
    expect(text.split('Wireshark')).toHaveLength(2);
    expect(text).not.toContain('ip.addr');
    const more = unwrapped(print('terminal', sampleReport({ flows: many(51) })));
    expect(more).toContain('--verbose tells more of the 102 findings in 51 flows');
    expect(more).toContain('of each path up to 50 flows; the JSON report has all');
  });

  test('says what else was in clear, the password first', () => {
    const plain = { ...unexpected!, id: 'first', authentication: sampleFlow().authentication };
    const both = sampleReport({ flows: [...many(9), plain, unexpected!] });
    expect(unwrapped(print('terminal', both))).toContain(
      'Content in clear on no known path: 2 flows, the worst: 10.0.0.77 → fd00::12: mail and password in clear',
    );
  });

  test('has each path once, and the reasons of what stayed open', () => {
    const table = lines(text).filter((line) => / \d+ (pass|FAIL) /.test(line));
    expect(table).toHaveLength(3);
    expect(unwrapped(text)).toContain('The connection never came to mail, logins or queries, so nothing shows');
  });

  test('stays short, whatever fails: 40 paths, 200 captures with problems, 60 statements', () => {
    const paths = Array.from({ length: 40 }, (_, at) => samplePath({ id: `path-${at}`, observed: 'itself' }));
    const [capture] = sampleReport().captures;
    const [assertion] = sampleReport().assertions;
    const large = sampleReport({
      paths,
      flows: paths.map(({ id }) =>
        sampleFlow({ id, results: sampleFlow().results.map((result) => ({ ...result, path: id })) }),
      ),
      captures: Array.from({ length: 200 }, (_, at) => ({ ...capture!, file: `${at}.pcapng` })),
      assertions: Array.from({ length: 60 }, (_, at) => ({ ...assertion!, id: `note-${at}` })),
    });
    const flat = unwrapped(print('terminal', large));
    expect(lines(print('terminal', large)).length).toBeLessThan(110);
    for (const said of [
      '40 paths fail: 80 findings in 40 flows',
      '33 more paths fail, with 66 findings:',
      'path-39 in English',
      '200 captures, 2,469,000 frames, 2026-03-02 08:14:59 to 2026-03-02 09:20:00 UTC',
      '195 problems with the captures',
      'and 55 more statements (--verbose lists them)',
    ])
      expect(flat).toContain(said);
    const verbose = print('terminal', large, { verbose: true });
    for (const said of ['note-59', '199.pcapng is cut short', 'path-39 in English (path-39)'])
      expect(unwrapped(verbose)).toContain(said);
  });

  test.each(['en', 'ko'] as const)('keeps to 80 columns (%s)', (language) => {
    expect(Math.max(...lines(print('terminal', report, { language })).map(columns))).toBeLessThanOrEqual(80);
  });
});

describe('the verdict', () => {
  const first = (some: Partial<AuditReport['summary']['paths']>, options: AuditReport['options'] = {}) => {
    const summary = { ...sampleReport().summary, paths: counts(some) };
    return lines(print('terminal', sampleReport({ flows: [], summary, options })))
      .slice(0, 3)
      .join(' ');
  };

  test('is never a pass by silence', () => {
    expect(first({ notchecked: 55 })).toMatch(/^NOTHING TO JUDGE: 55 paths not observed .*exit 0/);
    expect(first({ pass: 3, unknown: 1 })).toMatch(/^UNDECIDED: 3 paths pass, 1 unknown .*exit 0/);
    expect(first({ pass: 3, notchecked: 2 })).toMatch(/^PASS: 3 paths pass, 2 not observed .*exit 0/);
  });

  test('says why the exit code is 1 though nothing failed', () => {
    expect(first({ pass: 3, unknown: 1 }, { strict: true })).toMatch(/exit 1: nothing failed, but --strict/);
    expect(first({ pass: 3, error: 1 })).toMatch(/^UNDECIDED: .*exit 1: at least one path could not be evaluated/);
  });

  test('says that the audit was interrupted', () => {
    expect(print('terminal', sampleReport({ partial: true }))).toContain('The audit was interrupted');
  });
});

describe('what became of the upgrade', () => {
  const seen = { ...sampleFlow().upgrade!, offered: true };

  test.each([
    ['STARTTLS was offered and not used', {}],
    ['STARTTLS was not offered', { offered: false }],
    ['STARTTLS was refused with 454', { asked: true, refusedWith: '454' }],
    ['STARTTLS was asked for, and no answer was seen', { asked: true }],
    ['STARTTLS was asked for and accepted, but not followed by TLS', { asked: true, accepted: true }],
    ['the offer of STARTTLS was possibly stripped', { offered: false, possiblyStripped: true }],
  ])('%s', (sentence, course) => {
    expect(failing({ upgrade: { ...seen, ...course } })).toContain(`frame 17 of hub.pcapng; ${sentence}`);
  });

  test('is not claimed where nothing of it was seen', () => {
    expect(failing({ upgrade: null })).toContain('frame 17 of hub.pcapng; no offer of STARTTLS was seen');
    expect(failing({ upgrade: null, protocol: 'ldap' })).not.toContain('STARTTLS');
  });

  test('is not called unused where TLS did follow', () => {
    const encryption = { protection: 'none', mechanism: 'starttls', exposed: ['message'] } as const;
    const text = failing({
      upgrade: { ...seen, asked: true, accepted: true },
      encryption: { ...encryption, exposed: [...encryption.exposed], exposures: [] },
    });
    expect(text).toContain('STARTTLS led to TLS, but this went outside it');
  });

  test('is named for what it led to, and not said of what went inside that', () => {
    const upgrade = { ...seen, verb: 'application/negotiate', asked: true, accepted: true } as const;
    const beside = { protection: 'none', mechanism: 'nns', exposed: ['message' as const], exposures: [] } as const;
    expect(failing({ upgrade, encryption: { ...beside, exposed: ['message'], exposures: [] } })).toContain(
      'application/negotiate led to .NET NegotiateStream, but this went outside it',
    );
    const signed = failing({
      upgrade,
      encryption: { protection: 'integrity', mechanism: 'nns', exposed: [], exposures: [] },
    });
    expect(signed).not.toContain('went outside it');
  });
});

test('a contradicted statement is told in its sentence, not by its id alone', () => {
  const flat = print('terminal', sampleReport()).replace(/\s+/g, ' ');
  expect(flat).toContain('All traffic between hubs is encrypted. (tr-hub-hub-tls): Content travelled in clear.');
});

test('rows of a group that disagree make no failure, but the exposure is reported', () => {
  const result = { path: 'a', check: 'encryption', reason: 'ambiguous-path' } as const;
  const evidence = [{ file: 'x.pcap', frame: 3, fact: 'message in clear' }];
  const check = { result: 'unknown', reason: 'ambiguous-path' } as const;
  const row = (id: string) => samplePath({ id, group: 'g', observed: 'group', flows: ['f'] });
  const text = print(
    'terminal',
    sampleReport({
      paths: [row('a'), row('b')],
      groups: [{ id: 'g', paths: ['a', 'b'], port: check, authentication: check, encryption: check }],
      flows: [
        sampleFlow({
          paths: ['a', 'b'],
          encryption: {
            protection: 'none',
            mechanism: null,
            exposed: ['message'],
            exposures: [{ content: 'message', file: 'x.pcap', frame: 3, time: 1_772_439_300 + 3 }],
          },
          results: [{ ...result, result: 'unknown', evidence }],
        }),
      ],
      unexpected: [],
    }),
  );
  expect(text).not.toContain('FAIL  ');
  expect(unwrapped(text)).toContain('hub1 → hub2: mail in clear in frame 3 of x.pcap');
});

test('a password in clear is listed also where its path allows it', () => {
  const flow = sampleFlow({
    encryption: { protection: 'none', mechanism: null, exposed: ['credentials'], exposures: [] },
    authentication: { mechanisms: ['plain'], credentialsExposed: true, hidden: false, attempts: [] },
    results: [
      { path: 'hub-to-hub', check: 'encryption', result: 'informational', reason: 'clear-by-default', evidence: [] },
    ],
  });
  expect(unwrapped(print('terminal', sampleReport({ flows: [flow] })))).toContain('hub1 → hub2: password in clear');
});
