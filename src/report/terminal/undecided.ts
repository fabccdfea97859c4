import { factWords } from '../fact.ts';
import { openFor, undecided } from '../undecided.ts';
import { titleOf } from './paths.ts';
import { type Printing, shownOf } from './printing.ts';
import { inColumns } from './width.ts';

/** paths named under one reason, and reasons, statements and frames of these, unless `--verbose` asks for all */
const named = 5;
const reasonsTold = 6;
const statementsTold = 5;
const framesShown = 3;

/** What was seen and could not be decided, and why. */
export function writeUndecided(printing: Printing): void {
  const { page, report, options, words, whole } = printing;
  const { phrases } = words;
  const found = undecided(report);
  if (found.length === 0) return;
  page.heading(phrases.terminal.heading.undecided);
  if (!whole) {
    writeReasons(openFor(found), printing);
    return;
  }
  for (const { checks, result, reason, answers } of found) {
    const said = checks.map((check) => words.check[check]).join(', ');
    const text = phrases.terminal.undecided(said, result, answers.length, words.reason[reason]);
    page.text(text, { indent: 2, hanging: 2 });
    const { shown, left } = shownOf(answers, named, printing);
    for (const { rows } of shown) {
      page.text(`- ${titleOf(rows, options.language, words)}`, { indent: 4, hanging: 2, style: 'dim' });
    }
    if (left > 0) page.text(phrases.more(left), { indent: 4, style: 'dim' });
  }
}

/** The table of paths says where. */
function writeReasons(reasons: ReturnType<typeof openFor>, printing: Printing): void {
  const { page, words } = printing;
  const { terminal } = words.phrases;
  const { shown, left } = shownOf([...reasons], reasonsTold, printing);
  for (const [reason, paths] of shown)
    page.text(terminal.undecidedFor(words.reason[reason], paths), { indent: 2, hanging: 2 });
  if (left > 0) page.text(terminal.moreReasons(left), { indent: 2 });
}

/** Assertions of the pack's notes that were contradicted; in a short report in a line each. */
export function writeAssertions(printing: Printing): void {
  const { page, report, options, words, whole } = printing;
  const failed = report.assertions.filter(({ result }) => result === 'fail');
  if (failed.length === 0) return;
  page.heading(words.phrases.terminal.heading.assertions);
  const { shown, left } = shownOf(failed, statementsTold, printing);
  for (const { id, reason, evidence } of shown) {
    const said = report.reference.notes.get(id)?.[options.language];
    if (!whole) {
      const line = inColumns(said === undefined ? id : `${id}: ${said}`, page.width - 2);
      page.text(line.trimEnd(), { indent: 2, style: 'red' });
      continue;
    }
    page.text(`${said === undefined ? id : `${said} (${id})`}: ${words.reason[reason]}`, {
      indent: 2,
      hanging: 2,
      style: 'red',
    });
    const frames = shownOf(evidence, framesShown, printing);
    for (const { file, frame, fact } of frames.shown) {
      page.text(`${words.phrases.ofFile(frame, file)}: ${factWords(fact, words)}`, { indent: 4, hanging: 2 });
    }
    if (frames.left > 0) page.text(words.phrases.moreFrames(frames.left), { indent: 4 });
  }
  if (left > 0) page.text(words.phrases.terminal.moreStatements(left), { indent: 2 });
}
