import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/check/audit-report.ts';
import { everythingReport } from '../support/everything-report.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';
import { sampleFlow, sampleReport } from '../support/sample-report.ts';

/** What junitparser (Debian's python3-junitparser), a real consumer, makes of a file. */
const reader = `
import json, sys
from junitparser import JUnitXml
suites = JUnitXml.fromstring(sys.stdin.buffer.read())
json.dump([{"name": suite.name, "tests": suite.tests, "failures": suite.failures, "skipped": suite.skipped,
  "cases": [{"path": case.classname, "name": case.name, "results": [[type(r).__name__, r.message] for r in case.result]}
    for case in suite]} for suite in suites], sys.stdout)
`;
/** Debian's own, which Debian's packages are for */
const python = '/usr/bin/python3';
const there = spawnSync(python, ['-c', 'import junitparser']).status === 0;
if (!there) console.warn('SKIPPED: python3-junitparser is missing, so JUnit files were read by no consumer');

interface Suite {
  tests: number;
  failures: number;
  skipped: number;
  cases: { path: string; name: string; results: [string, string][] }[];
}

function read(report: AuditReport): Suite {
  const xml = print('junit', report);
  const { status, stdout, stderr } = spawnSync(python, ['-c', reader], { input: xml, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout)[0];
}

describe.skipIf(!there)('the JUnit report, read by junitparser', () => {
  test('has a case for each path and check, with failures where the exit code fails', () => {
    const suite = read(sampleReport());
    // six paths, of which two answer together
    expect(suite).toMatchObject({ tests: 15, failures: 2 });
    const failed = suite.cases.filter(({ results }) => results[0]?.[0] === 'Failure');
    expect(failed.map(({ path, name }) => `${path} ${name}`)).toEqual([
      'hub-to-hub Hub Transport server to Hub Transport server: Authentication',
      'hub-to-hub Hub Transport server to Hub Transport server: Encryption',
    ]);
    const passed = suite.cases.filter(({ results }) => results.length === 0);
    // port of hub-to-hub, the three of the group, port of hub-to-dc-ldap
    expect(passed).toHaveLength(5);
  });

  test('what was not seen or not decided is skipped, and fails only where --strict counts it', () => {
    const failures = (strict: boolean) => read(sampleReport({ options: { strict } })).failures;
    expect(failures(true) - failures(false)).toBe(2);
  });

  test('a check that fails late among many flows still shows its frame, and the rest is counted', () => {
    const login = sampleFlow().results.filter(({ check }) => check !== 'encryption');
    const early = Array.from({ length: 60 }, (_, at) => sampleFlow({ id: `flow-${at}`, results: login }));
    const late = sampleFlow({ id: 'late', wiresharkFilter: 'tcp.stream eq 60' });
    const xml = print('junit', sampleReport({ flows: [...early, late] }));
    const of = (check: string) => xml.split('<testcase').find((part) => part.includes(`Transport server: ${check}"`));
    expect(of('Encryption')).toContain('mail in clear in frame 17');
    expect(of('Encryption')).toContain('tcp.stream eq 60');
    expect(of('Encryption')).not.toContain('more flow');
    expect(of('Authentication')).toContain('and 10 more flows');
  });

  test('an accepted failure is skipped, and says so', () => {
    const skipped = read(everythingReport()).cases.flatMap(({ results }) => results);
    expect(skipped).toContainEqual(['Skipped', 'fail: accepted by C.Kim until 2026-12-31: moves-in-May']);
  });

  test.each(Object.entries(hostileText))('is well formed whatever a capture holds: %s', (_name, text) => {
    expect(print('junit', hostileReport(text))).not.toMatch(hidden);
    expect(read(hostileReport(text)).failures).toBe(2);
  });
});
