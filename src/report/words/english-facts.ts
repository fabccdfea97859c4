import type { StampedFact } from '../../protocols/fact.ts';
import { refusalText } from '../names/ldap.ts';
import { cipherSuiteName, tlsVersionName } from '../names/tls.ts';
import type { Words } from '../words.ts';

/** A fact as a sentence that a mail administrator understands. */
export function englishFact(fact: StampedFact, words: Words): string {
  switch (fact.kind) {
    case 'offered':
      if (fact.what === 'upgrade') return `the server offers ${fact.verb}`;
      return fact.what === 'authentication'
        ? `the server offers to log in by ${fact.mechanisms.join(', ')}`
        : 'the server asks for a client certificate';
    case 'refused':
      return fact.what === 'upgrade'
        ? `the server refuses ${fact.verb} with ${refusalText(fact.protocol, fact.code)}`
        : 'the client has no certificate to show';
    case 'secured':
      return `${fact.level === 'privacy' ? 'encrypted' : 'signed, but readable'} content: ${words.mechanism[fact.mechanism]}`;
    case 'exposed':
      return `${words.content[fact.content]} in clear`;
    case 'authenticated':
      return loginWords(fact);
    case 'described':
      return describedWords(fact);
    default:
      return fact satisfies never;
  }
}

function loginWords(fact: Extract<StampedFact, { kind: 'authenticated' }>): string {
  const { mechanism, inside, outcome, principal, version, etype } = fact;
  const details = [
    inside ? `inside ${inside}` : '',
    version ?? '',
    etype === undefined ? '' : `encryption type ${etype}`,
    fact.protected ? '' : 'the password itself went by',
  ].filter((part) => part !== '');
  const outcomes = {
    accepted: 'accepted',
    refused: 'refused',
    unfinished: 'not finished',
    unseen: 'its answer was not seen',
  };
  return `login by ${mechanism}${principal ? ` as ${principal}` : ''}: ${outcomes[outcome]}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

function describedWords(fact: Extract<StampedFact, { kind: 'described' }>): string {
  switch (fact.what) {
    case 'upgrade-asked':
      return `the client asks for ${fact.verb}`;
    case 'upgrade-accepted':
      return `the server agrees to ${fact.verb} (${fact.code})`;
    case 'upgrade-not-followed':
      return `after ${fact.verb} was agreed on, the stream went on in clear`;
    case 'nothing-to-upgrade':
      return 'the server offers no step to TLS';
    case 'masked-capability':
      return `a line of the server's capabilities was overwritten on its way: ${fact.text}`;
    case 'banner':
      return `the server says: ${fact.text}`;
    case 'peer-name':
      return `the ${fact.of} is called ${fact.name}`;
    case 'address-name':
      return `${fact.address} is called ${fact.name}`;
    case 'tls-client-hello':
      return `TLS begins: the client offers up to ${tlsVersionName(fact.version)}${fact.serverName ? `, for ${fact.serverName}` : ''}`;
    case 'tls-server-hello':
      return `TLS ${tlsVersionName(fact.version)} with ${cipherSuiteName(fact.cipherSuite)}${fact.resumed ? ', resuming an earlier session' : ''}`;
    case 'certificate':
      return `certificate of the ${fact.of}: ${fact.subject}, from ${fact.selfSigned ? 'itself' : fact.issuer}, ${fact.notBefore.slice(0, 10)} to ${fact.notAfter.slice(0, 10)}, SHA-256 ${fact.sha256}`;
    case 'client-certificate-proven':
      return 'the client proves that it holds the key of its certificate';
    case 'tls-finished':
      return 'the TLS handshake is finished';
    case 'tls-renegotiated':
      return 'a new TLS handshake takes place inside the encryption';
    case 'tls-alert':
      return `TLS alert ${fact.code}, level ${fact.level}`;
    case 'rpc-interface':
      return `RPC interface ${fact.uuid} version ${fact.version} is bound (authentication type ${fact.authType}, level ${fact.authLevel})`;
    case 'rpc-call':
      return `calls of RPC interface ${fact.uuid ?? 'that was bound before the capture'} (authentication type ${fact.authType}, level ${fact.authLevel})`;
    case 'rpc-endpoint':
      return `RPC interface ${fact.uuid} can be reached at ${fact.address}, ${fact.transport} port ${fact.port}`;
    case 'announced':
      return `this address and port were announced before, for ${fact.protocol} (${fact.detail}), in frame ${fact.announcedIn.frame}`;
    case 'ticket-issued':
      return `a Kerberos ticket for ${fact.service} is issued to ${fact.client}, encryption type ${fact.etype}`;
    case 'ticket-requested':
      return `a Kerberos ticket for ${fact.service} is asked for${fact.client ? ` by ${fact.client}` : ''}`;
    case 'kerberos-error':
      return `the KDC answers with error ${fact.code}${fact.service ? ` about ${fact.service}` : ''}`;
    case 'ticket-shown':
      return `the client shows a Kerberos ticket for ${fact.service}, encryption type ${fact.etype}`;
    case 'resource':
      return `asks for ${fact.name}`;
    case 'media':
      return `media announced at ${fact.address}, port ${fact.port}: ${fact.profile}, keys: ${fact.keys}`;
    case 'ipsec-cipher':
      return `IKE version ${fact.ikeVersion} chooses cipher ${fact.cipher} for ${fact.of.toUpperCase()}`;
    case 'tunnel':
      return `inside ${fact.carrier}${fact.id === null ? '' : ` ${fact.id}`}${fact.source ? `, from ${fact.source} to ${fact.destination}` : ''}`;
    case 'property':
      return `${fact.name}: ${fact.value}`;
    default:
      return fact satisfies never;
  }
}
