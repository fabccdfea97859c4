import { readFileSync } from 'node:fs';
import { readInputs } from '../../src/commands/inputs.ts';

export const packFile = new URL('../../rules/exchange-2010.yaml', import.meta.url);

/** The text of the pack that comes with the program, for tests that break it. */
export const readPackText = (): string => readFileSync(packFile, 'utf8');

/** The pack that comes with the program. */
export const readPack = () => readInputs({}).packs[0]!.pack;
