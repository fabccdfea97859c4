import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/check/audit-report.ts';
import { everythingReport } from '../support/everything-report.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';
import { sampleReport } from '../support/sample-report.ts';

/**
 * What OCSF 1.3 requires of class 2003, Compliance Finding: the required attributes of base_event, finding,
 * compliance_finding, compliance, finding_info, metadata, product and remediation, with their types and numbers. The
 * published definitions are no JSON Schema, and neither npm nor Debian has a program that reads them, so this was written
 * down from them.
 */
const time = { type: 'integer', minimum: 0 };
const schema = {
  type: 'object',
  required: [
    'activity_id',
    'category_uid',
    'class_uid',
    'compliance',
    'finding_info',
    'metadata',
    'severity_id',
    'time',
    'type_uid',
  ],
  properties: {
    activity_id: { enum: [0, 1, 2, 3, 99] },
    category_uid: { const: 2 },
    class_uid: { const: 2003 },
    type_uid: { const: 200301 },
    severity_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
    status_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
    time,
    start_time: time,
    end_time: time,
    message: { type: 'string' },
    comment: { type: 'string' },
    metadata: {
      type: 'object',
      required: ['product', 'version'],
      properties: {
        version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
        product: {
          type: 'object',
          required: ['vendor_name'],
          properties: { name: { type: 'string' }, version: { type: 'string' }, vendor_name: { type: 'string' } },
        },
      },
    },
    finding_info: {
      type: 'object',
      required: ['uid', 'title'],
      properties: {
        uid: { type: 'string' },
        title: { type: 'string' },
        desc: { type: 'string' },
        first_seen_time: time,
        last_seen_time: time,
        data_sources: { type: 'array', items: { type: 'string' } },
        types: { type: 'array', items: { type: 'string' } },
      },
    },
    compliance: {
      type: 'object',
      required: ['standards'],
      properties: {
        standards: { type: 'array', items: { type: 'string' }, minItems: 1 },
        requirements: { type: 'array', items: { type: 'string' } },
        control: { type: 'string' },
        status: { enum: ['Pass', 'Warning', 'Fail'] },
        status_id: { enum: [1, 2, 3] },
        status_code: { type: 'string' },
        status_detail: { type: 'string' },
      },
    },
    remediation: { type: 'object', required: ['desc'] },
    resources: { type: 'array', items: { type: 'object' } },
    unmapped: { type: 'object' },
  },
};
const validate = new Ajv().compile(schema);
const events = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('the OCSF report', () => {
  test.each<[string, AuditReport]>([
    ['the sample', sampleReport()],
    ['everything', everythingReport()],
    ...Object.entries(hostileText).map(
      ([name, text]) => [`hostile ${name}`, hostileReport(text)] as [string, AuditReport],
    ),
  ])('has what OCSF requires of a Compliance Finding in every line: %s', (_name, report) => {
    const text = print('ocsf', report);
    expect(text).not.toMatch(hidden);
    const all = events(text);
    expect(all.length).toBeGreaterThan(0);
    for (const event of all) {
      validate(event);
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('says fail, pass and warning as we do', () => {
    const said = events(print('ocsf', sampleReport())).map(({ compliance }) => [compliance.control, compliance.status]);
    expect(said).toContainEqual(['hub-to-hub/encryption', 'Fail']);
    expect(said).toContainEqual(['hub-to-edge/encryption', 'Pass']);
    expect(said).toContainEqual(['hub-to-dc-ldap/authentication', 'Warning']);
  });

  test('an accepted failure stays a failure, and is suppressed', () => {
    const accepted = events(print('ocsf', everythingReport())).filter(({ status }) => status === 'Suppressed');
    expect(accepted.some(({ compliance }) => compliance.status === 'Fail')).toBe(true);
  });
});
