import { hash } from 'node:crypto';
import { limits } from '../limits.ts';

/** What was computed from bytes alone, by the function and the bytes' SHA-256, so that the same bytes are not read twice. */
export class Recalled {
  readonly #known = new Map<unknown, Map<string, unknown>>();

  recall<T>(bytes: Uint8Array, compute: (bytes: Uint8Array) => T): T {
    let answers = this.#known.get(compute);
    if (!answers) {
      answers = new Map();
      this.#known.set(compute, answers);
    }
    const key = hash('sha256', bytes, 'base64');
    if (answers.has(key)) return answers.get(key) as T;
    const answer = compute(bytes);
    if (answers.size >= limits.recalled) answers.clear();
    answers.set(key, answer);
    return answer;
  }
}
