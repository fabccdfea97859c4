import type { Out, Over } from '../analyzer.ts';
import type { SmbState } from './state.ts';

/** What guards a signed message's content ([MS-SMB2] §3.1.4.1, [MS-CIFS] §3.1.4.1). */
export const signing: Over = { mechanism: 'smb-signing', level: 'integrity' };

/** Content of a file, or of a pipe that nobody can read, went by: signed, or not at all protected. */
export function stateContent(signed: boolean, state: SmbState, out: Out): void {
  if (signed) {
    stateSigned(state, out);
    if (state.stated.integrity) return;
    state.stated.integrity = true;
    out.fact({ kind: 'secured', ...signing });
    return;
  }
  if (state.stated.file) return;
  state.stated.file = true;
  out.fact({ kind: 'exposed', content: 'file' });
}

/** A message with content was signed. */
export function stateSigned(state: SmbState, out: Out): void {
  if (state.stated.signed) return;
  state.stated.signed = true;
  property(out, 'smb-signed', true);
}

export function property(out: Out, name: string, value: string | number | boolean): void {
  out.fact({ kind: 'described', what: 'property', name, value });
}
