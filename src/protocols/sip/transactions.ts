import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { attemptsOf, challengerOf, challengesOf, goesOn, isStale, stateAttempt } from './authentication.ts';
import { type SipMessage, transactionOf } from './message.ts';
import { keepPending, otherOf, type Pending, type SipState } from './state.ts';

/** A request: what it shows of its sender is settled by its answer. ACK has none. */
export function takeRequest(message: SipMessage, direction: Direction, state: SipState, out: Out): void {
  const attempts = attemptsOf(message);
  for (const attempt of attempts) {
    if (!attempt.protected && attempt.proves) out.fact({ kind: 'exposed', content: 'credentials' });
    if (attempt.ticket) out.fact({ kind: 'described', what: 'ticket-shown', ...attempt.ticket });
    nameComputer(attempt.computer, direction, out);
    if (state.unfinished?.scheme === attempt.scheme) state.unfinished = null;
  }
  const transaction = transactionOf(message);
  if (transaction === null || transaction.key.length > 2 * limits.text) {
    for (const attempt of attempts) stateAttempt(attempt, 'unseen', out);
    return;
  }
  if (transaction.method === 'ACK' || (attempts.length === 0 && transaction.method !== 'INVITE')) return;
  const forgotten = keepPending(state[direction], transaction.key, { method: transaction.method, attempts }, out);
  if (forgotten) leaveOpen(forgotten, out);
}

/** An answer settles the request of the other side that it belongs to, and nothing else. */
export function takeResponse(
  message: SipMessage,
  status: number,
  direction: Direction,
  state: SipState,
  out: Out,
): void {
  const challenges = status === 401 || status === 407 ? challengesOf(message) : [];
  if (challenges.length > 0) {
    const mechanisms = [...new Set(challenges.map(({ scheme }) => scheme))].slice(0, limits.mechanisms);
    out.fact({ kind: 'offered', what: 'authentication', mechanisms });
    nameComputer(challengerOf(challenges), direction, out);
  }
  const transaction = transactionOf(message);
  if (transaction === null || status < 101) return;
  const { pending } = state[otherOf(direction)];
  const request = pending.get(transaction.key);
  if (!request) return;
  if (status < 200) {
    request.method = 'taken up';
    return;
  }
  pending.delete(transaction.key);
  for (const attempt of request.attempts) {
    if (status < 300) stateAttempt(attempt, 'accepted', out);
    else if (status === 401 || status === 407) {
      if (goesOn(attempt, challenges)) state.unfinished = attempt;
      else stateAttempt(attempt, isStale(challenges) ? 'unfinished' : 'refused', out);
    } else stateAttempt(attempt, status === 403 ? 'refused' : 'unseen', out);
  }
}

/** Nothing more will come: whose answers were not seen. */
export function endTransactions(state: SipState, out: Out): void {
  if (state.unfinished) stateAttempt(state.unfinished, 'unfinished', out);
  for (const side of [state.client, state.server]) {
    for (const request of side.pending.values()) leaveOpen(request, out);
    side.pending.clear();
  }
}

function leaveOpen({ method, attempts }: Pending, out: Out): void {
  for (const attempt of attempts) stateAttempt(attempt, 'unseen', out);
  if (method === 'INVITE') out.blind('gap', 'sip: what became of an INVITE was not seen');
}

function nameComputer(name: string | null, of: Direction, out: Out): void {
  if (name) out.fact({ kind: 'described', what: 'peer-name', of, name });
}
