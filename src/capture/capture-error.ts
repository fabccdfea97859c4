/** A CAPTURE argument that cannot be audited at all: one line saying what, where and what to do. Damage further in is a `CaptureProblem` instead. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly kind: CaptureErrorKind;

  constructor(kind: CaptureErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export type CaptureErrorKind =
  | 'missing'
  | 'unreadable'
  | 'empty'
  | 'not-a-capture'
  | 'no-captures'
  | 'unsupported-format';

/** What the operating system said when a path could not be opened, listed or read, as a `CaptureError`; anything else is a bug and comes back as it is. */
export function refusal(path: string, thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return thrown;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new CaptureError('missing', `${path}: no such file or folder; check the path`);
    case 'EACCES':
    case 'EPERM':
      return new CaptureError(
        'unreadable',
        `${path}: permission denied; make it readable or run as a user who may read it`,
      );
    default:
      return new CaptureError(
        'unreadable',
        `${path}: cannot be read (${code}); copy it to a healthy disk and try again`,
      );
  }
}
