import { createHash } from 'node:crypto';
import type { AuditReport } from '../../check/audit-report.ts';
import { results } from '../../check/result.ts';
import { digest } from '../digest.ts';
import type { FormatOptions, Sink } from '../format.ts';
import { wordsOf } from '../words/language.ts';
import type { Words } from '../words.ts';
import { accountsInClear } from './accounts.ts';
import { audit } from './audit-trail.ts';
import { assertions, correlations, firewall } from './beyond-paths.ts';
import { html, type Markup } from './escape.ts';
import { exposures, findings } from './findings.ts';
import { writeFlows } from './flows.ts';
import { header } from './header.ts';
import { hosts } from './hosts.ts';
import { pathMatrix } from './path-matrix.ts';
import { roleMap } from './role-map.ts';
import { script } from './script.ts';
import { stylesheet } from './stylesheet.ts';
import { timeline } from './timeline.ts';
import { tlsDrawing } from './tls-drawing.ts';
import { notObserved, undecidedChecks } from './undecided.ts';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** No request, and no script or style but our own, known by their hashes: the page may hold text that an attacker sent. */
const policy = `default-src 'none'; style-src ${hashOf(stylesheet)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

/** One self-contained page, to read, print and sign. It works without script. */
export function writeHtml(report: AuditReport, options: Pick<FormatOptions, 'language' | 'found'>, sink: Sink): void {
  const words = wordsOf(options.language);
  const { language } = options;
  const found = options.found ?? digest(report, words);
  const { statistics, tasks } = found;
  const sections = [
    findings(report, tasks, language, words),
    accountsInClear(found.accounts, words),
    exposures(report, found, language, words),
    undecidedChecks(report, statistics, language, words),
    roleMap(report, statistics, language, words),
    pathMatrix(report, statistics, language, words),
    timeline(report, statistics, words),
    tlsDrawing(statistics, words),
    notObserved(report, language, words),
    assertions(report, language, words),
    correlations(report, words),
    firewall(report, language, words),
  ].filter((section) => section !== null);
  const after = [hosts(report, language, words), audit(report, found, words)].filter((section) => section !== null);
  sink(`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${words.phrases.title}</title>
<style>${stylesheet}</style>
</head>
`);
  sink(body(words).markup);
  sink(header(report, found, language, words).markup);
  sink(contents([...sections, html`<h2 id="flows">${words.page.heading.flows}</h2>`, ...after], words).markup);
  sink('<main>\n');
  for (const section of sections) sink(section.markup);
  writeFlows(report, language, words, sink);
  for (const section of after) sink(section.markup);
  sink(`</main>\n<script>${script}</script>\n</body>\n</html>\n`);
}

/** The body's tag, with the words that the script needs, and a way past the first page for the keyboard. */
function body({ page, result }: Words): Markup {
  const { search, show, all, clear, copy, copied, found, sort } = page.script;
  const choices = results.map((name) => `${name}=${result[name]}`).join(';');
  return html`<body data-search="${search}" data-show="${show}" data-all="${all}" data-clear="${clear}" data-copy="${copy}" data-copied="${copied}" data-found="${found}" data-sort="${sort}" data-results="${choices}">
<a class="skip" href="#findings">${page.skip}</a>
`;
}

/** Links to the sections that there are, by their headings. */
function contents(sections: readonly Markup[], { page }: Words): Markup {
  const links = sections.flatMap(({ markup }) =>
    [...markup.matchAll(/<h2 id="([a-z-]+)">([^<]*)<\/h2>/g)].map(
      ([, id, title]) => html`<li><a href="#${id!}">${{ markup: title! }}</a></li>\n`,
    ),
  );
  return html`<nav aria-label="${page.contents}"><ul>
${links}</ul></nav>
`;
}
