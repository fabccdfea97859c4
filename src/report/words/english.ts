import type { Reason } from '../../check/result.ts';
import type { BlindSpotWhy } from '../../flows/blind-spot.ts';
import type { Described } from '../../protocols/fact.ts';
import type { Words } from '../words.ts';
import { englishAdvice } from './english-advice.ts';
import { englishCompare } from './english-compare.ts';
import { englishFact } from './english-facts.ts';
import { englishPage } from './english-page.ts';
import { englishPhrases } from './english-phrases.ts';

const blindSpot = {
  midstream: 'The connection was already open when the capture began, so how it began was not seen.',
  'one-direction': 'Only one direction of the connection is in the capture.',
  gap: 'Bytes of the connection are missing from the capture.',
  'truncated-capture': 'Frames were cut when they were recorded (snap length), so their content is missing.',
  'dropped-frames': 'The recording machine lost frames.',
  malformed: 'A message did not follow its protocol and could not be read.',
  encrypted: 'The content is encrypted, so what is inside was not seen.',
  'resumed-session': 'An earlier TLS session was resumed, which shows no certificates again.',
  'no-content': 'The connection never came to mail, logins or queries, so nothing shows how these would travel.',
  limit: 'A limit of this program was reached, and the rest of the connection was not looked at.',
  'unknown-link': 'Frames came over a kind of link that this program does not read.',
  'ambiguous-overlap':
    'The same bytes were sent twice with different content; the two ends may have read different things.',
  'left-protocol': 'The connection stopped being the protocol it began with, and what followed was not recognised.',
  'esp-null-possible':
    'IPsec ESP was used, but it can run without encryption, and the capture does not show whether it did.',
} satisfies Record<BlindSpotWhy, string>;

const reason = {
  ...blindSpot,
  'as-expected': 'Seen as the reference expects.',
  'not-observed': 'No such traffic is in the capture.',
  'nothing-to-judge': 'The reference expects nothing here.',
  'unrecognised-content': 'The port fits, but the content was not recognised as the protocol.',
  'inside-encryption': 'A login, if there was one, happened inside the encryption.',
  'interface-unknown': 'The capture does not show which RPC interface was called.',
  'roles-unknown': 'The roles of the two hosts are unknown: a topology would name them.',
  'ambiguous-path': 'The traffic fits several paths of the reference, and nothing in it tells which.',
  'no-analyzer': 'This program does not read the protocol of this path yet.',
  'not-on-the-wire': 'What the reference expects here does not show in network traffic.',
  'not-authenticated': 'Content was exchanged without a login before it.',
  'not-supported': 'The authentication seen is not one that the reference supports on this path.',
  'not-default': 'The authentication seen is supported by the reference, but is not its default.',
  'integrity-only': 'The content was signed against change, but not encrypted.',
  'clear-content': 'Content travelled in clear.',
  'clear-by-default': 'Content travelled in clear, which is the documented default of this path.',
  'better-than-documented': 'The content was protected, though the reference does not ask for it by default.',
  'unlisted-port': 'The port is not one that the reference lists for this path.',
  'listed-gateway': 'The peer is one of the gateways that the topology lists.',
  'unlisted-gateway': 'The peer is not one of the gateways that the topology lists.',
  'correlated-ticket': 'Inferred: a Kerberos ticket for this service was issued to the same host just before.',
  'not-offered': 'Content travelled in clear because the peer of another organisation offered no TLS.',
  'no-client-certificate': 'The client showed no certificate of its own.',
  'unlisted-certificate': 'The certificate is not one that the topology accepts.',
  'reference-uncertain': 'Against the reference, but the reference itself is in doubt here.',
  'local-only': 'The reference expects this inside one host, where no capture sees it.',
  'not-expected': 'Traffic that the reference rules out was seen.',
  unanswered: 'A connection was asked for and not answered.',
  'clear-between-sites': 'Content travelled in clear between two sites, where protection is the default.',
  'old-version': 'The TLS version is older than the rule accepts.',
  'nothing-contradicts': 'Nothing seen contradicts it, but what was seen does not show all of it.',
} satisfies Record<Reason, string>;

const described = {
  'upgrade-asked': 'the upgrade was asked for',
  'upgrade-accepted': 'the upgrade was accepted',
  'upgrade-not-followed': 'the accepted upgrade was not followed by TLS',
  'nothing-to-upgrade': 'no upgrade among what the server can do',
  'masked-capability': 'an overwritten capability line',
  banner: 'the greeting of the server',
  'peer-name': 'the name of a peer',
  'address-name': 'the name of an address',
  'tls-client-hello': 'TLS ClientHello',
  'tls-server-hello': 'TLS ServerHello',
  certificate: 'a certificate',
  'client-certificate-proven': 'the client proved its certificate',
  'tls-finished': 'the TLS handshake finished',
  'tls-renegotiated': 'a new TLS handshake inside the encryption',
  'tls-alert': 'a TLS alert',
  'rpc-interface': 'an RPC interface was bound',
  'rpc-call': 'RPC calls',
  'rpc-endpoint': 'an answer of the endpoint mapper',
  announced: 'announced by another flow',
  'ticket-issued': 'a Kerberos ticket was issued',
  'ticket-requested': 'a Kerberos ticket was asked for',
  'kerberos-error': 'a Kerberos error',
  'ticket-shown': 'a Kerberos ticket was shown',
  resource: 'what was asked for',
  media: 'media was announced',
  'ipsec-cipher': 'the cipher of IPsec',
  tunnel: 'a tunnel',
  property: 'a detail of the protocol',
} satisfies Record<Described['what'], string>;

/** "a, b and c" */
function enumerate(items: string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

export const english: Words = {
  result: {
    pass: 'pass',
    fail: 'fail',
    unknown: 'unknown',
    notchecked: 'not observed',
    notapplicable: 'not applicable',
    informational: 'informational',
    error: 'error',
  },
  shortResult: {
    pass: 'pass',
    fail: 'FAIL',
    unknown: '?',
    notchecked: '-',
    notapplicable: 'n/a',
    informational: 'info',
    error: 'ERROR',
  },
  check: { port: 'Port', authentication: 'Authentication', encryption: 'Encryption' },
  reason,
  advice: englishAdvice,
  blindSpot,
  tell: englishFact,
  correlation: {
    ticket: 'a ticket answers for a hidden login',
    announced: 'announced by another flow',
    'possible-stripping': 'an offer of TLS that may have been taken out',
    ipsec: 'protected by IPsec',
    name: 'an address has a name',
  },
  correlationEnd: {},
  phrases: englishPhrases,
  page: englishPage,
  compare: englishCompare,
  risk: { 'in-force': 'in force', expired: 'expired', unused: 'fits nothing' },
  detail: (text) => text,
  fact: {
    inClear: (content) => `${content} in clear`,
    secured: (mechanism, level) => `${mechanism}: ${level === 'privacy' ? 'encrypted' : 'signed'}`,
    login: (mechanism, outcome, principal) =>
      `login by ${mechanism} ${outcome === 'unseen' ? 'with unseen outcome' : outcome}${principal === null ? '' : ` for ${principal}`}`,
    noCertificate: 'the server asked for a certificate, and the client answered with none',
    step: (what, step) => `${what} ${step}`,
    service: (protocol, port) => `${protocol} on ${port}`,
    without: (verb) => `what the server can do, without ${verb}`,
    described,
  },
  token: 'token',
  content: {
    message: 'mail',
    credentials: 'password',
    directory: 'directory data',
    rpc: 'RPC calls',
    file: 'file content',
    mailbox: 'mailbox content',
    call: 'voice or call data',
    web: 'web content',
  },
  mechanism: {
    tls: 'TLS',
    starttls: 'TLS after STARTTLS',
    'x-anonymoustls': 'TLS after X-ANONYMOUSTLS',
    stls: 'TLS after STLS',
    'ldap-starttls': 'TLS after LDAP StartTLS',
    sasl: 'SASL layer',
    dcerpc: 'RPC protection',
    'smb-signing': 'SMB signing',
    smb3: 'SMB 3 encryption',
    nns: '.NET NegotiateStream',
    srtp: 'SRTP',
    dtls: 'DTLS',
    esp: 'IPsec ESP',
    ah: 'IPsec AH',
  },
  protection: { none: 'in clear', integrity: 'signed only', privacy: 'encrypted', unknown: 'unknown' },
  captureProblem: {
    'no-frames': 'holds no frames',
    'cut-short': 'is cut short',
    damaged: 'is damaged',
    'record-too-large': 'has a record too large to be true',
    'unknown-interface': 'has frames of an interface that it does not describe',
    'not-in-time-order': 'is not in time order',
    'dropped-packets': 'says that frames were lost while recording',
    'secrets-present': 'carries TLS secrets',
    'unread-frames': 'has frames that could not be read',
  },
  firewall: {
    'opened-and-seen': 'opened, and used',
    'opened-not-seen': 'opened, not used in the capture',
    'seen-not-opened': 'used, but no rule opens it',
    'any-rule': 'opened by a rule for all ports',
    iis: 'opened by IIS, not by Exchange',
  },
  unexpected: {
    'no-path': 'on no path of the reference',
    'outside-reference': 'a known service outside the reference',
  },
  upgrade: {
    'not-seen': (verb) => `no offer of ${verb} was seen`,
    'not-offered': (verb) => `${verb} was not offered`,
    'offered-not-used': (verb) => `${verb} was offered and not used`,
    'possibly-stripped': (verb) =>
      `the offer of ${verb} was possibly stripped: a capability line was overwritten on the way`,
    'offered-elsewhere': (verb) =>
      `${verb} was not offered here, though the same server offers it in another connection`,
    'asked-no-answer': (verb) => `${verb} was asked for, and no answer was seen`,
    refused: (verb, code) => `${verb} was refused with ${code}`,
    'accepted-not-followed': (verb) =>
      verb === 'application/negotiate'
        ? `${verb} was asked for and accepted, but does not protect what followed`
        : `${verb} was asked for and accepted, but not followed by TLS`,
    'accepted-not-finished': (verb) => `${verb} was accepted, but the TLS handshake did not finish`,
    'content-beside': (verb, _code, ledTo) => `${verb} led to ${ledTo}, but this went outside it`,
    'content-before': (verb, _code, ledTo) => `${verb} led to ${ledTo}, but only after this went in clear`,
  },
  inClear: (contents) => (contents.length === 0 ? 'content in clear' : `${enumerate(contents)} in clear`),
  notEncrypted: (mechanism) => `content signed, but not encrypted (${mechanism})`,
  unlistedPort: (protocol, transport, port) =>
    `${protocol} on ${transport.toUpperCase()} port ${port ?? '-'}, which the reference does not list for this path`,
  notSupported: (mechanisms) =>
    `authentication by ${mechanisms.length === 0 ? 'a mechanism' : enumerate(mechanisms)}, which the reference does not support on this path`,
};
