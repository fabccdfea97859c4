import { describe, expect, test } from 'vitest';
import { loadExceptions } from '../../src/check/exceptions.ts';
import { RuleError } from '../../src/check/load-yaml.ts';
import { auditFlows, between, exposed, tried } from '../support/judge-flow.ts';
import { readPack } from '../support/read-pack.ts';

const paths = readPack().paths.map(({ id }) => id);
const load = (text: string) => loadExceptions('risks.yaml', text, paths);
const risk = (pattern: string, until = '2026-12-31') =>
  load(`exceptions:\n  - { ${pattern}, reason: WAN optimiser, by: C. Kim, until: ${until} }\n`);

const clear = between('hub1', 'hub2', 25, 'smtp', [tried('kerberos'), exposed('message')]);
const back = between('hub2', 'hub1', 25, 'smtp', [tried('kerberos'), exposed('message')]);
const anonymous = between('hub1', 'hub2', 25, 'smtp', [exposed('message')]);
const audited = (flows: (typeof clear)[], pattern: string, asOf = '2026-11-24', until?: string) =>
  auditFlows(flows, undefined, { exceptions: { sha256: 'ab', list: risk(pattern, until) }, options: { asOf } });
const pathOf = (report: ReturnType<typeof audited>) => report.paths.find(({ id }) => id === 'hub-to-hub')!;
const accepted = { reason: 'WAN optimiser', by: 'C. Kim', until: '2026-12-31' };

describe('rule 17: an accepted risk', () => {
  test.each([
    'path: hub-to-hub',
    'path: hub-to-hub, check: encryption',
    'client: hub1',
    'client: HUB1, server: hub2',
    'server: 10.0.0.12',
    'server: "::ffff:10.0.0.12"',
    'server: 10.0.0.0/24',
  ])('stays a failure, and is marked: %s', (pattern) => {
    const report = audited([clear], pattern);
    expect(pathOf(report).encryption).toEqual({ ...pathOf(report).encryption, result: 'fail', accepted });
    const rows = [...report.flows].flatMap(({ results }) => results).filter(({ result }) => result === 'fail');
    expect(rows.map((row) => row.accepted)).toEqual([accepted]);
    expect(report.summary).toMatchObject({ paths: { fail: 1 }, accepted: { paths: 1, checks: 1 } });
    expect(report.exceptions?.list[0]).toMatchObject({ state: 'in-force', flows: 1 });
  });

  test.each([
    'path: hub-to-edge',
    'path: hub-to-hub, check: port',
    'client: hub2',
    'server: 10.0.0.11',
    'client: 10.1.0.0/16',
    'client: "fd00::/8"',
  ])('answers for nothing else: %s', (pattern) => {
    const report = audited([clear], pattern);
    expect(pathOf(report).encryption.accepted).toBeUndefined();
    expect(report.summary.accepted).toEqual({ paths: 0, checks: 0 });
    expect(report.exceptions?.list[0]).toMatchObject({ state: 'unused', flows: 0 });
  });

  test('of one flow leaves the path failed for another flow', () => {
    const report = audited([clear, back], 'client: hub1');
    expect(pathOf(report).encryption.accepted).toBeUndefined();
    expect(report.summary.accepted).toEqual({ paths: 0, checks: 0 });
  });

  test('of one check leaves the path failed for another check', () => {
    const report = audited([anonymous], 'path: hub-to-hub, check: encryption');
    expect(pathOf(report).encryption.accepted).toEqual(accepted);
    expect(pathOf(report).authentication).toMatchObject({ result: 'fail' });
    expect(report.summary.accepted).toEqual({ paths: 0, checks: 1 });
  });

  test.each([
    ['2026-12-31', 1],
    ['2026-12-31T23:59:59Z', 1],
    ['2027-01-01', 0],
    // still the last day in Seoul, and also by UTC
    ['2027-01-01T08:59:59+09:00', 1],
    ['2027-01-01T09:00:00+09:00', 0],
  ])('holds through its last day, judged as of %s', (asOf, paths) => {
    const report = audited([clear], 'path: hub-to-hub', asOf);
    expect(report.summary.accepted.paths).toBe(paths);
    expect(report.exceptions?.list[0]).toMatchObject({ state: paths === 1 ? 'in-force' : 'expired', flows: 1 });
  });

  test('passes nothing: a path without failures is untouched', () => {
    const fine = between('hub1', 'hub2', 25, 'smtp', [tried('kerberos')]);
    expect(pathOf(audited([fine], 'path: hub-to-hub'))).toEqual(pathOf(auditFlows([fine]) as never));
  });
});

describe('a file of accepted risks', () => {
  const mistakes = (text: string) => {
    try {
      load(text);
    } catch (error) {
      expect(error).toBeInstanceOf(RuleError);
      return (error as RuleError).message.split('\n');
    }
    return [];
  };
  const entry = (text: string) => `exceptions:\n  - { ${text} }\n`;

  test.each([
    ['reason: r, by: b, until: 2026-12-31', /^risks\.yaml:2:5: accepts everything; name a path/],
    [
      'path: hub-to-hubs, reason: r, by: b, until: 2026-12-31',
      /:2:13: no data path is called .hub-to-hubs.; .*hub-to-hub/,
    ],
    ['path: hub-to-hub, by: b, until: 2026-12-31', /reason/],
    ['path: hub-to-hub, reason: r, by: b', /until/],
    ['path: hub-to-hub, reason: r, by: b, until: 2026-02-30', /no day of the calendar/],
    ['path: hub-to-hub, reason: r, by: b, until: never', /a day, such as 2026-12-31/],
    ['client: 10.0.0.0/33, reason: r, by: b, until: 2026-12-31', /is no network/],
    ['path: hub-to-hub, chek: port, reason: r, by: b, until: 2026-12-31', /chek/],
  ])('with a mistake is refused, with its place: %s', (text, message) => {
    const said = mistakes(entry(text));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(message);
    expect(said[0]).toMatch(/^risks\.yaml:\d+:\d+: /);
  });

  test('that is empty is refused', () => {
    expect(mistakes('exceptions: []\n')).toHaveLength(1);
    expect(mistakes('')).toHaveLength(1);
  });
});
