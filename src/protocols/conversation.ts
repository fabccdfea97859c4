import type { Flow } from '../flows/flow.ts';
import type { AnyAnalyzer, Over } from './analyzer.ts';
import type { StampedFact } from './fact.ts';
import type { Stretch } from './parts/randomness.ts';

/** What the host keeps of one flow, or of one stream carried inside it, while it is read. */
export interface Conversation {
  readonly flow: Flow;
  /** the flow's own conversation: where facts are kept; itself unless this one is carried */
  readonly root: Conversation;
  /** how many conversations this one is carried inside */
  readonly depth: number;
  /** what protects the carried bytes now being read */
  over: Over | null;
  /** streams carried inside, by channel; null where there are none */
  channels: Map<string, Conversation> | null;
  stage: 'identifying' | 'reading' | 'done';
  analyzer: AnyAnalyzer | null;
  state: unknown;
  /** who handed over to the present analyzer, until that one's first message shows that it is the right one */
  before: { analyzer: AnyAnalyzer; state: unknown } | null;
  handOvers: number;
  /** the protocol that owns the flow, and all in the order in which they came */
  protocol: string;
  path: string[];
  readonly halves: [Half, Half];
  readonly facts: StampedFact[];
  /** of each fact, the value of `turns` that sets it apart from the same one stated before; 0 for most */
  readonly factTurns: number[];
  factsLeftOut: number;
  /** the last who was let in was anonymous, and how often that has changed: what goes by then is nobody's */
  anonymous: boolean;
  turns: number;
  /** datagrams looked at without recognising them */
  strangeDatagrams: number;
  /** the protocol that the last datagrams could have been, and how many they were */
  maybe: AnyAnalyzer | null;
  maybeTimes: number;
}

/** One direction of a conversation. */
export interface Half {
  /** the beginning of a message that is not whole yet: `buffer[from, to)` */
  buffer: Uint8Array;
  from: number;
  to: number;
  /** bytes to move past unread */
  skip: number;
  /** of a carried stream: what protects what is kept, at least */
  over: Over | null;
  /** waits until the other direction has spoken */
  waiting: boolean;
  /** which analyzer last looked at what is kept */
  reader: AnyAnalyzer | null;
  /** whether a message was read in this direction */
  read: boolean;
  /** bytes were lost or given up: a place to go on from is being looked for */
  lost: boolean;
  /** what went by since then without such a place; null where there was none */
  strayed: Stretch | null;
  /** nothing in this direction will be read any more */
  deaf: boolean;
  /** identification looked at this direction and found nothing it knows */
  strange: boolean;
  /** bytes that identification looked at */
  looked: number;
}

export function startConversation(flow: Flow, outer: Conversation | null = null): Conversation {
  const conversation: Conversation = {
    flow,
    root: null as unknown as Conversation,
    depth: outer === null ? 0 : outer.depth + 1,
    over: null,
    channels: null,
    stage: 'identifying',
    analyzer: null,
    state: null,
    before: null,
    handOvers: 0,
    protocol: 'unknown',
    path: [],
    halves: [startHalf(), startHalf()],
    facts: [],
    factTurns: [],
    factsLeftOut: 0,
    anonymous: false,
    turns: 0,
    strangeDatagrams: 0,
    maybe: null,
    maybeTimes: 0,
  };
  (conversation as { root: Conversation }).root = outer?.root ?? conversation;
  return conversation;
}

const empty = new Uint8Array(0);

function startHalf(): Half {
  return {
    buffer: empty,
    from: 0,
    to: 0,
    skip: 0,
    over: null,
    waiting: false,
    reader: null,
    read: false,
    lost: false,
    strayed: null,
    deaf: false,
    strange: false,
    looked: 0,
  };
}

/** Bytes kept for later; returns by how much the half's memory grew. Grows by doubling, so that tiny segments cost no more than large ones. */
export function keep(half: Half, bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (half.to + length > half.buffer.length) {
    const held = half.to - half.from;
    const target = held + length > half.buffer.length ? new Uint8Array(Math.max(64, 2 * (held + length))) : half.buffer;
    target.set(half.buffer.subarray(half.from, half.to));
    half.buffer = target;
    half.from = 0;
    half.to = held;
  }
  half.buffer.set(bytes.subarray(start, end), half.to);
  half.to += length;
}

/** Nothing more is learnt from the flow. Where nothing was found to be protected, no bytes will show that it is. */
export function endReading(conversation: Conversation): void {
  conversation.stage = 'done';
  if (conversation.root !== conversation) return;
  for (const stream of conversation.flow.streams) if (stream.decided < 0) stream.decided = 0;
}

/** Forgets what is kept. */
export function drop(half: Half): void {
  half.buffer = empty;
  half.from = 0;
  half.to = 0;
}
