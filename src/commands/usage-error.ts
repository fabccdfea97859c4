/** The command cannot do what was asked: one line that says what, where and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads or writes a file that the user named; a file system error becomes one clear line. */
export function withFile<T>(path: string, verb: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError(path, verb, error);
  }
}

export function fileError(path: string, verb: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why: Record<string, string> = {
    ENOENT: 'no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'is a folder; name a file',
    ENOTDIR: 'a part of the path is not a folder',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full; free some space or write elsewhere',
    EFBIG: 'the file would be too large',
    EIO: 'the disk reports an error',
  };
  return why[code] ? new UsageError(`${path}: cannot be ${verb}: ${why[code]}`) : error;
}
