import type { Direction } from '../flows/direction.ts';

/**
 * Something seen in a flow, true whatever any rule says. Numbers stay numbers; they get their names when printed.
 * No fact ever holds a password, a hash, a ticket or a response to a challenge.
 */
export type Fact =
  /** a server says it can upgrade to TLS, or a server asks for a client certificate, or names the mechanisms it accepts */
  | { kind: 'offered'; what: 'upgrade'; verb: UpgradeVerb }
  | { kind: 'offered'; what: 'authentication'; mechanisms: string[] }
  | { kind: 'offered'; what: 'client-certificate' }
  /** a server declines an upgrade (`code` as on the wire: `454`, `52`), or a client answers a certificate request with none */
  | { kind: 'refused'; what: 'upgrade'; verb: UpgradeVerb; code: string }
  | { kind: 'refused'; what: 'client-certificate' }
  /** protected content was seen: everything of this protocol from this frame on goes through `mechanism` */
  | { kind: 'secured'; mechanism: SecurityMechanism; level: ProtectionLevel }
  /** content went unprotected */
  | { kind: 'exposed'; content: Content }
  | Authenticated
  | Described;

/** Somebody tried to prove who they are. */
export interface Authenticated {
  kind: 'authenticated';
  mechanism: AuthenticationMechanism;
  /** the negotiation that it took place in */
  inside?: 'negotiate';
  outcome: 'accepted' | 'refused' | 'unfinished' | 'unseen';
  /** who, where it is named in clear */
  principal?: string;
  /** false where the exchange shows the password itself */
  protected: boolean;
  version?: string;
  etype?: number;
}

/** Anything else that a report or an attribution needs. */
export type Described = { kind: 'described' } /** the client asked for the upgrade; the server agreed */ & (
  | { what: 'upgrade-asked'; verb: UpgradeVerb }
  | { what: 'upgrade-accepted'; verb: UpgradeVerb; code: string }
  /** after an accepted upgrade the stream went on in clear */
  | { what: 'upgrade-not-followed'; verb: UpgradeVerb }
  /** the server's whole list of capabilities was seen, and no upgrade was in it */
  | { what: 'nothing-to-upgrade' }
  /** a capability line that something between the two has overwritten (`XXXXXXXX`) */
  | { what: 'masked-capability'; text: string }
  | { what: 'banner'; text: string }
  /** the name a peer gives itself or is called by: HELO name, server name, NTLM computer name */
  | { what: 'peer-name'; of: Direction; name: string }
  /** an address has a name, by DNS */
  | { what: 'address-name'; address: string; name: string }
  | { what: 'tls-client-hello'; version: number; serverName: string | null; offersResumption: boolean }
  /** `version` as negotiated: 0x0002 for SSL 2, 0x0300 … 0x0304 */
  | { what: 'tls-server-hello'; version: number; cipherSuite: number; resumed: boolean }
  | {
      what: 'certificate';
      of: Direction;
      subject: string;
      issuer: string;
      selfSigned: boolean;
      sha256: string;
      notBefore: string;
      notAfter: string;
    }
  /** the client proved that it holds the key of its certificate (CertificateVerify seen) */
  | { what: 'client-certificate-proven' }
  | { what: 'tls-finished' }
  /** after both Finished a new handshake took place inside the encryption: a client certificate could be in it */
  | { what: 'tls-renegotiated' }
  | { what: 'tls-alert'; level: number; code: number }
);

/** Protected content: `privacy` hides it, `integrity` only guards it against change. */
export type ProtectionLevel = 'integrity' | 'privacy';

export type UpgradeVerb = 'STARTTLS' | 'X-ANONYMOUSTLS' | 'STLS';

export type SecurityMechanism =
  | 'tls'
  | 'starttls'
  | 'x-anonymoustls'
  | 'stls'
  | 'ldap-starttls'
  | 'sasl'
  | 'dcerpc'
  | 'smb-signing'
  | 'smb3'
  | 'nns'
  | 'srtp'
  | 'dtls'
  | 'esp'
  | 'ah';

/** What kind of content went unprotected. Greetings, capability lists, redirects and handshakes are not content. */
export type Content = 'message' | 'credentials' | 'directory' | 'rpc' | 'file' | 'mailbox' | 'call' | 'web';

export type AuthenticationMechanism =
  | 'kerberos'
  | 'ntlm'
  | 'negotiate'
  | 'basic'
  | 'login'
  | 'plain'
  | 'simple-bind'
  | 'user-pass'
  | 'digest'
  | 'cram-md5'
  | 'scram'
  | 'external'
  | 'exchangeauth'
  | 'bearer'
  | 'forms'
  | 'certificate'
  | 'netlogon'
  | 'anonymous'
  | 'unknown';

/** A fact with where it was seen: index of the capture, frame in it, who sent what shows it, and the protocol that states it. */
export type StampedFact = Fact & { capture: number; frame: number; from: Direction; protocol: string };
