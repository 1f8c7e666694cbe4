/** What decides a claim under the page's figures, put together of what is known of it under the dossier's own. */

import type { DecidedBy, State } from "../protocol";
import { isOwn } from "../state";
import type { Results } from "./results";

/** Of the variance; what explains less decides nothing. */
const LEAST_SHARE = 0.005;

/** The figures worth naming, the most decisive first. */
export function worthNaming(all: readonly DecidedBy[]): DecidedBy[] {
  return all
    .filter((each) => each.share >= LEAST_SHARE || each.flips_at !== null)
    .toSorted((a, b) => b.share - a.share);
}

/**
 * What decides under a state: what decided under the dossier's own figures, in that order, then what has come to.
 *
 * A figure that the reader holds decides nothing any more, but its lever is the one to argue with: it stays. Where the
 * verdict turns along it is known as long as it is the only one held. `now` is undefined until it has been told.
 */
export function decidersUnder(
  state: State,
  own: readonly DecidedBy[] | undefined,
  now: readonly DecidedBy[] | undefined,
): DecidedBy[] {
  if (own === undefined) return worthNaming(now ?? []);
  if (isOwn(state)) return worthNaming(own);
  const held = Object.keys(state.set);
  const kept = worthNaming(own).flatMap((each) => {
    const told = now?.find((other) => other.parameter === each.parameter);
    if (told !== undefined) return [told];
    if (onlyHeld(state, each.parameter)) return [each];
    return now === undefined || held.includes(each.parameter) ? [{ ...each, flips_at: null }] : [];
  });
  const known = new Set(kept.map((each) => each.parameter));
  return [...kept, ...worthNaming(now ?? []).filter((each) => !known.has(each.parameter))];
}

/** Whether a figure is the only one that is not the dossier's own. */
export function onlyHeld(state: State, parameter: string): boolean {
  return (
    state.viewpoint === null && state.set[parameter] !== undefined && Object.keys(state.set).length === 1
  );
}

/** What decides a claim under the page's state; undefined while nothing is known of it. */
export function decidersOf(claim: string, state: State, results: Results): DecidedBy[] | undefined {
  const own = results.ownTold(claim)?.decided_by;
  // A claim that the state does not touch is decided as in the dossier itself.
  if (results.unaffected.has(claim) && own !== undefined) return worthNaming(own);
  const told = results.told(claim, state);
  const now = told?.current ? told.told.decided_by : undefined;
  return own === undefined && now === undefined ? undefined : decidersUnder(state, own, now);
}
