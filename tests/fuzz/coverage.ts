import { Session } from 'node:inspector';

/** Which blocks of our sources have ever run, as V8 counts them for this process. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** blocks that have run so far */
  get blocks(): number {
    return this.#seen.size;
  }

  /** Blocks that ran since the last time and never before. */
  fresh(): string[] {
    const fresh = this.ran().filter((block) => !this.#seen.has(block));
    for (const block of fresh) this.#seen.add(block);
    return fresh;
  }

  /** Blocks that ran since the last time. */
  ran(): string[] {
    const ran: string[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error) throw error;
      for (const { scriptId, url, functions } of taken.result) {
        if (!/\/src\/[^?]+\.ts/.test(url)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            if (count > 0) ran.push(`${scriptId}:${startOffset}-${endOffset}`);
          }
        }
      }
    });
    return ran;
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}
