/** What follows from verdicts elsewhere: which figures come first among the levers, and what is said when all is settled. */

import type { VerdictWord } from "../protocol";
import type { PageStore } from "../store";
import { decidersOf } from "./deciders";
import type { Results } from "./results";
import { changesText } from "./wording";

export class Verdicts {
  private readonly said = new Map<string, VerdictWord>();

  constructor(
    private readonly store: PageStore,
    private readonly results: Results,
  ) {}

  /** Have the figures that decide the open claim told, whenever they may be others. */
  onDeciders(hear: (paths: string[]) => void): void {
    const tell = () => {
      const { claim, state } = this.store.page;
      const deciders = claim === null ? undefined : decidersOf(claim, state, this.results);
      hear((deciders ?? []).map((each) => each.parameter));
    };
    this.results.subscribe((happening) => {
      if (happening === "told" || happening === "baseline") tell();
    });
    this.store.subscribe((page, before) => {
      if (page.claim !== before.claim) tell();
    });
  }

  /** Which verdicts are others than when all was settled last, in words; nothing the first time. */
  settled(): string {
    const changed = this.store.case.claims.flatMap((claim) => {
      const to = this.results.now.get(claim.id)?.verdict ?? null;
      const from = this.said.get(claim.id);
      return from !== undefined && to !== null && from !== to ? [{ claim, from, to }] : [];
    });
    const first = this.said.size === 0;
    for (const [id, { verdict }] of this.results.now) if (verdict !== null) this.said.set(id, verdict);
    return first ? "" : changesText(changed);
  }
}
