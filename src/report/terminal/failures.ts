import type { EvidenceReport, FlowReport } from '../../check/audit-report.ts';
import { remedyFor } from '../../check/remedies.ts';
import type { Capped } from '../digest.ts';
import { factWords } from '../fact.ts';
import { endpoint, exposureOf, type Finding, failuresOf, findingLine } from '../finding.ts';
import { wordsFor } from '../logins-in-clear.ts';
import { passwordRemedy } from '../password-remedy.ts';
import { type Printing, shownOf } from './printing.ts';
import { columns } from './width.ts';

/** further frames shown of one finding; the first ones decide, the rest say it again */
const framesShown = 4;

/** Each failing path with its flows, every finding of them, and how to see it. */
export function writeFailures(printing: Printing): void {
  const { page, report, found, options, words } = printing;
  const { language } = options;
  for (const { answer, flows } of found.failures) {
    page.heading(
      `${words.phrases.terminal.fail}  ${answer.rows.map(({ id, title }) => `${title[language]} (${id})`).join(' / ')}`,
    );
    const toDo = new Set<string>();
    writeFlows(printing, flows, (flow) => {
      const findings = failuresOf(flow, answer.rows, words);
      for (const { check, reason } of findings) {
        const title = remedyFor(report.reference, flow, check, reason)?.title[language];
        if (title !== undefined) toDo.add(title);
      }
      return findings;
    });
    for (const title of toDo) page.text(words.phrases.terminal.fix(title), { indent: 2, hanging: 2, style: 'bold' });
  }
}

/** Content in clear that made no path fail: no path is known to own the flow, or only its password was in clear. */
export function writeExposures(printing: Printing): void {
  const { page, report, found, options, words } = printing;
  const { unexpected } = report;
  if (unexpected.length > 0) {
    const outside = unexpected.filter(({ why }) => why === 'outside-reference').length;
    page.heading(words.phrases.terminal.heading.unexpected);
    page.text(words.phrases.unexpectedFlows(unexpected.length, outside), { indent: 2, hanging: 2 });
  }
  if (found.keysInClear > 0) page.heading(words.phrases.keysInClear(found.keysInClear));
  const seen = (flow: FlowReport) => [exposureSeen(flow, printing)];
  if (found.exposures.count > 0) {
    page.heading(words.phrases.exposures);
    writeFlows(printing, found.exposures, seen);
  }
  if (found.passwords.count > 0) {
    page.heading(words.phrases.passwords);
    writeFlows(printing, found.passwords, seen);
    const title = passwordRemedy.title[options.language];
    page.text(words.phrases.terminal.fix(title), { indent: 2, hanging: 2, style: 'bold' });
  }
}

/** What the flow exposed, and why no path answers for it, where that is known. */
function exposureSeen(flow: FlowReport, { report, words }: Printing): Finding {
  const finding = exposureOf(flow, words);
  const why = report.unexpected.find((found) => found.flow === flow.id)?.why;
  const known = [finding.because, why === undefined ? null : words.unexpected[why]].filter((part) => part !== null);
  return { ...finding, because: known.length > 0 ? known.join('; ') : null };
}

/** Of content in clear, the frame that the finding itself names says nothing more. */
function furtherFrames({ check, where, evidence }: Finding): EvidenceReport[] {
  return check === 'encryption' ? evidence.filter((frame) => frame !== where) : evidence;
}

/** In one line if it fits; else what became of TLS has a line of its own, so that it can be searched for. */
function writeFinding({ page, words }: Printing, flow: FlowReport, finding: Finding): void {
  const whole = findingLine(flow, finding, words);
  const { because } = finding;
  if (because === null || columns(whole) <= page.width - 4) {
    page.text(whole, { indent: 2, hanging: 2, style: 'red' });
    return;
  }
  page.text(`${findingLine(flow, { ...finding, because: null }, words)};`, { indent: 2, hanging: 2, style: 'red' });
  page.text(because, { indent: 4, hanging: 2, style: 'red' });
}

function writeFlows(printing: Printing, { flows, count }: Capped, seenIn: (flow: FlowReport) => Finding[]): void {
  const { page, options, words } = printing;
  const { phrases } = words;
  for (const flow of flows) {
    for (const finding of seenIn(flow)) {
      writeFinding(printing, flow, finding);
      const { accepted } = finding;
      if (accepted !== null) {
        page.text(phrases.acceptedBy(accepted.by, accepted.until, accepted.reason), { indent: 4, style: 'yellow' });
      }
      if (finding.documented !== null) page.text(finding.documented[options.language], { indent: 4, hanging: 2 });
      const { shown, left } = shownOf(furtherFrames(finding), framesShown, printing);
      for (const { file, frame, fact } of shown) {
        page.text(`${phrases.ofFile(frame, file)}: ${factWords(fact, wordsFor(flow, words))}`, {
          indent: 4,
          hanging: 2,
        });
      }
      if (left > 0) page.text(phrases.moreFrames(left), { indent: 4 });
    }
    const { client, server, transport, protocolPath, captures } = flow;
    const protocols = protocolPath.length > 0 ? protocolPath.join(' > ') : flow.protocol;
    page.text(
      `${phrases.flowLine(flow.id, `${endpoint(client)} → ${endpoint(server)} ${transport}`, protocols)}; ${phrases.filterFor(captures.join(', '))}:`,
      { indent: 4, hanging: 2, style: 'dim' },
    );
    page.verbatim(flow.wiresharkFilter, 4);
  }
  if (count > flows.length) {
    page.text(phrases.moreFlows(count - flows.length), { indent: 2, hanging: 2 });
  }
}
