import { describe, expect, test } from 'vitest';
import type { AuditReport, FlowReport } from '../../src/check/audit-report.ts';
import { formats } from '../../src/report/formats.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';
import { sampleFlow, sampleReport } from '../support/sample-report.ts';

const parsed = (report: AuditReport) => JSON.parse(print('json', report));

/** The contract's keys ("JSON report"), in its order. */
const contract = {
  report:
    'schemaVersion tool rulePacks topology options captures partial summary captureQuality paths groups flows correlations unexpected hosts firewall assertions limits',
  capture: 'file sha256 format linkTypes frames bytes firstSeen lastSeen dropped problems',
  counts: 'pass fail unknown notchecked notapplicable informational error',
  quality: 'flows midstream oneDirection truncated gaps duplicates droppedFrames unreadFrames',
  path: 'id title group observed port authentication encryption betterThanDocumented flows',
  flow: 'id communityId captures transport client server beforeOffload protocol protocolPath firstSeen lastSeen frames bytes state missedBytes encryption upgrade tls authentication rpc smb paths results blindSpots facts wiresharkFilter',
  upgrade: 'verb offered asked accepted refusedWith possiblyStripped offeredElsewhere frames',
  tls: 'version cipherSuite serverName clientCertificateRequested clientCertificate resumed finished certificates',
  attempt: 'mechanism inside outcome principal protected version etype frame',
  result: 'path check result reason evidence',
};
const keys = (value: object) => Object.keys(value).join(' ');

describe('the JSON report', () => {
  test('has the keys of the contract in its order', () => {
    const report = parsed(sampleReport());
    expect(keys(report)).toBe(contract.report);
    expect(keys(report.captures[0])).toBe(contract.capture);
    expect(keys(report.summary.paths)).toBe(contract.counts);
    expect(keys(report.summary.checks)).toBe(contract.counts);
    expect(keys(report.captureQuality)).toBe(contract.quality);
    for (const path of report.paths) expect(keys(path)).toBe(contract.path);
    expect(keys(report.paths[0].encryption)).toBe('result reason byDefault supported observed');
    for (const flow of report.flows) expect(keys(flow)).toBe(contract.flow);
    expect(keys(report.flows[0].upgrade)).toBe(contract.upgrade);
    expect(keys(report.flows[1].tls)).toBe(contract.tls);
    expect(keys(report.flows[3].authentication.attempts[0])).toBe(contract.attempt);
    expect(keys(report.flows[0].results[0])).toBe(contract.result);
  });

  test('keeps that order whatever order the report was built in', () => {
    const reversed = Object.fromEntries(Object.entries(sampleFlow()).reverse()) as unknown as FlowReport;
    const report = parsed(sampleReport({ flows: [reversed] }));
    expect(keys(report.flows[0])).toBe(contract.flow);
  });

  test('says what the report says', () => {
    const report = sampleReport();
    const { schemaVersion, paths, captures, flows, ...rest } = parsed(report);
    expect(schemaVersion).toBe(1);
    const {
      stamp: _,
      exceptions: _none,
      reference: _reference,
      paths: givenPaths,
      captures: givenCaptures,
      flows: givenFlows,
      ...given
    } = report;
    expect(rest).toEqual(given);
    expect(paths).toEqual(givenPaths.map((path) => ({ ...path, title: path.title.en })));
    expect(captures).toEqual(givenCaptures.map(({ compression: _packed, names: _names, ...capture }) => capture));
    const untimed = [...givenFlows].map((flow) => ({
      ...flow,
      encryption: {
        ...flow.encryption,
        exposures: flow.encryption.exposures.map(({ time: _time, ...exposure }) => exposure),
      },
    }));
    const named = untimed.map((flow) =>
      flow.tls
        ? { ...flow, tls: { ...flow.tls, version: '1.2', cipherSuite: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384' } }
        : flow,
    );
    expect(flows).toEqual(named);
  });

  test('has a stamp only where one was asked for, after partial', () => {
    expect(parsed(sampleReport())).not.toHaveProperty('stamp');
    const stamped = parsed(sampleReport({ stamp: '2026-03-03T00:00:00Z' }));
    expect(keys(stamped)).toBe(contract.report.replace('partial', 'partial stamp'));
    expect(stamped.stamp).toBe('2026-03-03T00:00:00.000000000Z');
  });

  test('names paths in the language asked for', () => {
    const korean = JSON.parse(print('json', sampleReport(), { language: 'ko' }));
    expect(korean.paths[0].title).toBe('허브 전송 서버에서 허브 전송 서버로');
  });

  test('is the same bytes for the same report, in lines that end with LF', () => {
    const text = print('json', sampleReport());
    expect(text).toBe(print('json', sampleReport()));
    expect(text).not.toContain('\r');
    expect(text.endsWith('}\n')).toBe(true);
  });

  test.each(Object.entries(hostileText))('keeps hostile text as data: %s', (_name, hostile) => {
    const text = print('json', hostileReport(hostile));
    expect(text).not.toMatch(hidden);
    expect(JSON.parse(text).flows[0].client.name).toBe(hostile);
  });

  test('writes flows one by one', () => {
    let taken = 0;
    const flows = {
      *[Symbol.iterator]() {
        for (; taken < 1000; taken++) yield sampleFlow({ id: `flow-${taken}` });
      },
    };
    const longest = { chunk: 0, behind: 0 };
    let written = 0;
    const sink = (chunk: string) => {
      longest.chunk = Math.max(longest.chunk, chunk.length);
      written += chunk.split('"id":"flow-').length - 1;
      longest.behind = Math.max(longest.behind, taken - written);
    };
    formats.json.write(sampleReport({ flows }), { language: 'en', color: false, width: 80, verbose: false }, sink);
    expect(written).toBe(1000);
    expect(longest.behind).toBeLessThan(2);
    expect(longest.chunk).toBeLessThan(8192);
  });

  test('is valid with nothing in it', () => {
    const empty = sampleReport({
      captures: [],
      paths: [],
      groups: [],
      flows: [],
      hosts: [],
      limits: [],
      topology: null,
    });
    expect(parsed(empty)).toMatchObject({ captures: [], flows: [], topology: null, limits: [] });
  });
});
