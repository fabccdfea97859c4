import { dcerpc, epm } from './dcerpc.ts';
import { dns } from './dns.ts';
import { dtls } from './dtls.ts';
import { nmf, nns } from './framing.ts';
import { heartbeat } from './heartbeat.ts';
import { http, http2 } from './http.ts';
import { ike } from './ike.ts';
import { kerberos } from './kerberos.ts';
import { cldap, ldap } from './ldap.ts';
import { imap4, pop3 } from './mailbox.ts';
import { rtcp, rtp } from './media.ts';
import type { ProtocolOracle } from './oracle.ts';
import { sip } from './sip.ts';
import { smb } from './smb.ts';
import { smtp } from './smtp.ts';
import { tls } from './tls.ts';

/** Every protocol that is held against tshark. */
export const oracles: readonly ProtocolOracle[] = [
  cldap,
  dcerpc,
  dns,
  dtls,
  epm,
  heartbeat,
  http,
  http2,
  ike,
  imap4,
  kerberos,
  ldap,
  nmf,
  nns,
  pop3,
  rtcp,
  rtp,
  sip,
  smtp,
  tls,
  smb,
];
