import type { AuditReport, FlowReport } from '../../src/check/audit-report.ts';
import { hub1, hub2, passingFlow, sampleFlow, sampleReport } from './sample-report.ts';

/** What an attacker would put into a capture, a file name or a certificate. */
export const hostileText = {
  script: '<script>alert(1)</script>',
  attribute: '" onmouseover="alert(2)" \'x',
  escape: '\x1b[2J\x1b]0;owned\x07\x9b31m',
  bidi: '\u202eexe.cod\u2066\u200b',
  formula: '=cmd|"/c calc"!A1',
  line: 'one\r\ntwo\u2028three',
  surrogate: 'lone \ud800 surrogate',
} as const;

/** The sample with such text wherever a capture, a file name or a topology can put any. */
export function hostileReport(text: string): AuditReport {
  const sample = sampleReport();
  const dirty = { file: text, frame: 17, fact: text, comment: text };
  const flow = (id: string, some: Partial<FlowReport>) =>
    sampleFlow({
      id,
      captures: [text],
      client: { ...hub1, name: text },
      server: { ...hub2, name: text },
      protocol: text,
      protocolPath: [text],
      interface: text,
      wiresharkFilter: text,
      blindSpots: [{ why: 'malformed', frame: 3, detail: text }],
      ...some,
    });
  return {
    ...sample,
    options: { asOf: text },
    captures: sample.captures.map((capture) => ({
      ...capture,
      file: text,
      problems: [{ kind: 'damaged', byte: 1, detail: text }],
    })),
    flows: [
      flow('a', { results: sampleFlow().results.map((result) => ({ ...result, evidence: [dirty] })) }),
      flow('b', { results: [], paths: [], tls: { ...passingFlow.tls!, serverName: text } }),
    ],
    unexpected: [{ flow: 'b', why: 'no-path' }],
    hosts: sample.hosts.map((host) => ({
      ...host,
      address: text,
      name: text,
      roles: [text],
      called: { name: text, file: text },
    })),
    firewall: sample.firewall.map((line) => ({ ...line, host: text, role: text, rules: [text] })),
    assertions: sample.assertions.map((assertion) => ({ ...assertion, evidence: [dirty] })),
    correlations: [{ kind: text, from: { [text]: text }, to: { spn: text }, evidence: [dirty] }],
    limits: [{ name: text, cap: 1, hit: 1, detail: text }],
  };
}
