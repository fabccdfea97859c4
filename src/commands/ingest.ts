import { ingest } from '../pipeline.ts';
import { openStore } from '../store/sqlite-store.ts';
import { StoreError } from '../store/store.ts';
import type { Program } from './program.ts';
import { addReadingOptions, nothingAdded, type ReadingOptions, reading } from './reading.ts';

interface Options extends ReadingOptions {
  db: string;
}

export function addIngestCommand(program: Program): void {
  const command = program.command
    .command('ingest')
    .description('decode and store only; more captures can be added later')
    .argument('<capture...>', 'files, folders, globs, or - for standard input')
    .requiredOption('--db <file>', 'the database, made where it does not exist');
  addReadingOptions(command)
    .addHelpText('after', '\nExample:\n  pcap-audit ingest monday.pcapng --db audit.db\n')
    .action(async (captures: string[], options: Options) => {
      const store = openStore(options.db, true);
      try {
        const { files, frames, flows, partial } = await store.writing(
          () => reading(captures, options, (work) => ingest(work, store), store.captures()),
          (ingested) => !ingested.partial,
        );
        if (partial) throw new StoreError(nothingAdded(options.db));
        if (!options.quiet)
          process.stderr.write(`${options.db}: ${files} captures, ${frames} frames, ${flows} flows added\n`);
      } finally {
        store.close();
      }
    });
}
