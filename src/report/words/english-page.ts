import { thousands } from '../number.ts';

const flows = (number: number) => `${thousands(number)} flow${number === 1 ? '' : 's'}`;

const findings = (number: number) => `${thousands(number)} finding${number === 1 ? '' : 's'}`;

/** What the HTML report says beside the phrases of all reports. Each other language has the same. */
export const englishPage = {
  skip: 'Skip to the findings',
  contents: 'Contents',
  heading: {
    summary: 'Summary',
    todo: 'What to do',
    limitsOfAudit: 'What this audit does not say',
    findings: 'Findings',
    accounts: 'Passwords and tokens that went in clear',
    unexpected: 'Unexpected',
    map: 'Who talked to whom',
    paths: 'Paths',
    timeline: 'When content went in clear',
    tls: 'TLS versions and cipher suites',
    undecided: 'Could not be decided',
    notObserved: 'Not observed',
    assertions: 'Statements of the reference',
    inferred: 'Inferred',
    firewall: 'Firewall rules',
    flows: 'Flows',
    hosts: 'Hosts',
    quality: 'Capture quality',
    audit: 'Audit trail',
  },
  referenceIs: (documents: string) => `“The reference” in this report: ${documents}.`,
  yearsApart: (first: string, last: string) =>
    `The captures are far apart (${first} to ${last}): what is found in an old one may have been fixed since, or a clock was wrong. The table of captures has the time of each.`,
  decidedOf: (decided: number, observed: number) => `Decided ${thousands(decided)} of ${thousands(observed)}`,
  decidedNote: 'checks that had traffic',
  results:
    'Paths by their worst result; below, how many single checks (port, authentication, encryption) have it. Paths that no capture can tell apart count once.',
  noFailure: 'No check failed.',
  noTodo: 'No finding asks for a change.',
  findings,
  todoOrder:
    'The gravest first: passwords in clear, other content in clear, content that is only signed, logins, ports; then by number of findings.',
  /** what: of the worst finding */
  todoItem: (what: string, number: number, hosts: string) =>
    `${findings(number)}${number === 1 ? '' : ', the worst'}: ${what}; on ${hosts}`,
  todoTotal: (number: number, failed: number) => `${findings(number)} in ${flows(failed)}.`,
  whichFirst: 'Where to begin',
  whichFirstNote: 'A finding that concerns two hosts is counted at both.',
  hostItem: (number: number) => `${findings(number)}, above in`,
  allAccepted: 'every one an accepted risk',
  someAccepted: (number: number) => `${thousands(number)} of them accepted`,
  alsoSeen: {
    /** at least, as names that differ only in their domain may be of one account */
    passwords: (number: number, atLeast: number, accounts: number) =>
      `A password went in clear in ${flows(number)}${accounts === 0 ? '' : `, of ${atLeast === accounts ? '' : `${thousands(atLeast)} to `}${thousands(accounts)} account${accounts === 1 ? '' : 's'}`}: change ${number === 1 ? 'it' : 'them'}`,
    tokens: (number: number) => `A token went in clear in ${flows(number)}: revoke ${number === 1 ? 'it' : 'them'}`,
    exposures: (number: number) => `Content in clear on no known path, in ${flows(number)}`,
    contradicted: (number: number) =>
      `${thousands(number)} statement${number === 1 ? '' : 's'} of the reference contradicted`,
  },
  openPoints: {
    unknown: (number: number) => `${thousands(number)} check${number === 1 ? '' : 's'} could not be decided`,
    notchecked: (number: number) => `${thousands(number)} path${number === 1 ? ' was' : 's were'} not observed`,
    problems: (number: number) => `${thousands(number)} problem${number === 1 ? '' : 's'} with the captures`,
    otherNames: (number: number) =>
      `${thousands(number)} address${number === 1 ? ' is' : 'es are'} called by the name of another host of the topology: which server a finding concerns depends on it (the topology is wrong, or somebody gave a false name)`,
    esp: (number: number, signedOnly: number) =>
      `${flows(number)} of IPsec ESP ${number === 1 ? 'is' : 'are'} judged on no path, as ESP hides what it carries from this audit${signedOnly === 0 ? '' : `; ${number === 1 ? 'it' : `${thousands(signedOnly)} of them`} had packets that are signed without being encrypted: whoever records them can read what is in them`}`,
    nothing: 'Everything that was seen was decided.',
  },
  whenMended:
    'What a good result looks like: the path passes for port and encryption. A login inside TLS cannot be seen and stays “? unknown”, which is no failure; it passes where the same recording shows a Kerberos ticket for it or a client certificate.',
  accept: {
    title: 'How to accept a finding that is to stay',
    how: 'Write it into a file (risks.yaml) and audit again with --exceptions risks.yaml. It stays a failure, marked as accepted by whom and until when, and no longer sets the exit code; after that day it counts again.',
    reason: '<why>',
    by: '<who>',
    until: '<year-month-day>',
  },
  where: 'Where',
  hostInDoubt: 'Find out first which host this is',
  how: 'How to fix it',
  changePasswords: (accounts: string, unnamed: number) => {
    const others = `those of ${flows(unnamed)} in which the account is not named`;
    const which = accounts === '' ? others : unnamed === 0 ? accounts : `${accounts}; and ${others}`;
    return `Then change the passwords that crossed in clear, refused ones too: ${which}.`;
  },
  renewSubscription: (accounts: string) =>
    `Accounts of an Edge subscription get new passwords with a new subscription, and not by hand: ${accounts}.`,
  revokeTokens: (number: number) =>
    `Revoke the ${number === 1 ? 'token' : 'tokens'} that crossed in clear in ${flows(number)}, where ${number === 1 ? 'it was' : 'they were'} issued: a token is no password.`,
  commands: 'Commands; replace what stands in <…>',
  proof: 'How to check it',
  recheck:
    'Record again on one of the two ends, from before the connection begins, and audit it: the finding must be gone, and its path must stand among the paths seen',
  recheckBoth:
    'Record again at both ends at the same time, from before the connection begins, and audit each recording: only together they tell whether something changes what is sent on the way',
  sameElsewhere: (number: number) => `The same in ${thousands(number)} more flow${number === 1 ? '' : 's'}`,
  otherTodo: 'Findings without a known remedy',
  seen: 'Seen',
  reference: 'Expected',
  path: 'Path',
  askedFor: 'Asked for',
  carriedIn: 'Carried in',
  evidence: 'Evidence',
  note: 'Note',
  accepted: 'Accepted',
  comment: (text: string) => `comment in the capture: “${text}”`,
  interface: (name: string) => `captured on ${name}`,
  filterFor: (ends: string, captures: string) => `Wireshark filter for ${ends} in ${captures}`,
  accounts: {
    caption: 'Accounts whose password or token went in clear',
    columns: ['Account', 'Logins', 'From and to', 'Flows', 'First seen'],
    note: 'Whoever could listen has these, whether or not the login was accepted. Change passwords once the way is encrypted: a new password on the same way would be no better.',
    unnamed: 'not named',
    token: 'a token: revoke it',
    tokenNote: 'A token stands for a login until it expires, and is no password: revoke it where it was issued.',
    alike: (names: string) => `Perhaps one account, as the user is called the same: ${names}.`,
  },
  /** said: how many flows are on no path */
  unexpectedNote: (said: string) => `${said}; the table of flows marks them.`,
  map: {
    description:
      'Roles as nodes, flows between them as arrows; the worst result of the flows decides how an arrow is drawn.',
    caption: 'Flows between roles',
    columns: ['From', 'To', 'Flows', 'Worst result'],
    noPath: 'judged on no path',
    besides: (flows: string) => `besides, content in clear on no known path in ${flows}`,
    exposed: (flows: string) => `content in clear in ${flows}`,
    unknownRole: 'role unknown',
    left: (number: number) => `and ${thousands(number)} more pairs of roles`,
  },
  scope: { multicast: 'multicast group', broadcast: 'broadcast', 'link-local': 'this link only (link-local)' },
  matrix: {
    description: 'Each path that was seen with its three results: port, authentication, encryption.',
    caption: 'Every path of the reference',
    rule: 'Of each check, the worst of a path’s flows decides: fail, unknown, informational, pass, in this order. Flows that never came to content, and those with nothing to judge, are left out where another flow of the path did; where none did, the check is unknown.',
    columns: { path: 'Path', flows: 'Flows' },
    seen: (what: string) => `seen: ${what}`,
    seenInAll: (what: string) => `seen in its flows together: ${what}`,
    password: 'A password or token went in clear.',
    ofSome: (why: string) => `At least one flow: ${why}`,
    together: 'Rows that no capture can tell apart share their results, which are counted once:',
    alone: 'Its own flows alone:',
    with: (group: string) => `shares the results of ${group}`,
  },
  timeline: {
    description: (kind: string, number: number, from: string, to: string) =>
      `${kind}: ${flows(number)}, first seen from ${from} to ${to} UTC`,
    none: 'No content in clear was seen.',
    note: 'First appearance of each kind of content in each flow; the taller the bar, the more flows.',
  },
  tls: {
    none: 'No TLS handshake was seen.',
    versions: 'TLS versions by number of flows',
    suites: 'Cipher suites by number of flows',
    left: (number: number) => `and ${thousands(number)} more suites`,
    anonymous:
      'An anonymous suite (TLS_DH_anon, TLS_ECDH_anon) encrypts without a certificate, so TLS does not say who the other end is. Within X-ANONYMOUSTLS that is no finding, as Exchange servers then prove themselves by Kerberos inside; elsewhere nobody would notice somebody in the middle.',
  },
  undecided: {
    caption: 'Seen, but the captures do not tell',
    columns: ['Check', 'Why', 'What would decide it', 'Paths, and where it was'],
  },
  notObserved: {
    note: (number: number, counted: number) =>
      `${thousands(number)} path${number === 1 ? '' : 's'} without traffic in these captures${counted === number ? '' : ` (counted as ${thousands(counted)}: some share their results)`}; nothing is said about them. To see one, record on a host of either end, on the ports named, while the service is in use.`,
    caption: 'Where each would be seen',
    columns: ['Path', 'From', 'To', 'Ports'],
    noHost: 'no host in the topology',
  },
  assertions: {
    caption: 'Notes of the reference that a capture can test',
    columns: ['Statement', 'Result', 'Why', 'Evidence'],
  },
  inferred: {
    note: 'These are conclusions from one flow to another; --no-inference leaves them out.',
    caption: 'Inferred from one flow for another',
    columns: ['Kind', 'From', 'For', 'Evidence'],
  },
  firewall: {
    caption: 'Ports that the documented rules open, and ports in use',
    columns: ['Host', 'Role', 'Port', 'Seen', 'Flows', 'Rules'],
  },
  flows: {
    caption: 'Every flow by its first frame',
    columns: [
      'First seen (UTC)',
      'Client',
      'Server',
      'Protocol',
      'Protection',
      'Login',
      'Paths: port, login, encryption',
    ],
    size: (frames: number, bytes: number) =>
      `${thousands(frames)} frame${frames === 1 ? '' : 's'}, ${thousands(bytes)} bytes`,
    hidden: 'inside encryption, if any',
    keysInClear: 'seems encrypted, but its keys went in clear',
  },
  hosts: {
    caption: 'Addresses seen',
    columns: ['Address', 'Name', 'Roles', 'Flows', 'First seen (UTC)', 'Last seen (UTC)'],
    unnamed: 'not in the topology',
    called: (name: string, file: string) => `“${name}” says ${file}`,
  },
  blindSpots: { caption: 'What could not be seen, by number of flows', columns: ['What', 'Flows'] },
  limits: {
    caption: 'Limits that were reached',
    columns: ['Limit', 'Cap', 'Reached', 'Meaning'],
    times: (number: number) => `${thousands(number)} time${number === 1 ? '' : 's'}`,
  },
  risks: {
    caption: 'Accepted risks',
    columns: ['For', 'State', 'Flows', 'Who, until when', 'Reason'],
    until: (by: string, until: string) => `${by}, until ${until}`,
  },
  captures: {
    caption: 'Captures',
    columns: ['File', 'Format', 'Time (UTC)', 'Problems', 'SHA-256'],
    size: (frames: number, bytes: number) =>
      `${thousands(frames)} frame${frames === 1 ? '' : 's'}, ${thousands(bytes)} bytes`,
    to: (time: string) => `to ${time}`,
    note: 'Where on the network each was recorded the audit does not know: note it beside this report.',
    lost: (number: number) => `${thousands(number)} lost while recording`,
    noHash: 'not computed',
  },
  inputs: {
    caption: 'Program and inputs',
    columns: ['What', 'Value', 'SHA-256'],
    program: 'Program',
    pack: 'Rule pack',
    topology: 'Topology',
    risks: 'Accepted risks',
    options: 'Options',
    given: 'given: known by its SHA-256, not by its name',
    none: 'none',
    defaults: 'as by default',
    verify:
      'To show later that this report belongs to these captures, write the JSON report of the same audit too (--report report.json), keep it beside this one, and run:',
    folder: '(<folder>: one that holds the captures of the table above, and no others)',
  },
  /** what the script of the page says: without script none of it appears */
  script: {
    search: 'Search findings and tables',
    show: 'Show',
    all: 'all results',
    clear: 'Clear',
    copy: 'Copy',
    copied: 'Copied',
    found: '{n} found',
    sort: 'Sort by {column}',
  },
};

export type PagePhrases = typeof englishPage;
