/** What decides a claim: each figure with the share of the spread that it explains, where the verdict turns, and its lever. */

import { figureOf, leverOf } from "../levers/figures";
import { LeverControl } from "../levers/lever";
import type { DecidedBy, Verdict } from "../protocol";
import { attribute, fill, h, text } from "../shell/dom";
import { amount, share, shareInterval } from "../shell/numbers";
import type { PageStore } from "../store";
import { capital, turnText } from "./wording";

const MOST = 6;

export class Deciding {
  readonly element = h("div", { class: "deciding" });
  private readonly rows = new Map<string, DeciderRow>();
  private order: string | null = null;

  constructor(private readonly store: PageStore) {}

  /** Show these deciders. Their levers stay in place as long as the same figures decide, also while one is dragged. */
  show(verdict: Verdict, deciders: readonly DecidedBy[]): void {
    const all = deciders.slice(0, MOST);
    const order = all.map((each) => each.parameter).join(" ");
    // Nothing is taken from under a hand that drags it.
    const dragging = this.element.querySelector("input[type=range]:active") !== null;
    if (order !== this.order && !dragging) {
      this.order = order;
      this.rows.clear();
      for (const each of all) this.rows.set(each.parameter, new DeciderRow(each, this.store));
      if (all.length > 0) fill(this.element, ...[...this.rows.values()].map((each) => each.element));
      else {
        const moved = verdict.low !== verdict.high;
        const words = moved
          ? "Many figures together; no single one explains the spread."
          : "Nothing published moves the value.";
        fill(this.element, h("p", { class: "note" }, words));
      }
    }
    for (const each of all) this.rows.get(each.parameter)?.show(each, verdict.holds);
  }

  /** The levers shown here, for faults to be told at. */
  get levers(): LeverControl[] {
    return [...this.rows.values()].flatMap((each) => each.control ?? []);
  }
}

class DeciderRow {
  readonly element: HTMLElement;
  readonly control: LeverControl | null;
  private readonly bar = h("span", { class: "share-fill" });
  private readonly extent = h("span", { class: "share-text" });
  private readonly turn = h("span", { class: "decider-turn" });

  constructor(
    decider: DecidedBy,
    private readonly store: PageStore,
  ) {
    const lever = leverOf(store.case, decider.parameter);
    this.control = lever === undefined ? null : new LeverControl(lever, store);
    this.element = h(
      "div",
      { class: "decider", "data-parameter": decider.parameter },
      h(
        "div",
        { class: "decider-head" },
        this.turn,
        h(
          "span",
          { class: "share" },
          h("span", { class: "share-track", "aria-hidden": "true" }, this.bar),
          this.extent,
        ),
      ),
      this.control?.element ?? h("p", { class: "decider-name" }, capital(decider.label)),
    );
  }

  show(decider: DecidedBy, holds: boolean | null): void {
    const lever = leverOf(this.store.case, decider.parameter);
    const figure = lever && figureOf(lever, this.store.case, this.store.page.state);
    this.bar.style.inlineSize = `${100 * Math.max(0, Math.min(1, decider.share))}%`;
    const held = this.store.page.state.set[decider.parameter] !== undefined;
    text(this.extent, `${share(decider.share)} of the spread${held ? ", when free" : ""}`);
    attribute(this.extent, "title", decider.share_ci && shareInterval(...decider.share_ci));
    const turn = turnText(decider, holds, figure?.value ?? null, lever);
    text(this.turn, capital(turn || (held ? "held at your figure" : "does not turn it alone")));
    attribute(this.turn, "data-turns", turn !== "");
    attribute(this.turn, "title", decider.flips_at === null ? null : amount(decider.flips_at, decider.unit));
    this.control?.turns(decider.flips_at);
    this.control?.show();
  }
}
