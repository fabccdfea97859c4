import type { AuditReport, EvidenceReport, FlowReport } from '../../check/audit-report.ts';
import type { Capped, Digest } from '../digest.ts';
import { endpoint, exposureOf, type Finding, failuresOf, findingLine } from '../finding.ts';
import type { Language } from '../format.ts';
import { plural } from '../verdict.ts';
import type { Words } from '../words.ts';
import type { Page } from './page.ts';
import { columns } from './width.ts';

/** further frames shown of one finding; the first ones decide, the rest say it again */
const framesShown = 4;

export function writeFailures(page: Page, found: Digest, language: Language, words: Words): void {
  for (const { answer, flows } of found.failures) {
    page.heading(`FAIL  ${answer.rows.map(({ id, title }) => `${title[language]} (${id})`).join(' / ')}`);
    writeFlows(page, flows, (flow) => failuresOf(flow, answer, words));
  }
}

/** Content in clear that made no path fail: no path is known to own the flow, or only its password was in clear. */
export function writeExposures(page: Page, report: AuditReport, found: Digest, words: Words): void {
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
    const known = outside === 0 ? '' : `, ${outside} of them to known services outside it`;
    page.heading('Unexpected');
    page.text(`${plural(unexpected.size, 'flow')} on no path of the reference${known}`, { indent: 2, hanging: 2 });
  }
  if (found.exposures.count > 0) {
    page.heading(`Content in clear that no path answers for`);
    writeFlows(page, found.exposures, findingsOf);
  }
  if (found.passwords.count > 0) {
    page.heading('Passwords in clear, where no path fails for it');
    writeFlows(page, found.passwords, findingsOf);
  }
}

/** Of content in clear, the frame that the finding itself names says nothing more. */
function furtherFrames({ check, where, evidence }: Finding): EvidenceReport[] {
  return check === 'encryption' ? evidence.filter((frame) => frame !== where) : evidence;
}

/** In one line if it fits; else what became of TLS has a line of its own, so that it can be searched for. */
function writeFinding(page: Page, flow: FlowReport, finding: Finding): void {
  const whole = findingLine(flow, finding);
  const { because } = finding;
  if (because === null || columns(whole) <= page.width - 4) {
    page.text(whole, { indent: 2, hanging: 2, style: 'red' });
    return;
  }
  page.text(`${findingLine(flow, { ...finding, because: null })};`, { indent: 2, hanging: 2, style: 'red' });
  page.text(because, { indent: 4, hanging: 2, style: 'red' });
}

function writeFlows(page: Page, { flows, count }: Capped, findingsOf: (flow: FlowReport) => Finding[]): void {
  for (const flow of flows) {
    for (const finding of findingsOf(flow)) {
      writeFinding(page, flow, finding);
      const frames = furtherFrames(finding);
      for (const { file, frame, fact } of frames.slice(0, framesShown)) {
        page.text(`frame ${frame} of ${file}: ${fact}`, { indent: 4, hanging: 2 });
      }
      const more = frames.length - framesShown;
      if (more > 0) page.text(`and ${plural(more, 'more frame')}`, { indent: 4 });
    }
    const { client, server, transport, protocolPath, captures } = flow;
    const protocols = protocolPath.length > 0 ? protocolPath.join(' > ') : flow.protocol;
    page.text(
      `flow ${flow.id}: ${endpoint(client)} → ${endpoint(server)} ${transport}, ${protocols}; Wireshark filter for ${captures.join(', ')}:`,
      { indent: 4, hanging: 2, style: 'dim' },
    );
    page.verbatim(flow.wiresharkFilter, 4);
  }
  if (count > flows.length) {
    page.text(`and ${plural(count - flows.length, 'more flow')}: all stand in the JSON report`, {
      indent: 2,
      hanging: 2,
    });
  }
}
