import type { Reason } from '../../check/result.ts';

/** What would decide a check that stayed open for this reason; null where the reason leaves nothing open. */
export const englishAdvice: Record<Reason | 'no-ticket', string | null> = {
  midstream: 'Begin to record before the connection opens: restart the service on one end while recording.',
  'one-direction': 'Record on one of the two hosts, or on a mirror port that sees both directions.',
  gap: 'Record on one of the two hosts instead of a mirror port, with a larger capture buffer (dumpcap -B 256).',
  'truncated-capture': 'Record whole frames: snap length 0 (dumpcap -s 0, netsh trace packettruncatebytes=0).',
  'dropped-frames': 'Record with a larger buffer (dumpcap -B 256) or with a filter for the hosts in question.',
  malformed: 'Look at the named frame in Wireshark; if it is well formed there, report it as a bug.',
  encrypted: 'Nothing on the wire: the two ends know. TLS 1.2 would show the certificates that TLS 1.3 hides.',
  'resumed-session': 'Record a full handshake: restart one of the two services, so that no session can be resumed.',
  'no-content': 'Record while the service is in use, until mail, a login or a query goes over the connection.',
  limit: 'Audit fewer captures at once, or a capture that is filtered for these hosts.',
  'unknown-link': 'Record on an Ethernet interface.',
  'ambiguous-overlap': 'Record on the receiving host, and find out what on the way sends the same bytes twice.',
  'left-protocol': 'Look at the named frame in Wireshark: what followed is no longer the protocol of this path.',
  'esp-null-possible':
    'Record the IKE negotiation as well, or look at the rule on one of the hosts (netsh advfirewall).',
  'as-expected': null,
  'not-observed': 'Record on a host of either end while the service is in use.',
  'nothing-to-judge': null,
  'unrecognised-content': 'Look at the flow in Wireshark: another service may use this port.',
  'inside-encryption':
    'Record the Kerberos traffic (port 88) of the client as well, from before it logs in: a ticket for the service answers.',
  'no-ticket':
    'Nothing on the wire: the reference has no Kerberos on this path, so there never is a ticket that answers. Look at the log or the settings of the host that was logged in to.',
  'interface-unknown':
    'Record from before the RPC bind, and the endpoint mapper (port 135) as well; name unpublished interfaces in the topology.',
  'roles-unknown': 'Name the two hosts in a topology.',
  'ambiguous-path':
    'Give the hosts fewer roles in the topology, or record what tells the paths apart (URL, interface, pipe).',
  'no-analyzer': 'This version cannot; look at the flow in Wireshark.',
  'not-on-the-wire': 'Nothing on the wire: look at the configuration, or list the gateways in the topology.',
  'not-authenticated': null,
  'not-supported': null,
  'not-default': null,
  'integrity-only': null,
  'clear-content': null,
  'clear-by-default': null,
  'better-than-documented': null,
  'unlisted-port': null,
  'listed-gateway': null,
  'unlisted-gateway': null,
  'correlated-ticket': null,
  'not-offered': null,
  'no-client-certificate': null,
  'unlisted-certificate': 'List the thumbprints of this host in the topology (thumbprints).',
  'reference-uncertain': null,
  'not-expected': null,
  'clear-between-sites': null,
  'old-version': null,
  'nothing-contradicts': 'Nothing on the wire shows the rest: look at the configuration of the hosts.',
  unanswered:
    'Look whether the service runs and a firewall lets it through; record on both ends to see where it is lost.',
  'local-only': 'Nothing on the wire: this traffic stays inside one host.',
};
