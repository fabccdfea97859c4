import type { Fact } from '../../../src/protocols/fact.ts';
import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFlow, TsharkFrame } from '../tshark.ts';

export type Say = (fact: string, tshark: string, ours: string) => void;

/** How what an analyzer states is held against tshark. */
export interface ProtocolOracle {
  /** our name of the protocol */
  name: string;
  /** fields that tshark is asked for */
  fields: readonly string[];
  /** whether tshark takes the flow, or part of it, for this protocol; not asked where only precomputed facts are there and it needs fields */
  recognised(flow: TsharkFlow): boolean;
  /** compares facts of a flow that either side recognised */
  compare?(read: TsharkFrame[], record: FlowRecord, say: Say): void;
  /** fields that are there only where tshark could read content: none may be after we said `secured` with privacy */
  readable?: readonly string[];
}

/** where neither side has anything to say, nothing is counted as agreed */
export const nothing = 'none';

export type Described<What> = Extract<Fact, { kind: 'described'; what: What }>;

/** tshark's columns name it, or one of these fields was read */
export const seenAs = (flow: TsharkFlow, column: RegExp, ...fields: string[]): boolean =>
  Object.keys(flow.protocols).some((name) => column.test(name)) ||
  fields.some((field) => flow.read !== null && has(flow.read, field));

export const holds = (frame: TsharkFrame, field: string, value: string): boolean =>
  values(frame, field).includes(value);
export const values = (frame: TsharkFrame, field: string): string[] => frame.fields[field] ?? [];
export const has = (read: TsharkFrame[], field: string): boolean => read.some(({ fields }) => fields[field]);
export const exposes = (record: FlowRecord, content: string): boolean =>
  record.facts.some((fact) => fact.kind === 'exposed' && fact.content === content);
/** A set as text. */
export const texts = (all: (string | number)[]): string => [...new Set(all.map(String))].sort().join(', ') || nothing;
export const described = <What extends Described<string>['what']>(record: FlowRecord, what: What): Described<What>[] =>
  record.facts.filter((fact): fact is typeof fact & Described<What> => fact.kind === 'described' && fact.what === what);
export const outcome = (code: string, good: string) =>
  code === 'none' ? 'none' : code === good ? 'accepted' : 'refused';

/** Our mechanisms in the words of the wire. */
export function attempts(record: FlowRecord, protocol: string): { name: string; outcome: string }[] {
  return record.facts.flatMap((fact) => {
    if (fact.kind !== 'authenticated' || fact.protocol !== protocol) return [];
    const { mechanism, inside, version } = fact;
    let name: string = mechanism;
    if (mechanism === 'simple-bind' || (mechanism === 'anonymous' && protocol === 'ldap')) name = 'simple';
    else if (inside === 'negotiate' && protocol === 'ldap') name = 'gss-spnego';
    else if (mechanism === 'kerberos') name = 'gssapi';
    else if (mechanism === 'digest') name = 'digest-md5';
    else if ((mechanism === 'scram' || mechanism === 'unknown') && version) name = version.toLowerCase();
    const ended = fact.outcome === 'accepted' || fact.outcome === 'refused' ? fact.outcome : 'none';
    return [{ name, outcome: ended }];
  });
}
