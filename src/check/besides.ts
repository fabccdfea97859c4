import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';

/** The comment on a frame, for what refers to it; nothing where there is none. */
export type CommentOn = (capture: number, frame: number) => { comment?: string };

/** What the capture file says beside a flow's packets. Whoever wrote the file wrote it, so it is shown and never judged by. */
export function besides(flow: FlowRecord): { onInterface: string | null; commentOn: CommentOn } {
  let onInterface: string | null = null;
  const comments = new Map<string, string>();
  for (const fact of flow.facts) {
    if (!isOfCapture(fact)) continue;
    if (fact.name === 'interface') onInterface = String(fact.value);
    else if (fact.name === 'comment') comments.set(`${fact.capture} ${fact.frame}`, String(fact.value));
  }
  if (comments.size === 0) return { onInterface, commentOn: noComment };
  const commentOn: CommentOn = (capture, frame) => {
    const comment = comments.get(`${capture} ${frame}`);
    return comment === undefined ? nothing : { comment };
  };
  return { onInterface, commentOn };
}

const nothing = {};
const noComment: CommentOn = () => nothing;

const isOfCapture = (fact: StampedFact): fact is Extract<StampedFact, { what: 'property' }> =>
  fact.kind === 'described' && fact.what === 'property' && fact.protocol === 'capture';
