import type { AuditReport, EvidenceReport, FlowReport } from '../../check/audit-report.ts';
import { remedyFor } from '../../check/remedies.ts';
import { type Capped, type Digest, firstOf } from '../digest.ts';
import { factWords } from '../fact.ts';
import { endpoint, exposureOf, type Finding, failuresOf, findingLine } from '../finding.ts';
import type { Language } from '../format.ts';
import { passwordRemedy } from '../password-remedy.ts';
import type { Words } from '../words.ts';
import type { Page } from './page.ts';
import { columns } from './width.ts';

/** further frames shown of one finding; the first ones decide, the rest say it again */
const framesShown = 4;

/** @param most flows listed under one heading */
export function writeFailures(
  page: Page,
  report: AuditReport,
  found: Digest,
  most: number,
  language: Language,
  words: Words,
): void {
  for (const failure of found.failures) {
    const { answer } = failure;
    page.heading(
      `${words.phrases.terminal.fail}  ${answer.rows.map(({ id, title }) => `${title[language]} (${id})`).join(' / ')}`,
    );
    const toDo = new Set<string>();
    writeFlows(page, firstOf(failure, most), language, words, (flow) => {
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
export function writeExposures(
  page: Page,
  report: AuditReport,
  found: Digest,
  most: number,
  language: Language,
  words: Words,
): void {
  const first = ({ flows, count }: Capped): Capped => ({ flows: flows.slice(0, most), count });
  const unexpected = new Map(report.unexpected.map(({ flow, why }) => [flow, why]));
  const findingsOf = (flow: FlowReport) => {
    const why = unexpected.get(flow.id);
    const finding = exposureOf(flow, words);
    const { because } = finding;
    const known = [because, why === undefined ? null : words.unexpected[why]].filter((part) => part !== null);
    return [{ ...finding, because: known.length > 0 ? known.join('; ') : null }];
  };
  if (unexpected.size > 0) {
    const outside = report.unexpected.filter(({ why }) => why === 'outside-reference').length;
    page.heading(words.phrases.terminal.heading.unexpected);
    page.text(words.phrases.unexpectedFlows(unexpected.size, outside), { indent: 2, hanging: 2 });
  }
  if (found.exposures.count > 0) {
    page.heading(words.phrases.exposures);
    writeFlows(page, first(found.exposures), language, words, findingsOf);
  }
  if (found.passwords.count > 0) {
    page.heading(words.phrases.passwords);
    writeFlows(page, first(found.passwords), language, words, findingsOf);
    page.text(words.phrases.terminal.fix(passwordRemedy.title[language]), { indent: 2, hanging: 2, style: 'bold' });
  }
}

/** Of content in clear, the frame that the finding itself names says nothing more. */
function furtherFrames({ check, where, evidence }: Finding): EvidenceReport[] {
  return check === 'encryption' ? evidence.filter((frame) => frame !== where) : evidence;
}

/** In one line if it fits; else what became of TLS has a line of its own, so that it can be searched for. */
function writeFinding(page: Page, flow: FlowReport, finding: Finding, words: Words): void {
  const whole = findingLine(flow, finding, words);
  const { because } = finding;
  if (because === null || columns(whole) <= page.width - 4) {
    page.text(whole, { indent: 2, hanging: 2, style: 'red' });
    return;
  }
  page.text(`${findingLine(flow, { ...finding, because: null }, words)};`, { indent: 2, hanging: 2, style: 'red' });
  page.text(because, { indent: 4, hanging: 2, style: 'red' });
}

function writeFlows(
  page: Page,
  { flows, count }: Capped,
  language: Language,
  words: Words,
  findingsOf: (flow: FlowReport) => Finding[],
): void {
  const { phrases } = words;
  for (const flow of flows) {
    for (const finding of findingsOf(flow)) {
      writeFinding(page, flow, finding, words);
      const { accepted } = finding;
      if (accepted !== null) {
        page.text(phrases.acceptedBy(accepted.by, accepted.until, accepted.reason), { indent: 4, style: 'yellow' });
      }
      if (finding.documented !== null) page.text(finding.documented[language], { indent: 4, hanging: 2 });
      const frames = furtherFrames(finding);
      for (const { file, frame, fact } of frames.slice(0, framesShown)) {
        page.text(`${phrases.ofFile(frame, file)}: ${factWords(fact, words)}`, { indent: 4, hanging: 2 });
      }
      const more = frames.length - framesShown;
      if (more > 0) page.text(phrases.moreFrames(more), { indent: 4 });
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
