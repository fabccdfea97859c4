import type { AuditReport, FlowReport, FlowResultReport } from '../check/audit-report.ts';
import { endpoint } from './finding.ts';
import type { FormatOptions, Sink } from './format.ts';
import { cipherSuiteName, tlsVersionName } from './names/tls.ts';
import { visible } from './visible.ts';
import { wordsOf } from './words/language.ts';
import type { Words } from './words.ts';

/** Machine words, the same in every language; only `title` and `explanation` are in the language asked for. */
const columns = [
  'flow',
  'first_seen',
  'last_seen',
  'captures',
  'transport',
  'client',
  'client_name',
  'client_roles',
  'server',
  'server_name',
  'server_roles',
  'protocol',
  'frames',
  'client_bytes',
  'server_bytes',
  'protection',
  'mechanism',
  'exposed',
  'tls_version',
  'cipher_suite',
  'authentication',
  'unexpected',
  'path',
  'title',
  'check',
  'result',
  'reason',
  'explanation',
  'evidence_file',
  'evidence_frame',
  'evidence',
  'accepted_by',
  'accepted_until',
  'wireshark_filter',
] as const;
type Row = Record<(typeof columns)[number], string | number | null>;

/**
 * CSV (RFC 4180): a row for each check of each flow, and one for a flow that is on no path. The findings are the rows
 * whose `result` is `fail`.
 */
export function writeCsv(report: AuditReport, options: Pick<FormatOptions, 'language'>, sink: Sink): void {
  const words = wordsOf(options.language);
  const titles = new Map(report.paths.map(({ id, title }) => [id, title[options.language]]));
  const unexpected = new Map(report.unexpected.map(({ flow, why }) => [flow, why]));
  sink(`${columns.join(',')}\r\n`);
  for (const flow of report.flows) {
    const about = flowCells(flow, unexpected.get(flow.id) ?? null);
    const rows = flow.results.length === 0 ? [null] : flow.results;
    for (const row of rows) {
      const cells: Row = { ...about, ...resultCells(row, titles, words) };
      sink(`${columns.map((column) => cell(cells[column])).join(',')}\r\n`);
    }
  }
}

type ResultColumn =
  | 'path'
  | 'title'
  | 'check'
  | 'result'
  | 'reason'
  | 'explanation'
  | 'evidence_file'
  | 'evidence_frame'
  | 'evidence'
  | 'accepted_by'
  | 'accepted_until';

function resultCells(
  row: FlowResultReport | null,
  titles: ReadonlyMap<string, string>,
  words: Words,
): Pick<Row, ResultColumn> {
  const first = row?.evidence[0];
  return {
    path: row?.path ?? null,
    title: row === null ? null : (titles.get(row.path) ?? null),
    check: row?.check ?? null,
    result: row?.result ?? null,
    reason: row?.reason ?? null,
    explanation: row === null ? null : words.reason[row.reason],
    evidence_file: first?.file ?? null,
    evidence_frame: first?.frame ?? null,
    evidence: first?.fact ?? null,
    accepted_by: row?.accepted?.by ?? null,
    accepted_until: row?.accepted?.until ?? null,
  };
}

function flowCells(flow: FlowReport, unexpected: string | null): Omit<Row, ResultColumn> {
  const { client, server, encryption, tls } = flow;
  return {
    flow: flow.id,
    first_seen: flow.firstSeen,
    last_seen: flow.lastSeen,
    captures: flow.captures.join('; '),
    transport: flow.transport,
    client: endpoint(client),
    client_name: client.name,
    client_roles: client.roles.join(' '),
    server: endpoint(server),
    server_name: server.name,
    server_roles: server.roles.join(' '),
    protocol: flow.protocolPath.join('/') || flow.protocol,
    frames: flow.frames,
    client_bytes: flow.bytes.client,
    server_bytes: flow.bytes.server,
    protection: encryption.protection,
    mechanism: encryption.mechanism,
    exposed: encryption.exposed.join(' '),
    tls_version: tls?.version == null ? null : tlsVersionName(tls.version),
    cipher_suite: tls?.cipherSuite == null ? null : cipherSuiteName(tls.cipherSuite),
    authentication: flow.authentication.mechanisms.join(' '),
    unexpected,
    wireshark_filter: flow.wiresharkFilter,
  };
}

/** Quoted where it has to be; what a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const shown = visible(value);
  const inert = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n;']/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert;
}
