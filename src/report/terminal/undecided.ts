import type { AuditReport } from '../../check/audit-report.ts';
import { factWords } from '../fact.ts';
import type { FormatOptions, Language } from '../format.ts';
import { undecided } from '../undecided.ts';
import type { Words } from '../words.ts';
import type { Page } from './page.ts';
import { titleOf } from './paths.ts';

/** paths named under one reason unless `--verbose` asks for all */
const named = 5;

/** What was seen and could not be decided, and why. */
export function writeUndecided(page: Page, report: AuditReport, options: FormatOptions, words: Words): void {
  const found = undecided(report);
  if (found.length === 0) return;
  page.heading(words.phrases.terminal.heading.undecided);
  for (const { checks, result, reason, answers } of found) {
    page.text(
      words.phrases.terminal.undecided(
        checks.map((check) => words.check[check]).join(', '),
        result,
        answers.length,
        words.reason[reason],
      ),
      {
        indent: 2,
        hanging: 2,
      },
    );
    const shown = options.verbose ? answers : answers.slice(0, named);
    for (const { rows } of shown) {
      page.text(`- ${titleOf(rows, options.language, words)}`, { indent: 4, hanging: 2, style: 'dim' });
    }
    if (answers.length > shown.length)
      page.text(words.phrases.more(answers.length - shown.length), { indent: 4, style: 'dim' });
  }
}

/** Assertions of the pack's notes that were contradicted. */
export function writeAssertions(page: Page, report: AuditReport, language: Language, words: Words): void {
  const failed = report.assertions.filter(({ result }) => result === 'fail');
  if (failed.length === 0) return;
  page.heading(words.phrases.terminal.heading.assertions);
  for (const { id, reason, evidence } of failed) {
    const said = report.reference.notes.get(id)?.[language];
    page.text(`${said === undefined ? id : `${said} (${id})`}: ${words.reason[reason]}`, {
      indent: 2,
      hanging: 2,
      style: 'red',
    });
    for (const { file, frame, fact } of evidence.slice(0, 3)) {
      page.text(`${words.phrases.ofFile(frame, file)}: ${factWords(fact, words)}`, { indent: 4, hanging: 2 });
    }
  }
}
