import { limits } from '../limits.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { Correlation, EvidenceReport, FlowReport } from './audit-report.ts';

type FileName = (capture: number) => string;

/** What ties flows to each other, with evidence from both places (issue of the contract's `correlations`). */
export class Correlations {
  readonly #list: Correlation[] = [];
  readonly #pairs = new Map<string, Correlation>();
  readonly #files: FileName;
  leftOut = 0;

  constructor(files: FileName) {
    this.#files = files;
  }

  add(record: FlowRecord, flow: FlowReport): void {
    this.#addTickets(flow);
    this.#addAnnounced(record, flow);
    this.#addStripping(flow);
    this.#addProtectedPair(record, flow);
    this.#addNames(record);
  }

  list(): Correlation[] {
    return this.#list;
  }

  /** A ticket that answered for hidden authentication: inferred, not seen. */
  #addTickets(flow: FlowReport): void {
    const row = flow.results.find(({ reason }) => reason === 'correlated-ticket');
    const [issued, hidden] = row?.evidence ?? [];
    if (!issued || !hidden) return;
    this.#push({
      kind: 'ticket',
      from: { file: issued.file, frame: issued.frame },
      to: { flow: flow.id, server: flow.server.address },
      evidence: [issued, hidden],
    });
  }

  /** An endpoint mapper's answer, or SDP, named this flow's address and port beforehand. */
  #addAnnounced(record: FlowRecord, flow: FlowReport): void {
    for (const fact of record.facts) {
      if (fact.kind !== 'described' || fact.what !== 'announced') continue;
      const { announcedIn, protocol, detail } = fact;
      const file = this.#files(announcedIn.capture);
      this.#push({
        kind: 'announced',
        from: { file, frame: announcedIn.frame, protocol, detail },
        to: { flow: flow.id },
        evidence: [
          { file, frame: announcedIn.frame, fact: `${protocol} announced: ${detail}` },
          this.#evidence(record.first, `${protocol} flow begins`),
        ],
      });
    }
  }

  /** The server offered an upgrade to somebody and none here: it may have been taken out on the way. */
  #addStripping(flow: FlowReport): void {
    const offered = flow.upgrade?.offeredElsewhere;
    if (!offered || !flow.upgrade?.possiblyStripped || flow.upgrade.frames.capabilities === undefined) return;
    const here = { file: flow.captures[0]!, frame: flow.upgrade.frames.capabilities, fact: 'no upgrade offered here' };
    this.#push({
      kind: 'possible-stripping',
      from: { flow: offered.flow },
      to: { flow: flow.id },
      evidence: [{ file: offered.file, frame: offered.frame, fact: 'upgrade offered' }, here],
    });
  }

  /** IPsec between two hosts: one entry a pair, from the first frame on, with the frame of its least protected moment. */
  #addProtectedPair(record: FlowRecord, flow: FlowReport): void {
    const ipsec = record.protocolPath.find((name) => name === 'esp' || name === 'ah') ?? record.transport;
    if (ipsec !== 'esp' && ipsec !== 'ah') return;
    const [one, other] = [record.client.address, record.server.address].sort() as [string, string];
    const { protection } = flow.encryption;
    const least = record.facts.find((fact) => fact.kind === 'secured' && fact.level === protection);
    this.#once(`${ipsec} ${one} ${other}`, {
      kind: 'ipsec',
      from: { address: one, since: record.firstSeen },
      to: { address: other, mechanism: ipsec, protection },
      evidence: [this.#evidence(least ?? record.first, `${ipsec} between ${one} and ${other}`)],
    });
  }

  /** Names that DNS, TLS and NTLM give an address. */
  #addNames(record: FlowRecord): void {
    for (const fact of record.facts) {
      if (fact.kind !== 'described') continue;
      const evidence = { file: this.#files(fact.capture), frame: fact.frame };
      const label = (address: string, name: string, by: string) =>
        this.#once(`name ${address} ${name.toLowerCase()}`, {
          kind: 'name',
          from: { address },
          to: { name, by },
          evidence: [{ ...evidence, fact: `${address} is called ${name} by ${by}` }],
        });
      if (fact.what === 'address-name') label(fact.address, fact.name, 'dns');
      else if (fact.what === 'peer-name') label(record[fact.of].address, fact.name, fact.protocol);
      else if (fact.what === 'tls-client-hello' && fact.serverName)
        label(record.server.address, fact.serverName, 'tls');
    }
  }

  #once(key: string, correlation: Correlation): void {
    if (this.#pairs.has(key)) return;
    if (this.#push(correlation)) this.#pairs.set(key, correlation);
  }

  #push(correlation: Correlation): boolean {
    if (this.#list.length >= limits.correlations) {
      this.leftOut++;
      return false;
    }
    this.#list.push(correlation);
    return true;
  }

  #evidence({ capture, frame }: { capture: number; frame: number }, fact: string): EvidenceReport {
    return { file: this.#files(capture), frame, fact };
  }
}
