/** Every cap of the program, with its unit and its reason. Reaching one is recorded and reported, never silent. */
export const limits = {
  /** bytes; what is read from a file at once: large enough that system calls cost nothing, and small enough for what the processor keeps at hand */
  chunk: 1 << 18,
  /** bytes; the largest packet record believed. Wireshark's own bound for all but two link types is 256 KiB; offloads stay below it. */
  record: 1 << 18,
  /** bytes; the largest pcapng block that is not a packet (name resolution, secrets) that is read; a larger one is skipped unread */
  block: 1 << 24,
  /** bytes; a smaller file is hashed by who reads it, as a thread takes longer to start than that to hash */
  hashedWithReading: 1 << 25,
  /** captures that overlap in time and are read at once; each takes up to 2 MB */
  taps: 32,
  /** interfaces of one pcapng section */
  interfaces: 4096,
  /** VLAN tags, MPLS labels and IPv6 extension headers one behind the other */
  headers: 16,
  /** layers of one frame that carry packets of others: tunnels, labels, sessions. Four is what networks build. */
  tunnels: 8,
  /** headers read of one frame, however they lie in each other */
  layers: 64,
  /** flows open at once, of which each takes some 6 kB; the one idle longest is closed when a new one needs the room */
  flows: 49_152,
  /** closed TCP flows that are kept for stragglers, the latest ones; an older one is over */
  lingering: 4096,
  /** IP datagrams of which fragments are missing, at once */
  fragmentedDatagrams: 1024,
  /** bytes of one reassembled IP datagram (RFC 791: 65,535) */
  datagram: 65_535,
  /** bytes out of order held for one direction of a flow */
  outOfOrderBytes: 1 << 20,
  /** segments out of order held for one direction of a flow */
  outOfOrderSegments: 256,
  /** bytes out of order held for all flows together */
  outOfOrderTotal: 64 << 20,
  /** bytes that a held segment takes beside its payload, as these caps count it: without it, tiny segments would cost far more than they count */
  heldSegment: 256,
  /** first bytes of one direction kept, until the flow ends, to hold repeated bytes against: what comes before protection is rarely longer */
  head: 4096,
  /** bytes kept so for all flows together; past it repeated bytes cannot be compared, which is said of the flow */
  headsTotal: 8 << 20,
  /** bytes; the largest TCP window (RFC 7323 §2.3): nothing farther ahead is of the same connection */
  window: 1 << 30,
  /** seconds after which the fragments of an incomplete IP datagram are given up (RFC 8200 §4.5) */
  fragmentLife: 60,
  /** further packets of a flow that a hole is waited for once the peer has acknowledged what was in it */
  reorderWindow: 32,
  /** bytes of one protocol message that is put together from several segments */
  message: 1 << 18,
  /** bytes of one TLS handshake message that is put together from several records; OpenSSL takes certificate lists up to 100 KiB */
  handshake: 1 << 17,
  /** bytes of partial messages held for all flows together */
  messagesTotal: 128 << 20,
  /** bytes looked at before a stream's protocol is given up as unknown */
  identify: 512,
  /** facts kept of one flow; offers, security and exposures are kept once each, so only odd traffic gets here */
  facts: 512,
  /** facts kept of all open flows together, of some 250 bytes each; what was seen of protection and exposure is kept past it too */
  factsTotal: 500_000,
  /** blind spots kept of one flow; the rest is counted */
  blindSpots: 32,
  /** characters of a name, banner or principal kept */
  text: 256,
  /** nesting of BER elements */
  nesting: 24,
  /** comments of packets kept of one flow */
  comments: 16,
  /** names for addresses kept of what one capture file says itself */
  names: 100_000,
  /** reasons why frames of one capture could not be read that are told apart */
  unreadReasons: 16,
  /** datagrams remembered to know them again when a mirror port sends them twice, and the largest of them, in bytes */
  repeats: 512,
  repeated: 1600,
  /** milliseconds within which that happens */
  repeatWindow: 50,
  /** times a flow may change its protocol (STARTTLS and back) */
  handOvers: 4,
  /** paths of HTTP requests kept of one flow, and places where its server asked for a login */
  paths: 32,
  /** bytes of a submitted form that are read: a login has a few hundred */
  form: 1 << 14,
  /** streams carried inside one flow, such as named pipes */
  channels: 256,
  /** of one SMB connection: sessions, trees, pipes and unanswered requests remembered, of each so many; servers grant 512 credits (requests) or so */
  smbEntries: 1024,
  /** streams carried inside carried ones: RPC in SMB in nothing else is the most that occurs */
  carried: 2,
  /** IPsec associations told apart in one flow; hosts have one each way, and new ones every hour */
  associations: 64,
  /** ESP packets of one association that are looked at: its cipher stays the same */
  espPackets: 1024,
  /** addresses and ports that flows announced for others to come */
  announcements: 65_536,
  /** tickets, names and offers that flows tell of each other, kept while they are judged */
  knowledge: 500_000,
  /** names of one host in a drafted topology */
  draftedNames: 8,
  /** listening ports of all hosts that are held against firewall rules */
  listeningPorts: 100_000,
  /** pieces of evidence gathered for one note of a pack */
  assertionEvidence: 5,
  /** correlations listed in a report */
  correlations: 100_000,
  /** kinds of flow (roles, port, protocol) whose data paths are remembered; the rest is looked up again, with the same answer */
  attributions: 65_536,
  /** unnamed hosts listed in a report */
  hosts: 10_000,
  /** unexpected flows listed in a report; all are among its flows */
  unexpected: 100_000,
  /** messages taken out of one segment; more is work that a peer could not have asked for in good faith */
  messagesPerSegment: 65_536,
  /** bytes of one line of a text protocol; the longest in good faith carries a Kerberos ticket in Base64 (64 KiB) */
  line: 1 << 16,
  /** commands that a client has sent ahead of the server's answers (RFC 2920); the longest are lists of recipients */
  pipelined: 1024,
  /** interfaces kept of one RPC connection; presentation contexts are counted in 16 bits, and clients ask for a handful */
  rpcInterfaces: 256,
  /** security contexts of one RPC connection; Windows multiplexes a few users over one */
  rpcSecurityContexts: 64,
  /** RPC calls, and binds, that wait for their answer on one connection */
  rpcCalls: 256,
  /** bytes of one answer of an endpoint mapper, put together from its fragments; entries of a busy server take some 100 KiB */
  rpcAnswer: 1 << 18,
  /** requests of one direction without an answer, and calls whose media are remembered (SIP): a trunk carries many in one flow */
  transactions: 1024,
  /** media streams of one session description; a conference has some tens */
  media: 64,
  /** senders of media in one direction of a flow; a bundle of a conference has some tens, noise on a port any number */
  mediaSources: 32,
  /** addresses of one media stream that ICE tries (RFC 8838 §8 suggests 100 for all streams of a session) */
  candidates: 32,
  /** authentication mechanisms kept of one server's offer */
  mechanisms: 32,
  /** flows listed under one heading of a report for people; the rest is counted, and stands in the JSON report */
  reportedFlows: 50,
  /** frames of an annotated capture that get a comment; the findings past it are counted */
  annotatedFrames: 100_000,
  /** characters of one comment in an annotated capture; an option of pcapng holds 65,535 bytes */
  comment: 8000,
  /** bytes of a JSON report read at once, by `verify` and `diff` */
  reportChunk: 1 << 18,
  /** bytes of one line of a JSON report, or of all of it but its long lists; a report that was laid out anew may be as large */
  reportText: 1 << 26,
  /** rows of one table of an HTML report; more makes a page that browsers struggle with and nobody reads */
  tableRows: 2000,
  /** characters of a rule pack or topology; our own pack has 90 thousand, a topology of 20,000 hosts 1.2 million */
  ruleFile: 1 << 22,
  /** nodes that the aliases of a rule pack or topology may stand for, in yaml's counting, before it is taken for a bomb */
  ruleAliases: 100,
  /** problems told of one rule pack or topology; the rest is counted */
  ruleProblems: 20,
  /** certificates whose content is remembered; past it the memory starts anew, and nothing is lost but time */
  recalled: 1024,
  /** addresses whose host is remembered; past it the memory starts anew, and nothing is lost but time */
  knownAddresses: 100_000,
} as const;

export type LimitName = keyof typeof limits;
