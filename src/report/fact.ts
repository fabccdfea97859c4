import type { Authenticated } from '../protocols/fact.ts';
import type { FactWords, Words } from './words.ts';

/** what is offered and refused, and no login */
const notLogins = /^([A-Z]|application\/|upgrade$|client-certificate$|authentication$)/;

/** What evidence names, in the words of a language. What is no fact that the checker puts into words stays as it is: it is data. */
export function factWords(fact: string, words: Words): string {
  const { fact: say, content, mechanism } = words;
  const without = /^what the server can do, without (.+)$/.exec(fact)?.[1];
  if (without !== undefined) return say.without(without);
  const [, protocol, port] = /^(\S+) on ((?:tcp|udp)\/\d+)$/.exec(fact) ?? [];
  if (protocol !== undefined && port !== undefined) return say.service(protocol, port);
  const clear = /^(\S+) in clear$/.exec(fact)?.[1];
  if (clear !== undefined && Object.hasOwn(content, clear)) return say.inClear(content[clear as keyof typeof content]);
  const [, by, level] = /^(\S+) (privacy|integrity)$/.exec(fact) ?? [];
  if (by !== undefined && Object.hasOwn(mechanism, by)) {
    return say.secured(mechanism[by as keyof typeof mechanism], level === 'privacy' ? 'privacy' : 'integrity');
  }
  if (Object.hasOwn(say.described, fact)) return say.described[fact as keyof FactWords['described']];
  if (fact === 'client-certificate refused') return say.noCertificate;
  const [, what, step] = /^(\S+) (offered|refused|asked|accepted)$/.exec(fact) ?? [];
  if (what !== undefined && (step === 'offered' || step === 'asked' || notLogins.test(what))) {
    return say.step(what, step as 'offered');
  }
  const [, login, outcome, principal] =
    /^([a-z0-9-]+) (accepted|refused|unfinished|unseen)(?: for (.+))?$/s.exec(fact) ?? [];
  if (login === undefined) return words.detail(fact);
  return say.login(login, outcome as Authenticated['outcome'], principal ?? null);
}
