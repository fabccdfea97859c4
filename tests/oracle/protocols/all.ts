import { dcerpc, epm } from './dcerpc.ts';
import { dns } from './dns.ts';
import { dtls } from './dtls.ts';
import { heartbeat } from './heartbeat.ts';
import { http, http2 } from './http.ts';
import { ike } from './ike.ts';
import { kerberos } from './kerberos.ts';
import { cldap, ldap } from './ldap.ts';
import { imap4, pop3 } from './mailbox.ts';
import { rtcp, rtp } from './media.ts';
import type { ProtocolOracle } from './oracle.ts';
import { sip } from './sip.ts';
import { smtp } from './smtp.ts';
import { tls } from './tls.ts';

/** Every protocol that is held against tshark. */
export const oracles: readonly ProtocolOracle[] = [
  tls,
  smtp,
  ldap,
  cldap,
  dns,
  kerberos,
  sip,
  pop3,
  imap4,
  dcerpc,
  epm,
  dtls,
  rtp,
  rtcp,
  ike,
  heartbeat,
  http,
  http2,
];
