import type { FlowRecord } from '../protocols/flow-record.ts';
import type { FlowReport } from './audit-report.ts';
import { couldHideAnotherLogin, mostTelling } from './blind.ts';
import { evaluateClientCertificate } from './evaluate-certificate.ts';
import { isBefore } from './moment.ts';
import { observe } from './observe.ts';
import type { Expectation } from './pack.ts';
import type { Rules } from './rules.ts';
import { type Answer, Shown } from './shown.ts';

/** Whether one flow is as a note expects; null where it says nothing of it. */
export function expectationHolds(
  expected: Expectation,
  record: FlowRecord,
  flow: FlowReport,
  { topology, roles }: Pick<Rules, 'topology' | 'roles'>,
  fileName: (capture: number) => string,
): Answer | null {
  const shown = new Shown(record, flow, fileName);
  if ('protection' in expected) return isPrivate(shown);
  if ('clear' in expected) return isClear(shown, expected.clear);
  if ('mechanisms' in expected) return loginsAreBy(shown, expected.mechanisms, expected.alsoSupported);
  if ('no' in expected) return noneIsBy(shown, expected.no);
  if ('inside' in expected) return loginIsInside(shown, expected.inside);
  if ('ports' in expected) return contentIsOn(shown, expected.ports);
  if ('never' in expected) return isNever(shown);
  if ('server' in expected) return serverPlays(shown, expected.server);
  if ('answersInClear' in expected) return answersOn(shown, expected.answersInClear, expected.answersInTls);
  if ('seen' in expected) return isSeen(shown);
  if ('announced' in expected) return isAnnounced(shown);
  if ('answered' in expected) return isAnswered(shown);
  if ('upgrade' in expected) return upgradeIsAsked(shown);
  if ('certificate' in expected) {
    if (expected.certificate === 'possible') return certificateIsProven(shown);
    const { result, reason, evidence } = evaluateClientCertificate(record, observe(record), topology, roles);
    if (result === 'notchecked' || result === 'error') return null;
    return { result, reason, evidence: shown.told(evidence) };
  }
  return expected satisfies never;
}

function isPrivate(shown: Shown): Answer {
  switch (shown.protection) {
    case 'privacy':
      return shown.privacy();
    case 'integrity':
      return shown.answer('fail', 'integrity-only', shown.of('secured'));
    case 'none':
      return shown.answer('fail', 'clear-content', shown.of('exposed'));
    default:
      return shown.unknown('no-content');
  }
}

function isClear(shown: Shown, result: 'pass' | 'informational'): Answer | null {
  if (shown.protection !== 'none') return shown.hidden();
  return shown.answer(result, result === 'pass' ? 'as-expected' : 'clear-by-default', shown.of('exposed'));
}

function loginsAreBy(shown: Shown, wanted: readonly string[], alsoSupported: readonly string[]): Answer | null {
  const logins = shown.of('authenticated');
  const accepted = logins.filter(({ outcome }) => outcome === 'accepted');
  if (accepted.length === 0) return shown.hidden();
  const other = accepted.filter(({ mechanism }) => !wanted.includes(mechanism));
  if (other.length > 0) {
    const refuting = other.filter(({ mechanism }) => !alsoSupported.includes(mechanism));
    if (refuting.length > 0) return shown.answer('fail', 'not-supported', refuting);
    return shown.answer('informational', 'not-default', other);
  }
  const unseen = logins.some(({ outcome, mechanism }) => outcome === 'unseen' && !wanted.includes(mechanism));
  const hidden = couldHideAnotherLogin(shown.record);
  if (!unseen && !hidden) return shown.pass(accepted);
  return shown.answer('unknown', hidden?.why ?? mostTelling(shown.record) ?? 'one-direction', accepted);
}

function noneIsBy(shown: Shown, unwanted: readonly string[]): Answer | null {
  const lists = shown.of('offered').filter((fact) => fact.what === 'authentication');
  const tries = shown.of('authenticated').filter(({ mechanism }) => unwanted.includes(mechanism));
  const contradicting = [
    ...lists.filter(({ mechanisms }) => mechanisms.some((name) => unwanted.includes(name.toLowerCase()))),
    ...tries.filter(({ outcome }) => outcome === 'accepted'),
  ];
  if (contradicting.length > 0) return shown.answer('fail', 'not-expected', contradicting);
  const hidden = mostTelling(shown.record);
  if (hidden !== null) return shown.unknown(hidden);
  // a server may refuse a login for its mechanism, or for another reason
  if (tries.length > 0) return shown.answer('unknown', 'nothing-contradicts', tries);
  if (shown.protection !== 'none') return shown.hidden();
  return lists.length > 0 ? shown.pass(lists) : shown.answer('unknown', 'nothing-contradicts', shown.of('exposed'));
}

function loginIsInside(shown: Shown, negotiation: string): Answer | null {
  const logins = shown.of('authenticated').filter(({ inside }) => inside === negotiation);
  return logins.length > 0 ? shown.pass(logins) : null;
}

function contentIsOn(shown: Shown, ports: readonly number[]): Answer | null {
  if (!shown.carries) return null;
  const { content, flow } = shown;
  return ports.includes(flow.server.port ?? 0)
    ? shown.pass(content)
    : shown.answer('informational', 'unlisted-port', content);
}

const isNever = ({ carries, begins }: Shown): Answer | null =>
  carries ? { result: 'fail', reason: 'not-expected', evidence: [begins] } : null;

function serverPlays(shown: Shown, roles: readonly string[]): Answer | null {
  if (!shown.carries) return null;
  const plays = roles.some((role) => shown.flow.server.roles.includes(role));
  const called = shown.of('described').filter(({ what }) => what === 'rpc-interface' || what === 'rpc-call');
  const answer = plays ? shown.pass(called) : shown.answer('fail', 'not-expected', called);
  return called.length > 0 ? answer : { ...answer, evidence: [shown.begins] };
}

function answersOn(shown: Shown, inClear: readonly number[], inTls: readonly number[]): Answer | null {
  const { flow, record, content } = shown;
  const [protocol] = record.protocolPath;
  // a handshake that came to nothing says nothing of what is served
  if (flow.bytes.server === 0 || !shown.carries || protocol === undefined) return null;
  const listed = protocol === 'tls' ? inTls : inClear;
  if (listed.includes(flow.server.port ?? 0)) return shown.pass(content);
  return shown.answer('fail', protocol === 'tls' ? 'not-expected' : 'clear-content', content);
}

function isSeen({ flow, begins }: Shown): Answer | null {
  const spoke = flow.bytes.client + flow.bytes.server > 0;
  return spoke ? { result: 'pass', reason: 'as-expected', evidence: [begins] } : null;
}

function isAnnounced(shown: Shown): Answer {
  const announced = shown.of('described').filter(({ what }) => what === 'announced');
  // who asked before the capture began still knows
  return announced.length > 0 ? shown.pass(announced) : shown.unknown('not-observed');
}

function isAnswered({ record, flow, begins }: Shown): Answer {
  const ignored = record.opened && flow.bytes.server === 0 && !/[hr]/.test(record.history);
  return ignored
    ? { result: 'informational', reason: 'unanswered', evidence: [begins] }
    : { result: 'unknown', reason: 'not-on-the-wire', evidence: [] };
}

function upgradeIsAsked(shown: Shown): Answer | null {
  const { upgrade } = shown.flow;
  if (!upgrade) return null;
  if (upgrade.accepted && shown.protection === 'privacy') return shown.privacy();
  if (shown.protection !== 'none') return shown.hidden();
  const asked = shown.of('described').find(({ what }) => what === 'upgrade-asked');
  const exposed = shown.of('exposed');
  // who asked and was refused has tried
  if (asked && exposed[0] && isBefore(asked, exposed[0])) return shown.pass([asked]);
  return upgrade.offered
    ? shown.answer('fail', 'clear-content', exposed)
    : shown.answer('informational', 'not-offered', exposed);
}

function certificateIsProven(shown: Shown): Answer | null {
  const proofs = shown
    .of('authenticated')
    .filter(({ mechanism, outcome }) => mechanism === 'certificate' && outcome === 'accepted');
  return proofs.length > 0 ? shown.pass(proofs) : null;
}
