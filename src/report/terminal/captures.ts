import { otherNameLine, otherNames } from '../other-names.ts';
import { qualityLines } from '../quality.ts';
import { second, spanOf } from '../time.ts';
import { type Printing, shownOf } from './printing.ts';

/** captures named one by one, and problems of them; a file set can have thousands */
const named = 5;

export function writeCaptures(printing: Printing): void {
  const { page, report, options, words } = printing;
  const { phrases } = words;
  const packs = report.rulePacks.map(({ id, version }) => `${id} ${version}`).join(', ');
  page.heading(phrases.terminal.heading.captures(packs));
  const when = (span: ReturnType<typeof spanOf>) =>
    span === null ? '' : `, ${phrases.span(second(span.first), second(span.last))}`;
  if (options.verbose || report.captures.length <= named) {
    for (const capture of report.captures) {
      const text = `${capture.file}: ${phrases.count(capture.frames, 'frame')}${when(spanOf([capture]))}`;
      page.text(text, { indent: 2, hanging: 2 });
    }
  } else {
    const frames = report.captures.reduce((sum, capture) => sum + capture.frames, 0);
    const text = `${phrases.count(report.captures.length, 'capture')}, ${phrases.count(frames, 'frame')}${when(spanOf(report.captures))}`;
    page.text(text, { indent: 2, hanging: 2 });
  }
  const problems = report.captures.flatMap(({ file, problems }) => problems.map((problem) => ({ file, ...problem })));
  const { shown, left } = shownOf(problems, named, printing);
  for (const { file, kind, byte, detail } of shown) {
    const text = `${file} ${words.captureProblem[kind]} (${phrases.atByte(byte)}): ${words.detail(detail)}`;
    page.text(text, { indent: 2, hanging: 2, style: 'yellow' });
  }
  if (left > 0) page.text(words.page.openPoints.problems(left), { indent: 2, style: 'yellow' });
  if (report.reference.lacksTopology) {
    page.text(phrases.noTopologyShort, {
      indent: 2,
      hanging: 2,
      style: 'yellow',
    });
  }
}

export function writeQuality(printing: Printing): void {
  const { page, report, found, options, words, whole } = printing;
  page.heading(words.phrases.terminal.heading.quality);
  const lines = qualityLines(report, words);
  for (const line of whole ? lines : [lines.join('; ')]) page.text(line, { indent: 2, hanging: 2 });
  const names = whole ? shownOf(otherNames(report), named, printing) : { shown: [], left: 0 };
  for (const one of names.shown) page.text(otherNameLine(one, words), { indent: 4, hanging: 2 });
  if (names.left > 0) page.text(words.phrases.more(names.left), { indent: 4 });
  if (!options.verbose) return;
  for (const [why, flows] of found.blindSpots) {
    page.text(`${words.phrases.count(flows, 'flow')}: ${words.blindSpot[why]}`, { indent: 2, hanging: 2 });
  }
}

export function writeLimits({ page, report, words: { phrases, detail: said } }: Printing): void {
  if (report.limits.length === 0) return;
  page.heading(phrases.terminal.heading.limits);
  for (const { name, cap, hit, detail } of report.limits) {
    const text = phrases.limitReached(name, cap, hit, said(detail));
    page.text(text, { indent: 2, hanging: 2, style: 'yellow' });
  }
}
