import Database from 'better-sqlite3';

/** How many flows a database holds, which must be whole. */
export function flowsIn(path: string): number {
  const database = new Database(path, { readonly: true });
  try {
    const check = database.pragma('integrity_check', { simple: true });
    if (check !== 'ok') throw new Error(`${path}: ${check}`);
    return database.prepare('SELECT count(*) FROM flows').pluck().get() as number;
  } finally {
    database.close();
  }
}
