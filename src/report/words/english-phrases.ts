import type { Result } from '../../check/result.ts';
import { thousands } from '../number.ts';

export type Noun = 'path' | 'check' | 'flow' | 'frame' | 'capture' | 'time' | 'finding';

/** `1 path`, `1,200 paths` */
const count = (number: number, noun: Noun): string => `${thousands(number)} ${noun}${number === 1 ? '' : 's'}`;

const resultVerb: Record<Result, (number: number) => string> = {
  pass: (number) => (number === 1 ? 'passes' : 'pass'),
  fail: (number) => (number === 1 ? 'fails' : 'fail'),
  unknown: () => 'unknown',
  notchecked: () => 'not observed',
  notapplicable: () => 'not applicable',
  informational: () => 'informational',
  error: () => 'error',
};

/** Everything that reports say in English besides the words of closed sets. Each other language has the same. */
export const englishPhrases = {
  count,
  title: 'Data path audit',
  verdict: { failed: 'FAIL', undecided: 'UNDECIDED', 'nothing-seen': 'NOTHING TO JUDGE', passed: 'PASS' },
  /** `3 paths fail, 41 pass, 2 unknown` */
  results: (parts: readonly { result: Result; count: number }[]): string =>
    parts
      .map((part, at) => {
        const subject = at === 0 ? count(part.count, 'path') : thousands(part.count);
        return `${subject} ${resultVerb[part.result](part.count)}`;
      })
      .join(', '),
  accepted: (number: number) => `of those that fail, ${thousands(number)} accepted`,
  exit: {
    strict: 'exit 1: nothing failed, but --strict counts unknown as failed',
    failed: 'exit 1: at least one path failed',
    error: 'exit 1: at least one path could not be evaluated',
    accepted: 'exit 0: every failure is an accepted risk',
    none: 'exit 0: nothing failed',
  },
  decided: (decided: number, observed: number) =>
    `${thousands(decided)} of ${count(observed, 'check')} with traffic decided`,
  span: (from: string, to: string) => (from === to ? `${from} UTC` : `${from} to ${to} UTC`),
  utc: (time: string) => `${time} UTC`,
  subject: (packs: string, captures: number, frames: number, span: string | null, stamp: string | null) =>
    `Checked against ${packs}: ${count(captures, 'capture')}, ${count(frames, 'frame')}${span === null ? '' : `, ${span}`}${stamp === null ? '' : `. Report written ${stamp}`}`,
  interrupted: 'The audit was interrupted: the report covers only what had been read.',
  noTopology:
    'No topology was given, so the roles of hosts are unknown and no path can be judged: which host is a hub, an edge, a domain controller? Draft a topology with pcap-audit topology draft, correct it, and audit again.',
  noTopologyShort:
    'Without a topology roles are unknown: draft one with: pcap-audit topology draft CAPTURE > topology.yaml',
  none: 'none',
  listed: (items: readonly string[]) => (items.length === 0 ? 'none' : items.join(', ')),
  ofFile: (frame: number, file: string) => `frame ${frame} of ${file}`,
  frame: (frame: number) => `frame ${frame}`,
  ofFileOnly: (file: string) => `of ${file}`,
  finding: (ends: string, what: string, frame: string | null, inside: boolean, because: string | null) =>
    `${ends}: ${what}${frame === null ? '' : inside ? ` in ${frame}` : ` (${frame})`}${because === null ? '' : `; ${because}`}`,
  moreFrames: (number: number) => `and ${thousands(number)} more frame${number === 1 ? '' : 's'}`,
  moreFlows: (number: number) =>
    `and ${thousands(number)} more flow${number === 1 ? '' : 's'}: all stand in the JSON report`,
  moreFindings: (number: number) =>
    `and ${thousands(number)} more finding${number === 1 ? '' : 's'}: all stand in the JSON report`,
  moreRows: (number: number) => `and ${thousands(number)} more: all stand in the JSON report`,
  more: (number: number) => `and ${thousands(number)} more`,
  expected: {
    port: 'a port that the reference lists for this path',
    authentication: (supported: string, standard: string) => `${supported} (default: ${standard})`,
    encryptedByDefault: (supported: string) => `encrypted by default: ${supported}`,
    notByDefault: (supported: string) => `${supported} supported, not by default`,
  },
  promiseOf: (paths: readonly string[], promise: string) => `${paths.join(', ')} – ${promise}`,
  flowLine: (id: string, ends: string, protocols: string) => `flow ${id}: ${ends}, ${protocols}`,
  filterFor: (captures: string) => `Wireshark filter for ${captures}`,
  acceptedBy: (by: string, until: string, reason: string) => `accepted by ${by} until ${until}: ${reason}`,
  exposures: 'Content in clear on no known path',
  passwords: 'Passwords in clear, where no path fails for it',
  passwordsExpected: 'no password in clear, whatever the reference allows',
  keysInClear: (number: number) =>
    `${count(number, 'flow')} of media encrypted with keys that went in clear: whoever recorded both can hear them`,
  unexpectedFlows: (number: number, known: number) =>
    `${count(number, 'flow')} on no path of the reference${known === 0 ? '' : `, ${thousands(known)} of them to known services outside it`}`,
  quality: {
    midstream: 'flows already open when the capture began',
    oneDirection: 'flows seen in one direction only (check where the capture was taken)',
    truncated: 'flows with frames cut while recording (record whole frames, snap length 0)',
    gaps: 'flows with bytes missing from the capture',
    duplicates: 'segments that came twice, counted once',
    droppedFrames: 'frames lost by the recording machine',
    unreadFrames: 'frames that could not be read',
    otherNames: 'addresses called by the name of another host of the topology',
    nothing: 'nothing is missing, as far as the captures tell',
  },
  otherName: (host: string, called: string, by: string, other: string) =>
    `${host} is called ${called} by ${by}, and in the topology that is ${other}`,
  atByte: (byte: number) => `byte ${thousands(byte)}`,
  limitReached: (name: string, cap: number, hit: number, detail: string) =>
    `${name}: the limit of ${thousands(cap)} was reached ${count(hit, 'time')}; ${detail}`,
  explain: {
    flow: (id: string, ends: string) => `Flow ${id}: ${ends}`,
    opened: (client: string, server: string, transport: string, protocols: string) =>
      `${client} opened ${transport} to ${server}: ${protocols}`,
    when: (first: string, last: string, frames: string, captures: string) =>
      `${first} to ${last}, ${frames}, in ${captures}`,
    content: (protection: string) => `Content: ${protection}`,
    beforeOffload: 'The server passes the content on: this is only the segment before it.',
    unrecognised: 'not recognised',
    seen: 'What was seen, in order',
    nothing: 'nothing that tells more',
    unseen: 'What was not seen',
    follows: 'What follows',
    noPath: 'no data path of the reference owns this flow',
    frames: (frames: string) => `frame ${frames}`,
    wireshark: 'Look at it in Wireshark',
    cut: 'Cut its frames out',
  },
  terminal: {
    heading: {
      captures: (packs: string) => `Captures, checked against ${packs}`,
      quality: 'Capture quality',
      limits: 'Limits that were reached',
      unexpected: 'Unexpected',
      undecided: 'Could not be decided',
      paths: 'Paths seen',
      otherPaths: 'Other paths seen',
      /** flows: those that make a path fail */
      worst: (paths: number, findings: number, flows: number) =>
        `${count(paths, 'path')} ${paths === 1 ? 'fails' : 'fail'}: ${count(findings, 'finding')} in ${count(flows, 'flow')}; the worst of each`,
      besides: 'Besides the failing paths',
      possiblePaths: 'Paths that this could be',
      assertions: 'Statements of the reference that the capture contradicts',
      risks: 'Accepted risks',
    },
    fail: 'FAIL',
    columns: { path: 'path', flows: 'flows', port: 'port', authentication: 'auth', encryption: 'encryption' },
    alike: (number: number, title: string) => `(${number} alike) ${title}`,
    alikeNote: 'alike: rows that no capture can tell apart; they share their results',
    worst: (findings: number, line: string) => `${count(findings, 'finding')}: ${line}`,
    worstOf: (what: string, flows: number, line: string) =>
      `${what}: ${count(flows, 'flow')}${flows === 1 ? '' : ', the worst'}: ${line}`,
    alsoFail: (paths: number, findings: number) =>
      `${thousands(paths)} more path${paths === 1 ? ' fails' : 's fail'}, with ${count(findings, 'finding')}:`,
    moreReasons: (number: number) =>
      `and ${thousands(number)} more reason${number === 1 ? '' : 's'} (--verbose lists them)`,
    moreStatements: (number: number) =>
      `and ${thousands(number)} more statement${number === 1 ? '' : 's'} (--verbose lists them)`,
    verbose: (findings: number, flows: number) =>
      `--verbose tells all ${count(findings, 'finding')} in ${count(flows, 'flow')}, with frames and Wireshark filters`,
    verboseUpTo: (findings: number, flows: number, most: number) =>
      `--verbose tells more of the ${count(findings, 'finding')} in ${count(flows, 'flow')}, with frames and Wireshark filters: of each path up to ${count(most, 'flow')}; the JSON report has all`,
    undecidedFor: (why: string, paths: number) => `${why} (${count(paths, 'path')})`,
    notObserved: (paths: number, rows: number | null) =>
      `${count(paths, 'path')} not observed (--verbose lists them${rows === null ? '' : `; ${rows} rows, some of them alike`})`,
    notObservedHeading: (paths: number) => `${count(paths, 'path')} not observed`,
    undecided: (checks: string, result: 'unknown' | 'error', paths: number, why: string) =>
      `${checks} ${result === 'error' ? 'could not be evaluated' : 'undecided'} on ${count(paths, 'path')}: ${why}`,
    exposed: (flows: number) => `${count(flows, 'flow')} with content in clear on no known path, see below`,
    fix: (title: string) => `to do: ${title}`,
    firewall: (opened: number, unopened: number) =>
      `Firewall rules: ${thousands(opened)} opened and used, ${thousands(unopened)} used without rule (see --format html)`,
    risk: (pattern: string, state: string, flows: number, by: string, until: string, reason: string) =>
      `${pattern}: ${state}, ${count(flows, 'flow')}; by ${by} until ${until}: ${reason}`,
  },
};

/** What each language says, in the shape of the English phrases. */
export type Phrases = typeof englishPhrases;
