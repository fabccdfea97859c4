import type { Authenticated } from '../protocols/fact.ts';
import type { Pack } from './pack.ts';

type Word = Pack['authenticationWords'][string];

/** The words of a cell, opened: what on the wire satisfies them. */
export interface Accepted {
  words: Word[];
  /** a client certificate is one way, or the only way, in */
  certificate: 'required' | 'accepted' | 'no';
  /** the peer's address is one way in */
  byAddress: boolean;
  anonymous: boolean;
  /** mechanisms that the carrier takes beside the words */
  also: readonly string[];
}

export function acceptedBy(names: readonly string[], pack: Pack, also: readonly string[] = []): Accepted {
  const words = names.map((name) => pack.authenticationWords[name]).filter((word) => word !== undefined);
  const certificates = words.filter((word) => word.by === 'client-certificate').length;
  return {
    words,
    certificate: certificates === 0 ? 'no' : certificates === words.length ? 'required' : 'accepted',
    byAddress: words.some((word) => word.by === 'peer-address'),
    anonymous: words.some((word) => word.mechanisms.includes('anonymous')),
    also,
  };
}

/** Whether an attempt is one that the cell's words allow. */
export function allows(accepted: Accepted, attempt: Authenticated): boolean {
  if (attempt.mechanism === 'certificate') return accepted.certificate !== 'no';
  if (accepted.also.includes(attempt.mechanism)) return true;
  return accepted.words.some(
    (word) =>
      word.mechanisms.includes(attempt.mechanism) &&
      (word.exceptVersions === undefined ||
        (attempt.version !== undefined && !word.exceptVersions.includes(attempt.version))),
  );
}

/** Whether an attempt that the words do not allow may be one that they do: what was negotiated inside, or its version, was not seen. */
export function mayAllow(accepted: Accepted, attempt: Authenticated): boolean {
  if (attempt.mechanism === 'negotiate') {
    return accepted.words.some((word) => word.mechanisms.some((inside) => inside === 'kerberos' || inside === 'ntlm'));
  }
  return attempt.version === undefined && accepted.words.some((word) => word.mechanisms.includes(attempt.mechanism));
}

/** Whether an attempt that is not the default is better than one that is, by the pack's order of its words. */
export function isStronger(attempt: Authenticated, byDefault: Accepted, pack: Pack): boolean {
  const words = Object.entries(pack.authenticationWords);
  const defaults = words
    .filter(([, word]) => byDefault.words.includes(word) && word.by === 'mechanism')
    .map(([name]) => name);
  return words.some(
    ([, word]) =>
      word.mechanisms.includes(attempt.mechanism) && (word.betterThan ?? []).some((name) => defaults.includes(name)),
  );
}
