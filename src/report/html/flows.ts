import type { AuditReport, EndReport, FlowReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { contentInClear, endpoint } from '../finding.ts';
import type { Language, Sink } from '../format.ts';
import { cipherSuiteName, tlsVersionName } from '../names/tls.ts';
import { rolesShown } from '../scope.ts';
import { second } from '../time.ts';
import type { Words } from '../words.ts';
import { sign } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { roleName } from './role-name.ts';
import { columnHead, row } from './table.ts';

/** paths named in one row */
const pathsShown = 3;

/** The flows in the order they began, written row by row; past the cap they are only counted. */
export function writeFlows(report: AuditReport, language: Language, words: Words, sink: Sink): void {
  const unexpected = new Map(report.unexpected.map(({ flow, why }) => [flow, why]));
  const { caption, columns } = words.page.flows;
  sink(
    html`<h2 id="flows">${words.page.heading.flows}</h2>
<div class="scroll"><table class="flows sortable">
<caption>${caption}</caption>
<thead><tr>${columns.map(columnHead)}</tr></thead>
<tbody>
`.markup,
  );
  const { reference } = report;
  const rolesOf = (side: EndReport) =>
    rolesShown(side, reference.unnamedRoles)
      .map((role) => roleName(role, reference, language, words))
      .join(', ');
  let count = 0;
  for (const flow of report.flows) {
    // every further flow would be judged anew for nothing
    if (count === limits.tableRows) break;
    sink(flowRow(flow, unexpected.get(flow.id), rolesOf, words).markup);
    count++;
  }
  sink('</tbody>\n</table></div>\n');
  const left = report.captureQuality.flows - count;
  if (left > 0) {
    sink(html`<p class="notice">${words.phrases.moreFlows(left)}</p>\n`.markup);
  }
}

type Unexpected = AuditReport['unexpected'][number]['why'];

function flowRow(
  flow: FlowReport,
  unexpected: Unexpected | undefined,
  rolesOf: (side: EndReport) => string,
  words: Words,
): Markup {
  const { protection, mechanism, exposed } = flow.encryption;
  const clear = exposed.length === 0 ? '' : contentInClear(flow, words);
  return row(
    html`<time>${second(flow.firstSeen)}</time>`,
    [
      end(flow.client, rolesOf(flow.client)),
      end(flow.server, rolesOf(flow.server)),
      html`${flow.protocolPath.length > 0 ? flow.protocolPath.join(' › ') : flow.protocol}<small>${flow.transport}, ${words.page.flows.size(flow.frames, flow.bytes.client + flow.bytes.server)}</small>`,
      html`${words.protection[protection]}${small(mechanism === null ? '' : words.mechanism[mechanism])}${small(tlsWords(flow))}${small(flow.keysInClear ? words.page.flows.keysInClear : '')}${small(clear)}`,
      html`${flow.authentication.mechanisms.join(', ')}${small(flow.authentication.hidden ? words.page.flows.hidden : '')}`,
      html`${flow.paths.slice(0, pathsShown).map((path) => pathSigns(flow, path, words))}${small(flow.paths.length > pathsShown ? words.phrases.more(flow.paths.length - pathsShown) : '')}${small(unexpected === undefined ? '' : words.unexpected[unexpected])}`,
    ],
    {
      id: `flow-${flow.id}`,
      results: flow.results.length > 0 ? flow.results.map(({ result }) => result) : [unexpected ?? 'none'],
    },
  );
}

function tlsWords({ tls }: FlowReport): string {
  const version = tls?.version == null ? [] : [protocolName(tlsVersionName(tls.version))];
  const suite = tls?.cipherSuite == null ? [] : [cipherSuiteName(tls.cipherSuite)];
  return [...version, ...suite].join(' ');
}

/** `1.2` is TLS; `SSLv3` says so itself */
const protocolName = (version: string) => (/^\d+\./.test(version) ? `TLS ${version}` : version);

const small = (text: string): Markup | null => (text === '' ? null : html`<small>${text}</small>`);

function end(side: EndReport, roles: string): Markup {
  return side.name === null
    ? html`${endpoint(side)}${small(roles)}`
    : html`${side.name}<small>${endpoint(side)}${roles === '' ? '' : `, ${roles}`}</small>`;
}

function pathSigns(flow: FlowReport, path: string, words: Words): Markup {
  const signs = (['port', 'authentication', 'encryption'] as const).flatMap((check) => {
    const found = flow.results.find((result) => result.path === path && result.check === check);
    return found ? [sign(found.result, `${words.check[check]}: ${words.result[found.result]}`)] : [];
  });
  return html`<div class="signs">${signs} <a href="#path-${path}"><code>${path}</code></a></div>`;
}
