import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import draft04 from 'ajv-draft-04';
import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/check/audit-report.ts';
import { everythingReport } from '../support/everything-report.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';
import { sampleReport } from '../support/sample-report.ts';

/** The published schema (JSON Schema draft 4), from the package of its own vendor. */
const sdk = dirname(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json'));
const schema = JSON.parse(readFileSync(join(sdk, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));
const validate = new draft04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
const parsed = (text: string) => JSON.parse(text);

describe('the SARIF report', () => {
  test.each<[string, AuditReport]>([
    ['the sample', sampleReport()],
    ['everything', everythingReport()],
    ['nothing', sampleReport({ flows: [], paths: [], captures: [] })],
    ...Object.entries(hostileText).map(
      ([name, text]) => [`hostile ${name}`, hostileReport(text)] as [string, AuditReport],
    ),
  ])('is valid by its schema: %s', (_name, report) => {
    const valid = validate(parsed(print('sarif', report)));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test('has the failures of each flow, with rule, frame, capture and suppression', () => {
    const [run] = parsed(print('sarif', sampleReport())).runs;
    expect(run.tool.driver).toMatchObject({ name: 'pcap-audit', semanticVersion: '0.1.0' });
    const failures = run.results.filter(({ kind }: { kind: string }) => kind === 'fail');
    expect(failures.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'hub-to-hub/authentication',
      'hub-to-hub/encryption',
    ]);
    expect(failures[1].message.text).toContain('STARTTLS was offered and not used');
    expect(failures[1].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'hub.pcapng' },
      region: { startLine: 17 },
    });
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(run.artifacts[0].hashes).toEqual({ 'sha-256': '01'.repeat(32) });
    const [{ results }] = parsed(print('sarif', everythingReport())).runs;
    const suppressed = results.filter(({ suppressions }: { suppressions: unknown[] }) => suppressions.length > 0);
    expect(suppressed.length).toBeLessThan(results.length);
    expect(suppressed.length).toBeGreaterThan(0);
    expect(suppressed[0].suppressions[0]).toMatchObject({ kind: 'external', status: 'accepted' });
  });

  test('passes nothing: what was not decided is open', () => {
    const [run] = parsed(print('sarif', sampleReport())).runs;
    const open = run.results.filter(({ kind }: { kind: string }) => kind === 'open');
    expect(open.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'hub-to-dc-ldap/authentication',
      'hub-to-dc-ldap/encryption',
    ]);
  });

  test.each(Object.entries(hostileText))('keeps hostile text from acting: %s', (_name, text) => {
    const printed = print('sarif', hostileReport(text));
    expect(printed).not.toMatch(hidden);
    for (const { message, locations } of parsed(printed).runs[0].results) {
      expect(message.text.replace(/\{\{|\}\}/g, '')).not.toMatch(/[{}]/);
      expect(message.text).not.toMatch(/(?<!\\)\[/);
      for (const { physicalLocation } of locations)
        expect(physicalLocation.artifactLocation.uri).toMatch(/^[\w.%~!*'()/-]+$/);
    }
  });
});
