import { parsePacks } from '../../scripts/parse-packs.mjs';

/** Before all tests: hundreds of them start the program, which then need not read YAML every time. By their texts' SHA-256 these are never out of date. */
export const setup = () => parsePacks(new URL('../../src/rules/', import.meta.url));
