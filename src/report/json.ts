import type { AuditReport, FlowReport, PathReport, TlsReport } from '../check/audit-report.ts';
import type { FormatOptions, Language, Sink } from './format.ts';
import { type PrintedPath, shapes } from './json-shape.ts';
import { jsonText as text } from './json-text.ts';
import { cipherSuiteName, tlsVersionName } from './names/tls.ts';

const schemaVersion = 1;

/** The JSON report: the public contract, one element of an array a line, flows one by one as they come. */
export function writeJson(report: AuditReport, options: Pick<FormatOptions, 'language'>, sink: Sink): void {
  const key = (name: string, value: unknown) => sink(`  ${text(name)}: ${text(value)},\n`);
  sink('{\n');
  key('schemaVersion', schemaVersion);
  key('tool', arrange(report.tool, shapes.tool));
  writeList('rulePacks', report.rulePacks, shapes.rulePacks, sink);
  key('topology', arrange(report.topology, shapes.topology));
  key('options', report.options);
  writeList('captures', report.captures, shapes.captures, sink);
  key('partial', report.partial);
  if (report.stamp !== null) key('stamp', nineDigits(report.stamp));
  key('summary', arrange(report.summary, shapes.summary));
  key('captureQuality', arrange(report.captureQuality, shapes.captureQuality));
  writeList('paths', printedPaths(report.paths, options.language), shapes.paths, sink);
  writeList('groups', report.groups, shapes.groups, sink);
  writeList('flows', printedFlows(report.flows), shapes.flows, sink);
  writeList('correlations', report.correlations, shapes.correlations, sink);
  writeList('unexpected', report.unexpected, shapes.unexpected, sink);
  writeList('hosts', report.hosts, shapes.hosts, sink);
  writeList('firewall', report.firewall, shapes.firewall, sink);
  writeList('assertions', report.assertions, shapes.assertions, sink);
  if (report.exceptions !== null) key('exceptions', arrange(report.exceptions, shapes.exceptions));
  writeList('limits', report.limits, shapes.limits, sink, '');
  sink('}\n');
}

/** One after the other, as the list of a path's flows can be long. */
function* printedPaths(paths: readonly PathReport[], language: Language): Iterable<PrintedPath> {
  for (const path of paths) yield { ...path, title: path.title[language], flows: [...path.flows] };
}

function* printedFlows(flows: Iterable<FlowReport>): Iterable<unknown> {
  for (const flow of flows) yield printed(flow);
}

/** A flow with names for the numbers that the contract prints by name, and its times in full. */
const printed = (flow: FlowReport): unknown =>
  flow.tls === null ? flow : { ...flow, tls: { ...flow.tls, ...tlsNames(flow.tls) } };

/** One flow as the report has it. */
export const flowJson = (flow: FlowReport): unknown => arrange(printed(flow), shapes.flows);

const tlsNames = ({ version, cipherSuite, certificates }: TlsReport) => ({
  version: version === null ? null : tlsVersionName(version),
  cipherSuite: cipherSuite === null ? null : cipherSuiteName(cipherSuite),
  certificates: certificates.map((certificate) => ({
    ...certificate,
    notBefore: nineDigits(certificate.notBefore),
    notAfter: nineDigits(certificate.notAfter),
  })),
});

/** The RFC 3339 UTC time with as many digits after its seconds as every time of the contract has. */
function nineDigits(time: string): string {
  const [seconds = '', fraction = ''] = time.replace('Z', '').split('.');
  return `${seconds}.${fraction.padEnd(9, '0')}Z`;
}

function writeList(name: string, elements: Iterable<unknown>, shape: Order, sink: Sink, after = ','): void {
  sink(`  ${text(name)}: [`);
  let before = '\n    ';
  for (const element of elements) {
    sink(before + text(arrange(element, shape)));
    before = ',\n    ';
  }
  sink(`${before === '\n    ' ? '' : '\n  '}]${after}\n`);
}

type Order = true | { readonly [key: string]: Order };

/** The value with the keys of its shape, in that order. */
function arrange(value: unknown, order: Order): unknown {
  if (order === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => arrange(element, order));
  const from = value as Record<string, unknown>;
  const keys = Object.keys(order).filter((key) => from[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, arrange(from[key], order[key]!)]));
}
