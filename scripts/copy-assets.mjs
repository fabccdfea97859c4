// What the compiler does not copy: the schema stands beside the store's code.
import { cpSync } from 'node:fs';

cpSync(new URL('../src/store/schema.sql', import.meta.url), new URL('../dist/store/schema.sql', import.meta.url));
