import type { Direction } from '../flows/direction.ts';
import type { TunnelKind } from '../flows/flow.ts';

export type { TunnelKind };

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
  /** an RPC interface was bound and accepted; `version` as `major.minor`; numbers as on the wire, 0 where nobody authenticates */
  | { what: 'rpc-interface'; uuid: string; version: string; authType: number; authLevel: number }
  /** calls of an interface went by at this level; `uuid` null where the bind was not seen */
  | { what: 'rpc-call'; uuid: string | null; authType: number; authLevel: number }
  /** an endpoint mapper said where an interface can be reached; `annotation`: what a server calls it, where a list of all was asked for */
  | {
      what: 'rpc-endpoint';
      uuid: string;
      transport: 'tcp' | 'udp' | 'http';
      address: string;
      port: number;
      annotation?: string;
    }
  /** this flow's address and port were announced by the flow that `announcedIn` is a frame of */
  | { what: 'announced'; protocol: string; detail: string; announcedIn: { capture: number; frame: number } }
  /** a KDC issued a ticket (AS-REP, TGS-REP) to `client` (`name@REALM`) for `service` (`class/host`) */
  | { what: 'ticket-issued'; client: string; service: string; realm: string; etype: number }
  /** a client asked a KDC for a ticket; `client` only in an AS-REQ */
  | { what: 'ticket-requested'; client: string | null; service: string; realm: string; etypes: number[] }
  | { what: 'kerberos-error'; code: number; service: string }
  /** a client showed a ticket for this service (AP-REQ) */
  | { what: 'ticket-shown'; service: string; realm: string; etype: number }
  /** what selects a data path: an HTTP path, a share (`\\host\share`), a named pipe (`\PIPE\winreg`), a net.tcp address */
  | { what: 'resource'; name: string }
  /** SDP announced media at this address and port; `keys`: how SRTP gets its keys, `none` where the profile is clear */
  | {
      what: 'media';
      address: string;
      port: number;
      profile: string;
      keys: 'none' | 'sdes' | 'dtls' | 'mikey' | 'unknown';
    }
  /** IKE negotiated this cipher for what it protects: an IANA transform number */
  | { what: 'ipsec-cipher'; ikeVersion: 1 | 2; of: 'ike' | 'esp'; cipher: number }
  /** the flow's first packet lay in this: `source` and `destination` are the tunnel's ends, null where it has none of its own */
  | { what: 'tunnel'; carrier: TunnelKind; id: number | null; source: string | null; destination: string | null }
  /** a detail of one protocol that only a report needs, such as `smb-dialect`: kept once per name and value */
  | { what: 'property'; name: string; value: string | number | boolean }
);

/** Protected content: `privacy` hides it, `integrity` only guards it against change. */
export type ProtectionLevel = 'integrity' | 'privacy';

/** As on the wire: a command, or the name of a .NET message framing upgrade. */
export type UpgradeVerb =
  | 'STARTTLS'
  | 'X-ANONYMOUSTLS'
  | 'STLS'
  | 'application/negotiate'
  | 'application/ssl-tls'
  | 'TLS/1.0';

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
  | 'apop'
  | 'scram'
  | 'external'
  | 'exchangeauth'
  | 'bearer'
  | 'forms'
  | 'certificate'
  | 'netlogon'
  | 'anonymous'
  | 'guest'
  | 'unknown';

/**
 * A fact with where it was seen: index of the capture, frame in it, who sent what shows it, and the protocol that states
 * it. `order`: its place among all frames of the run, where several captures were read, and in the course
 * of its flow, a fraction, where frames were out of order. `time`: seconds since 1970; of bytes that came out of order, when they could be read.
 */
export type StampedFact = Fact & {
  capture: number;
  frame: number;
  order?: number;
  time: number;
  from: Direction;
  protocol: string;
};
