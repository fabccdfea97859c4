import { createHash } from 'node:crypto';

/** SHA-256 over bytes that come piece by piece. It promises its answer, and uses a piece before `update` returns, so that it can move to a worker. */
export interface Digest {
  update(bytes: Uint8Array): void;
  finish(): Promise<string>;
}

export function createDigest(): Digest {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    finish: async () => hash.digest('hex'),
  };
}
