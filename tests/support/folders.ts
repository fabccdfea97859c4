import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const folder = (path: string) => fileURLToPath(new URL(path, root));

/** The captures that we recorded or built. */
export const ownCaptures = folder('captures/');
export const rootFolder = folder('./');
/** Captures of other projects, outside the repository, with their manifest; may be missing. */
export const sharedCaptures = folder('../shared/captures/');
export const sharedReference = folder('../shared/reference/');

/** Whether the folder is there; says loudly where it is not, as the tests that need it are then skipped. */
export function isThere(path: string): boolean {
  const there = existsSync(path);
  if (!there) console.warn(`SKIPPED: ${path} is missing, so the tests that need it did not run`);
  return there;
}
