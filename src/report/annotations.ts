import type { AuditReport, EvidenceReport, FlowReport } from '../check/audit-report.ts';
import { remedyFor } from '../check/remedies.ts';
import { limits } from '../limits.ts';
import { factWords } from './fact.ts';
import { endsOf } from './finding.ts';
import type { Language } from './format.ts';
import { wordsFor } from './logins-in-clear.ts';
import { upgradeWords, withUpgrade } from './upgrade.ts';
import { visible } from './visible.ts';
import type { Words } from './words.ts';

/** What is said of frames, and the flows that it is said of. */
export interface Annotations {
  /** by file, then frame number */
  comments: Map<string, Map<number, FrameNote>>;
  /** flows with a finding, first ones first */
  flows: FlowReport[];
  /** findings that were no longer noted, as there were too many */
  leftOut: number;
}

export interface FrameNote {
  texts: string[];
  flows: FlowReport[];
}

/** Comments for the frames that show a failure, or content in clear that no path answers for. */
export function annotationsOf(report: AuditReport, language: Language, words: Words): Annotations {
  const notes: Annotations = { comments: new Map(), flows: [], leftOut: 0 };
  let frames = 0;
  for (const flow of report.flows) {
    const said = saidOf(report, flow, language, words);
    if (said.length === 0) continue;
    if (frames >= limits.annotatedFrames) {
      notes.leftOut++;
      continue;
    }
    notes.flows.push(flow);
    for (const [{ file, frame }, text] of said) {
      const ofFile = notes.comments.get(file) ?? new Map<number, FrameNote>();
      notes.comments.set(file, ofFile);
      const note = ofFile.get(frame) ?? { texts: [], flows: [] };
      ofFile.set(frame, note);
      if (!note.texts.includes(text)) note.texts.push(text);
      if (!note.flows.includes(flow)) note.flows.push(flow);
      frames++;
    }
  }
  return notes;
}

function saidOf(report: AuditReport, flow: FlowReport, language: Language, words: Words): [EvidenceReport, string][] {
  const { phrases } = words;
  const because = upgradeWords(flow, words);
  const said: [EvidenceReport, string][] = [];
  const say = (evidence: EvidenceReport, parts: (string | null)[]) =>
    said.push([evidence, visible(parts.filter((part) => part !== null).join(' — '))]);
  for (const { result, check, reason, path, evidence, accepted } of flow.results) {
    if (result !== 'fail') continue;
    const title = report.paths.find(({ id }) => id === path)?.title[language] ?? path;
    const remedy = remedyFor(report.reference, flow, check, reason)?.title[language] ?? null;
    const taken = accepted ? phrases.acceptedBy(accepted.by, accepted.until, accepted.reason) : null;
    const frames = check === 'encryption' ? withUpgrade(flow, evidence) : evidence;
    for (const shown of frames) {
      const what = `${words.check[check]}: ${words.result.fail}; ${factWords(shown.fact, wordsFor(flow, words))}`;
      say(shown, [`${endsOf(flow)} (${title})`, what, words.reason[reason], taken ?? remedy]);
    }
  }
  if (said.length > 0 || flow.results.length > 0) return said;
  for (const { content, file, frame } of flow.encryption.exposures) {
    const evidence = { file, frame, fact: `${content} in clear` };
    say(evidence, [endsOf(flow), factWords(evidence.fact, wordsFor(flow, words)), because, phrases.exposures]);
  }
  return said;
}
