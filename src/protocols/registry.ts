import { ah } from './ah.ts';
import type { AnyAnalyzer } from './analyzer.ts';
import { cldap } from './cldap.ts';
import { dcerpc } from './dcerpc.ts';
import { dns } from './dns.ts';
import { dtls } from './dtls.ts';
import { epm } from './epm.ts';
import { esp } from './esp.ts';
import { heartbeat } from './heartbeat.ts';
import { http } from './http.ts';
import { http2 } from './http2.ts';
import { ike } from './ike.ts';
import { imap4 } from './imap4.ts';
import { kerberos } from './kerberos.ts';
import { ldap } from './ldap.ts';
import { nmf } from './nmf.ts';
import { nns } from './nns.ts';
import { pop3 } from './pop3.ts';
import { rtcp } from './rtcp.ts';
import { rtp } from './rtp.ts';
import { sip } from './sip.ts';
import { smb } from './smb.ts';
import { smtp } from './smtp.ts';
import { tls } from './tls/tls.ts';

/** The one list of protocols. Order decides nothing but who is asked first. */
export const registry: readonly AnyAnalyzer[] = [
  tls,
  smtp,
  ldap,
  cldap,
  dns,
  kerberos,
  epm,
  dcerpc,
  sip,
  pop3,
  imap4,
  dtls,
  rtcp,
  rtp,
  ike,
  esp,
  ah,
  heartbeat,
  http,
  http2,
  nmf,
  nns,
  smb,
];
