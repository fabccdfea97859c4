import type {
  Authenticated,
  Content,
  ProtectionLevel,
  SecurityMechanism,
  StampedFact,
  UpgradeVerb,
} from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { AttemptReport, Protection, TlsReport, UpgradeReport } from './audit-report.ts';
import { couldHideCertificate } from './blind.ts';

/** What the facts of a flow say together, before any rule is asked. */
export interface Observation {
  protection: Protection;
  mechanism: SecurityMechanism | null;
  /** the first exposure of each kind of content, in order */
  exposures: FactOf<'exposed'>[];
  /** the first use of each protection, in order */
  secured: FactOf<'secured'>[];
  upgrade: UpgradeReport | null;
  /** an upgrade was there to use: offered, agreed on, or perhaps what overwrote a capability on its way took out */
  upgradeInReach: boolean;
  /** the server's whole list of capabilities was seen, and no upgrade was in it */
  nothingOffered: boolean;
  tls: TlsReport | null;
  attempts: (StampedFact & Authenticated)[];
}

export type FactOf<Kind extends StampedFact['kind']> = Extract<StampedFact, { kind: Kind }>;
type DescribedAs<What extends string> = Extract<StampedFact, { kind: 'described'; what: What }>;

export function observe(flow: FlowRecord): Observation {
  const exposures = flow.facts.filter((fact) => fact.kind === 'exposed');
  const secured = flow.facts.filter((fact) => fact.kind === 'secured');
  const { protection, mechanism } = leastProtected(exposures, secured);
  return {
    protection,
    mechanism,
    exposures,
    secured,
    upgrade: observeUpgrade(flow),
    upgradeInReach: flow.facts.some(showsUpgrade),
    nothingOffered: first(flow.facts, 'nothing-to-upgrade') !== undefined,
    tls: observeTls(flow),
    attempts: flow.facts.filter((fact) => fact.kind === 'authenticated'),
  };
}

/** The least protected moment decides (contract, rule 5). */
function leastProtected(
  exposures: readonly unknown[],
  secured: readonly FactOf<'secured'>[],
): { protection: Protection; mechanism: SecurityMechanism | null } {
  if (exposures.length > 0) return { protection: 'none', mechanism: null };
  const level: ProtectionLevel = secured.some((fact) => fact.level === 'integrity') ? 'integrity' : 'privacy';
  const weakest = secured.find((fact) => fact.level === level);
  return weakest ? { protection: level, mechanism: weakest.mechanism } : { protection: 'unknown', mechanism: null };
}

function first<What extends string>(facts: StampedFact[], what: What): DescribedAs<What> | undefined {
  return facts.find((fact) => fact.kind === 'described' && fact.what === what) as DescribedAs<What> | undefined;
}

function showsUpgrade(fact: StampedFact): boolean {
  if (fact.kind === 'offered') return fact.what === 'upgrade';
  return fact.kind === 'described' && (fact.what === 'upgrade-accepted' || fact.what === 'masked-capability');
}

/** The upgrade that was agreed on; else the one that was asked for; else the one that was offered. */
function observeUpgrade({ facts, protocolPath }: FlowRecord): UpgradeReport | null {
  const asks = facts.filter((fact) => fact.kind === 'described' && fact.what === 'upgrade-asked');
  const agreements = facts.filter((fact) => fact.kind === 'described' && fact.what === 'upgrade-accepted');
  const offers = facts.filter((fact) => fact.kind === 'offered' && fact.what === 'upgrade');
  const refusals = facts.filter((fact) => fact.kind === 'refused' && fact.what === 'upgrade');
  const masked = first(facts, 'masked-capability');
  const nothing = first(facts, 'nothing-to-upgrade');
  const named = agreements[0] ?? asks[0] ?? offers[0];
  // a server that offers no step to TLS does not name it either
  const usual = protocolPath.includes('pop3') ? 'STLS' : 'STARTTLS';
  const verb = named?.verb ?? (masked || nothing ? usual : null);
  if (verb === null) return null;
  const about = <F extends { verb: UpgradeVerb }>(list: F[]): F | undefined => list.find((fact) => fact.verb === verb);
  const [offered, asked, accepted, refused] = [about(offers), about(asks), about(agreements), about(refusals)];
  const frames: Record<string, number> = {};
  if (nothing && !offered) frames.capabilities = nothing.frame;
  if (offered) frames.offered = offered.frame;
  if (asked) frames.asked = asked.frame;
  if (accepted) frames.accepted = accepted.frame;
  if (refused) frames.refused = refused.frame;
  return {
    verb,
    offered: offered !== undefined,
    asked: asked !== undefined,
    accepted: accepted !== undefined,
    refusedWith: refused?.code ?? null,
    possiblyStripped: masked !== undefined && !accepted,
    offeredElsewhere: null,
    frames,
  };
}

const tls13 = 0x0304;

function observeTls(flow: FlowRecord): TlsReport | null {
  const { facts } = flow;
  const clientHello = first(facts, 'tls-client-hello');
  const serverHello = first(facts, 'tls-server-hello');
  if (!clientHello && !serverHello) return null;
  const certificates = facts.filter((fact) => fact.kind === 'described' && fact.what === 'certificate');
  const finished = first(facts, 'tls-finished') !== undefined;
  const requested = facts.some((fact) => fact.kind === 'offered' && fact.what === 'client-certificate');
  const refused = facts.some((fact) => fact.kind === 'refused' && fact.what === 'client-certificate');
  const shown = certificates.some((certificate) => certificate.of === 'client');
  // a full handshake up to TLS 1.2 shows all of this; a resumed or a newer one hides it, and so does what was lost
  const full = serverHello !== undefined && serverHello.version < tls13 && !serverHello.resumed && finished;
  const visible = full && couldHideCertificate(flow) === null;
  return {
    version: serverHello?.version ?? null,
    cipherSuite: serverHello?.cipherSuite ?? null,
    serverName: clientHello?.serverName ?? null,
    clientCertificateRequested: requested || (visible ? false : null),
    clientCertificate: shown || (refused || visible ? false : null),
    resumed: serverHello?.resumed ?? false,
    finished,
    certificates: certificates.map(({ of, subject, issuer, selfSigned, sha256, notBefore, notAfter }) => ({
      of,
      subject,
      issuer,
      selfSigned,
      sha256,
      notBefore,
      notAfter,
    })),
  };
}

export const attemptReport = (fact: StampedFact & Authenticated): AttemptReport => ({
  mechanism: fact.mechanism,
  inside: fact.inside ?? null,
  outcome: fact.outcome,
  principal: fact.principal ?? null,
  protected: fact.protected,
  version: fact.version ?? null,
  etype: fact.etype ?? null,
  frame: fact.frame,
});

/** Content that only shows who tried to log in is no content of the data path itself. */
export const isPathContent = (fact: { content: Content }): boolean => fact.content !== 'credentials';
