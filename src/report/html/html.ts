import type { AuditReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { digest } from '../digest.ts';
import type { FormatOptions, Sink } from '../format.ts';
import { wordsOf } from '../words/language.ts';
import { audit } from './audit-trail.ts';
import { assertions, correlations, firewall } from './beyond-paths.ts';
import type { Markup } from './escape.ts';
import { exposures, findings } from './findings.ts';
import { writeFlows } from './flows.ts';
import { header } from './header.ts';
import { hosts } from './hosts.ts';
import { pathMatrix } from './path-matrix.ts';
import { stylesheet } from './stylesheet.ts';
import { notObserved, undecidedChecks } from './undecided.ts';

/** No script, no request, nothing but itself: the page may hold text that an attacker sent. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** One self-contained page, to read, print and sign. */
export function writeHtml(report: AuditReport, options: Pick<FormatOptions, 'language'>, sink: Sink): void {
  const words = wordsOf(options.language);
  const { language } = options;
  const found = digest(report, limits.reportedFlows);
  const write = (...sections: (Markup | null)[]) => {
    for (const section of sections) if (section !== null) sink(section.markup);
  };
  sink(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Data path audit</title>
<style>${stylesheet}</style>
</head>
<body>
`);
  write(header(report, words));
  sink('<main>\n');
  write(findings(found, language, words), exposures(report, found, words));
  write(pathMatrix(report, language, words), undecidedChecks(report, language, words), notObserved(report, language));
  write(assertions(report, words), correlations(report), firewall(report, words));
  writeFlows(report, words, sink);
  write(hosts(report), audit(report, found, words));
  sink('</main>\n</body>\n</html>\n');
}
