import type { FlowReport } from '../check/audit-report.ts';
import type { StampedFact } from '../protocols/fact.ts';
import { factWords } from './fact-words.ts';
import { endpoint, endsOf } from './finding.ts';
import type { FormatOptions, Sink } from './format.ts';
import { flowJson } from './json.ts';
import { pageOn } from './terminal/page.ts';
import { wordsOf } from './words/language.ts';

/** Everything known of one flow. */
export interface Explanation {
  flow: FlowReport;
  facts: readonly StampedFact[];
  fileName(capture: number): string;
}

/** For people: facts in order, results and why, and how to look at the frames. */
export function writeExplanation(told: Explanation, options: FormatOptions, sink: Sink): void {
  const { flow, facts, fileName } = told;
  const words = wordsOf(options.language);
  const page = pageOn(sink, options);
  const protocols = flow.protocolPath.join(', then ') || 'not recognised';
  page.text(`Flow ${flow.id}: ${endsOf(flow)}`, { style: 'bold' });
  page.text(`${endpoint(flow.client)} opened ${flow.transport} to ${endpoint(flow.server)}: ${protocols}`);
  page.text(`${flow.firstSeen} to ${flow.lastSeen}, ${flow.frames} frames, in ${flow.captures.join(', ')}`);
  page.text(`Content: ${words.protection[flow.encryption.protection]}`);
  if (flow.beforeOffload) page.text('The server passes the content on: this is only the segment before it.');

  page.heading('What was seen, in order');
  if (facts.length === 0) page.text('nothing that tells more', { indent: 2 });
  for (const fact of facts) {
    const where = flow.captures.length > 1 ? ` of ${fileName(fact.capture)}` : '';
    page.text(`frame ${fact.frame}${where}: ${factWords(fact, words)}`, { indent: 2, hanging: 2 });
  }
  if (flow.blindSpots.length > 0) page.heading('What was not seen');
  for (const { why, frame, detail } of flow.blindSpots) {
    page.text(`frame ${frame}: ${words.blindSpot[why]}${detail === '' ? '' : ` (${detail})`}`, {
      indent: 2,
      hanging: 2,
    });
  }
  page.heading('What follows');
  if (flow.results.length === 0) page.text('no data path of the reference owns this flow', { indent: 2 });
  for (const { path, check, result, reason, evidence, accepted, documented } of flow.results) {
    const frames = evidence.map(({ frame }) => frame).join(', ');
    const shown = frames === '' ? '' : ` [frame ${frames}]`;
    page.text(`${path}: ${words.check[check]}: ${words.result[result]}. ${words.reason[reason]}${shown}`, {
      indent: 2,
      hanging: 2,
    });
    if (documented) page.text(documented[options.language], { indent: 6 });
    if (accepted) page.text(`accepted until ${accepted.until} by ${accepted.by}: ${accepted.reason}`, { indent: 6 });
  }
  page.heading('Look at it in Wireshark');
  page.verbatim(flow.wiresharkFilter, 2);
  page.heading('Cut its frames out');
  for (const command of cuttingCommands(flow)) page.verbatim(command, 2);
}

/** For programs: the flow as in the JSON report, with its facts and the commands. */
export function writeExplanationJson({ flow, facts, fileName }: Explanation, sink: Sink): void {
  const told = {
    ...(flowJson(flow) as object),
    facts: facts.map(({ capture, ...fact }) => ({ file: fileName(capture), ...fact })),
    commands: cuttingCommands(flow),
  };
  sink(`${JSON.stringify(told, null, 2)}\n`);
}

/** One a capture; file names and the filter are quoted for a shell. */
function cuttingCommands({ id, captures, wiresharkFilter }: FlowReport): string[] {
  const part = (index: number) => (captures.length > 1 ? `-${index + 1}` : '');
  return captures.map(
    (file, index) =>
      `tshark -r ${quoted(file)} -Y ${quoted(wiresharkFilter)} -w ${quoted(`flow-${id}${part(index)}.pcapng`)}`,
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
