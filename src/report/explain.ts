import type { FlowReport } from '../check/audit-report.ts';
import type { StampedFact } from '../protocols/fact.ts';
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
  const { phrases } = words;
  const { explain: say } = phrases;
  const protocols = flow.protocolPath.join(' › ') || say.unrecognised;
  page.text(say.flow(flow.id, endsOf(flow)), { style: 'bold' });
  page.text(say.opened(endpoint(flow.client), endpoint(flow.server), flow.transport, protocols));
  page.text(say.when(flow.firstSeen, flow.lastSeen, phrases.count(flow.frames, 'frame'), flow.captures.join(', ')));
  page.text(say.content(words.protection[flow.encryption.protection]));
  if (flow.beforeOffload) page.text(say.beforeOffload);

  page.heading(say.seen);
  if (facts.length === 0) page.text(say.nothing, { indent: 2 });
  for (const fact of facts) {
    const where =
      flow.captures.length > 1 ? phrases.ofFile(fact.frame, fileName(fact.capture)) : phrases.frame(fact.frame);
    page.text(`${where}: ${words.tell(fact, words)}`, { indent: 2, hanging: 2 });
  }
  if (flow.blindSpots.length > 0) page.heading(say.unseen);
  for (const { why, frame, detail } of flow.blindSpots) {
    page.text(`${phrases.frame(frame)}: ${words.blindSpot[why]}${detail === '' ? '' : ` (${words.detail(detail)})`}`, {
      indent: 2,
      hanging: 2,
    });
  }
  page.heading(say.follows);
  if (flow.results.length === 0) page.text(say.noPath, { indent: 2 });
  for (const { path, check, result, reason, evidence, accepted, documented } of flow.results) {
    const frames = evidence.map(({ frame }) => frame).join(', ');
    const shown = frames === '' ? '' : ` [${say.frames(frames)}]`;
    page.text(`${path}: ${words.check[check]}: ${words.result[result]}. ${words.reason[reason]}${shown}`, {
      indent: 2,
      hanging: 2,
    });
    if (documented) page.text(documented[options.language], { indent: 6 });
    if (accepted) page.text(phrases.acceptedBy(accepted.by, accepted.until, accepted.reason), { indent: 6 });
  }
  page.heading(say.wireshark);
  page.verbatim(flow.wiresharkFilter, 2);
  page.heading(say.cut);
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
