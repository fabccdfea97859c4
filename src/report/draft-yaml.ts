import { stringify } from 'yaml';
import type { DraftedHost, Sighting } from '../check/draft-topology.ts';
import type { Sink } from './format.ts';
import { visible } from './visible.ts';

/** A drafted topology as YAML, with what speaks for each guess as comments. It is valid as it stands, and a person's to correct. */
export function writeDraft(
  hosts: readonly DraftedHost[],
  files: readonly string[],
  fileName: (capture: number) => string,
  sink: Sink,
): void {
  const at = ({ capture, frame }: Sighting) =>
    frame === null ? `by ${fileName(capture)} itself` : `frame ${frame} of ${fileName(capture)}`;
  const comment = (text: string, indent = '  ') => sink(`${indent}# ${visible(text)}\n`);
  comment(`Drafted by pcap-audit from ${files.join(', ')}.`, '');
  comment(
    'A guess, for a person to correct. What stands here without doubt in the capture is a role; what only could be',
    '',
  );
  comment('is in a comment. Check every line: a wrong role makes a wrong audit.', '');
  const sure = hosts.filter((host) => strongRoles(host).length > 0);
  const unsure = hosts.filter((host) => strongRoles(host).length === 0);
  sink(sure.length === 0 ? 'hosts: []\n' : 'hosts:\n');
  const taken = new Set<string>();
  for (const host of sure) {
    writeEvidence(host, at, comment);
    const name = freeName(host, taken);
    sink(`  - name: ${scalar(name)}\n`);
    sink(`    addresses: [${host.addresses.map(scalar).join(', ')}]\n`);
    sink(`    roles: [${strongRoles(host).join(', ')}]\n`);
  }
  if (unsure.length === 0) return;
  sink('\n');
  comment('Who these are the capture does not tell for sure. Take the comment signs away where you know.', '');
  for (const host of unsure) {
    writeEvidence(host, at, comment);
    const weak = [...new Set(host.roles.map(({ role }) => role))];
    const name = scalar(freeName(host, taken));
    comment(`- { name: ${name}, addresses: [${host.addresses.map(scalar).join(', ')}], roles: [${weak.join(', ')}] }`);
  }
}

function writeEvidence(host: DraftedHost, at: (seen: Sighting) => string, comment: (text: string) => void): void {
  comment(`${host.addresses.join(', ')}: ${host.flows} flows`);
  for (const name of host.names) comment(`  called ${name.text}, ${at(name)}`);
  for (const { role, certainty, why, seen } of host.roles) {
    comment(`  ${role}${certainty === 'strong' ? '' : '?'}: ${why.en}: ${seen.text}, ${at(seen)}`);
  }
}

const strongRoles = ({ roles }: DraftedHost): string[] => [
  ...new Set(roles.filter(({ certainty }) => certainty === 'strong').map(({ role }) => role)),
];

/** The first label of its first name, else its address; a name that is taken gets its address behind it. */
function freeName(host: DraftedHost, taken: Set<string>): string {
  const called = host.names[0]?.text.replace(/ \([a-z0-9-]+\)$/, '').split('.')[0];
  const plain = called && /^[\w-]{1,63}$/.test(called) ? called : host.addresses[0]!;
  const name = taken.has(plain.toLowerCase()) ? `${plain} ${host.addresses[0]}` : plain;
  taken.add(name.toLowerCase());
  return name;
}

/** A YAML scalar on one line. */
const scalar = (text: string): string => stringify(text, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 }).trim();
