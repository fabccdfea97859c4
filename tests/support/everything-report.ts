import type { CaptureProblemKind } from '../../src/capture/capture-summary.ts';
import type { AuditReport } from '../../src/check/audit-report.ts';
import { checkNames } from '../../src/check/pack.ts';
import type { PathReference } from '../../src/check/reference.ts';
import { type Reason, results } from '../../src/check/result.ts';
import type { BlindSpotWhy } from '../../src/flows/blind-spot.ts';
import type { Content } from '../../src/protocols/fact.ts';
import { english } from '../../src/report/words/english.ts';
import { evidence, sampleFlow, samplePath, sampleReport } from './sample-report.ts';

/** The sample with every section and every word of a closed set in it. */
export function everythingReport(): AuditReport {
  const sample = sampleReport();
  const accepted = { reason: 'moves-in-May', by: 'C.Kim', until: '2026-12-31' };
  const all = Object.keys(english.reason) as Reason[];
  const paths = all.map((reason, at) => {
    const result = results[at % results.length]!;
    const check = { result, reason, ...(result === 'fail' ? { accepted } : {}) };
    return samplePath({
      id: `path-${at}`,
      observed: result === 'notchecked' ? 'no' : 'itself',
      port: { ...check, flows: 1 },
      authentication: { ...check, default: ['kerberos'], supported: ['kerberos'], observed: ['ntlm'] },
      encryption: { ...check, byDefault: at % 2 === 0 ? 'yes' : 'no', supported: ['tls'], observed: ['starttls'] },
      flows: [`flow-${at}`],
    });
  });
  const contents = Object.keys(english.content) as Content[];
  const flows = all.map((reason, at) =>
    sampleFlow({
      id: `flow-${at}`,
      protocol: at % 2 === 0 ? 'smtp' : 'ldap',
      encryption: {
        protection: 'none',
        mechanism: null,
        exposed: contents,
        exposures: contents.map((content) => ({ content, file: 'hub.pcapng', frame: 17, time: 1_772_439_300 + at })),
      },
      paths: [`path-${at}`],
      results: checkNames.map((check) => ({
        path: `path-${at}`,
        check,
        result: results[at % results.length]!,
        reason,
        evidence: [evidence(17, 'message in clear'), evidence(18, 'starttls privacy'), evidence(19, 'tls-finished')],
        ...(at % 3 === 0 ? { accepted } : {}),
      })),
      blindSpots: (Object.keys(english.blindSpot) as BlindSpotWhy[]).map((why) => ({
        why,
        frame: 3,
        detail: 'detail',
      })),
    }),
  );
  const { reference } = sample;
  return {
    ...sample,
    topology: null,
    partial: true,
    stamp: '2026-03-03T00:00:00Z',
    options: {},
    captures: sample.captures.map((capture) => ({
      ...capture,
      dropped: 3,
      problems: (Object.keys(english.captureProblem) as CaptureProblemKind[]).map((kind) => ({
        kind,
        byte: 7,
        detail: 'detail',
      })),
    })),
    summary: { ...sample.summary, accepted: { paths: 1, checks: 1 } },
    captureQuality: {
      flows: 4,
      midstream: 1,
      oneDirection: 1,
      truncated: 1,
      gaps: 1,
      duplicates: 3,
      droppedFrames: 1,
      unreadFrames: 1,
    },
    paths: [...sample.paths, ...paths],
    flows: [...sample.flows, ...flows],
    reference: {
      ...reference,
      lacksTopology: true,
      paths: new Map([
        ...reference.paths,
        ...paths.map(({ id }): [string, PathReference] => [
          id,
          {
            from: ['hub'],
            to: ['dc'],
            ports: ['25/tcp'],
            dynamic: [],
            ownTls: [],
            exceptionPorts: [],
            ticketAnswers: true,
            notes: [],
          },
        ]),
      ]),
    },
    unexpected: [
      { flow: 'f0000000000000004', why: 'no-path' },
      { flow: 'f0000000000000003', why: 'outside-reference' },
    ],
    firewall: (Object.keys(english.firewall) as (keyof typeof english.firewall)[]).map((kind) => ({
      ...sample.firewall[0]!,
      kind,
    })),
    exceptions: {
      sha256: '0a'.repeat(32),
      list: (['in-force', 'expired', 'unused'] as const).map((state) => ({
        path: 'hub-to-hub',
        check: 'port',
        client: 'hub1',
        server: null,
        ...accepted,
        state,
        flows: 1,
      })),
    },
    limits: ['flows', 'hosts', 'names'].map((name) => ({ name, cap: 10, hit: 2, detail: 'in English' })),
  };
}
