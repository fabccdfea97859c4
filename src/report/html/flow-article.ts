import type { AuditReport, FlowReport, PathReport } from '../../check/audit-report.ts';
import { factWords } from '../fact.ts';
import { endpoint, endsOf, expected, type Finding, findingLine } from '../finding.ts';
import type { Language } from '../format.ts';
import { wordsFor } from '../logins-in-clear.ts';
import { second } from '../time.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';

/** frames listed of one finding */
const framesShown = 10;
/** paths named of one finding */
const pathsShown = 3;

interface Article {
  id: string;
  flow: FlowReport;
  findings: readonly Finding[];
  /** the paths that the findings are about; none where no path answers for the flow */
  rows: readonly PathReport[];
  report: AuditReport;
  /** said where no path is there to expect something */
  expectation: string | null;
  /** the same of other flows */
  others: Markup | null;
}

/** What was found of one flow: what was seen, what the reference expects, the frames, and the filter. */
export function flowArticle(article: Article, language: Language, words: Words): Markup {
  const { id, flow, findings, rows, expectation, others } = article;
  const { page, phrases } = words;
  const ends = `${endpoint(flow.client)} → ${endpoint(flow.server)} ${flow.transport}`;
  const protocols = flow.protocolPath.length > 0 ? flow.protocolPath.join(' › ') : flow.protocol;
  return html`<article id="${id}" data-results="fail">
${findings.map(
  (finding) => html`<h4><a class="anchor" href="#${id}">${findingLine(flow, finding, words)}</a></h4>
<dl>
<dt>${page.seen}</dt><dd>${finding.what}${finding.because === null ? '' : `; ${finding.because}`}</dd>
<dt>${page.reference}</dt><dd>${expectation ?? expectationOf(finding, rows, words)}</dd>
${rows.length === 0 ? null : html`<dt>${page.path}</dt><dd>${pathLinks(rows, language, words)}</dd>\n`}${askedFor(flow, words)}${carriedIn(flow, words)}${evidence(flow, finding, words)}${finding.documented === null ? null : html`<dt>${page.note}</dt><dd>${finding.documented[language]}</dd>\n`}${accepted(finding, words)}</dl>
`,
)}${notes(article, language, words)}<p class="flow">${phrases.flowLine(flow.id, ends, protocols)}, ${phrases.utc(second(flow.firstSeen))}${flow.interface === undefined ? '' : `, ${page.interface(flow.interface)}`}</p>
<details class="filter"><summary>${page.filterFor(endsOf(flow), flow.captures.join(', '))}</summary><code class="copy">${flow.wiresharkFilter}</code></details>
${others}</article>
`;
}

/** The paths; of many that share their results the first, and the others where a reader asks for them. */
function pathLinks(rows: readonly PathReport[], language: Language, { phrases }: Words): Markup {
  const links = rows.map(({ id, title }) => html`<a href="#path-${id}">${title[language]}</a> <code>${id}</code> `);
  if (links.length <= pathsShown) return html`${links}`;
  return html`${links.slice(0, 1)}<details><summary>${phrases.more(links.length - 1)}</summary>${links.slice(1)}</details>`;
}

/** What the rows promise; where they disagree, whose promise each is. */
function expectationOf({ check }: Finding, rows: readonly PathReport[], words: Words): string {
  const said = new Map<string, string[]>();
  for (const path of rows) {
    const promise = expected(path, check, words);
    said.set(promise, [...(said.get(promise) ?? []), path.id]);
  }
  const parts = [...said].map(([promise, paths]) =>
    said.size === 1 ? promise : words.phrases.promiseOf(paths, promise),
  );
  return `${words.check[check]}: ${parts.join('; ')}`;
}

/** Whose settings are to be changed where they are a virtual directory's. */
function askedFor({ virtualDirectories = [] }: FlowReport, { page }: Words): Markup | null {
  if (virtualDirectories.length === 0) return null;
  return html`<dt>${page.askedFor}</dt><dd>${virtualDirectories.map((name) => html`<code>${name}</code> `)}</dd>\n`;
}

function carriedIn({ tunnels = [] }: FlowReport, { page }: Words): Markup | null {
  if (tunnels.length === 0) return null;
  const named = tunnels.map(({ kind, from, to }) => kind.toUpperCase() + (from === null ? '' : ` ${from} → ${to}`));
  return html`<dt>${page.carriedIn}</dt><dd>${named.join(' › ')}</dd>\n`;
}

function evidence(flow: FlowReport, { evidence: frames }: Finding, words: Words): Markup | null {
  if (frames.length === 0) return null;
  const { phrases, page } = words;
  const items = frames
    .slice(0, framesShown)
    .map(
      ({ file, frame, fact, comment }) =>
        html`<li><strong>${phrases.frame(frame)}</strong> ${phrases.ofFileOnly(file)}: ${factWords(fact, wordsFor(flow, words))}${comment === undefined ? null : html`<small>${page.comment(comment)}</small>`}</li>\n`,
    );
  const more = frames.length - framesShown;
  return html`<dt>${page.evidence}</dt><dd><ul>
${items}${more > 0 ? html`<li>${phrases.moreFrames(more)}</li>` : null}</ul></dd>
`;
}

function accepted({ accepted }: Finding, { page, phrases }: Words): Markup | null {
  if (accepted === null) return null;
  const { by, until, reason } = accepted;
  return html`<dt>${page.accepted}</dt><dd class="accepted">${phrases.acceptedBy(by, until, reason)}</dd>
`;
}

/** What the reference itself remarks on these paths. */
function notes({ rows, report }: Article, language: Language, { page }: Words): Markup | null {
  const { paths, notes } = report.reference;
  const tested = new Set(report.assertions.map(({ id }) => id));
  const ids = new Set(rows.flatMap(({ id }) => paths.get(id)?.notes ?? []));
  const items = [...ids].flatMap((id) => {
    const text = notes.get(id)?.[language];
    return text === undefined
      ? []
      : [
          html`<li>${text} ${tested.has(id) ? html`<a href="#statement-${id}"><code>${id}</code></a>` : html`<code>${id}</code>`}</li>\n`,
        ];
  });
  if (items.length === 0) return null;
  return html`<dl>
<dt>${page.note}</dt><dd><ul class="notes">
${items}</ul></dd>
</dl>
`;
}
