import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into the program before it starts: the disk under the file FAILING gives FAILS_BEHIND bytes, in however many
 * openings, and then fails.
 */
const path = process.env.FAILING;
let left = Number(process.env.FAILS_BEHIND);
const { readSync, openSync } = fs;
const handles = new Set<number>();

fs.openSync = (...args: Parameters<typeof openSync>) => {
  const handle = openSync(...args);
  if (args[0] === path) handles.add(handle);
  else handles.delete(handle);
  return handle;
};

fs.readSync = ((handle: number, into: NodeJS.ArrayBufferView, ...rest: []) => {
  const count = readSync(handle, into, ...rest);
  if (!handles.has(handle)) return count;
  left -= count;
  if (left < 0) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
  return count;
}) as typeof readSync;

syncBuiltinESMExports();
