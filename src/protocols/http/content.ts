import type { Out } from '../analyzer.ts';
import type { HttpState } from './state.ts';

/**
 * When content that went in clear is stated. A server may ask for a login only after it has the whole request, and gives its
 * login page to anybody: such content says nothing of whether content goes without a login, so it is held until that is known.
 */

/** Content of a request, or beside a login, went by. */
export function holdContent(state: HttpState, out: Out): void {
  if (state.loggedIn) stateContent(state, out);
  else state.held ??= out.now();
}

/** Content went by, and nobody will be asked for it: what is held was content too. */
export function stateContent(state: HttpState, out: Out): void {
  out.fact({ kind: 'exposed', content: 'web' }, state.held ?? out.now());
  state.held = null;
}

/** What is held belongs to somebody who has logged in with it: it counts from here. */
export function stateContentOfLogin(state: HttpState, out: Out): void {
  if (state.held === null) return;
  state.held = null;
  stateContent(state, out);
}

/** Nothing more will be known of what is held. */
export function stateHeld(state: HttpState, out: Out): void {
  if (state.held !== null) stateContent(state, out);
}
