/** A claim's row on the board. It is made once and keeps its place; only what it says changes. */

import { figureOf, leverOf } from "../levers/figures";
import type { ClaimText } from "../protocol";
import { attribute, h, text } from "../shell/dom";
import { counted, share } from "../shell/numbers";
import type { PageStore } from "../store";
import { decidersOf } from "./deciders";
import { ChanceBar, ChangingWord } from "./marks";
import type { Results } from "./results";
import { change, decidesText, shareChange, test, valueChange, valueText } from "./wording";

export class Row {
  readonly element: HTMLLIElement;
  readonly button: HTMLButtonElement;
  changed = false;
  private readonly value = h("span", { class: "row-value" });
  private readonly lead = h("span", { class: "row-lead" });
  private readonly figure = h("span", { class: "row-figure" });
  private readonly turn = h("span", { class: "row-turn" });
  private readonly worlds = h("span", { class: "row-worlds" });
  private readonly word = new ChangingWord();
  private readonly bar = new ChanceBar();

  constructor(
    readonly claim: ClaimText,
    private readonly store: PageStore,
    private readonly results: Results,
    choose: (claim: string) => void,
  ) {
    this.button = h(
      "button",
      { type: "button", class: "row", tabindex: -1, onclick: () => choose(claim.id) },
      h("span", { class: "row-statement" }, claim.statement),
      h(
        "span",
        { class: "row-who" },
        h("span", { class: "row-party" }, claim.party),
        this.value,
        h("span", { class: "row-test" }, "test ", test(claim)),
      ),
      h(
        "span",
        { class: "row-decides" },
        h("span", { class: "row-named" }, this.lead, this.figure),
        this.turn,
      ),
      h("span", { class: "row-verdict" }, this.word.element, this.bar.element, this.worlds),
    );
    this.element = h("li", { "data-claim": claim.id, "data-state": "awaited" }, this.button);
    this.show();
  }

  /** Bring the row up to what has been answered. */
  show(): void {
    const { claim, results, store } = this;
    const now = results.now.get(claim.id);
    const own = results.own.get(claim.id);
    const standing = results.standing(claim.id);
    const moved = standing === "awaited" ? null : change(own, now);
    this.changed = moved !== null;
    attribute(this.element, "data-state", standing);
    attribute(this.element, "data-verdict", now?.verdict);
    attribute(this.element, "data-changed", this.changed && (moved?.verdict ? "verdict" : "figure"));
    this.word.show(now?.verdict ?? null, moved?.verdict?.[0] ?? null);
    this.bar.show(now, moved?.probability?.[0] ?? null);
    if (now === undefined) return;
    text(this.value, moved?.value ? valueChange(claim, moved.value[0], now) : valueText(claim, now));
    text(this.worlds, this.worldsText(moved?.probability ?? null));
    const deciders = decidersOf(claim.id, store.page.state, results);
    if (deciders === undefined) return;
    const decides = decidesText(now, deciders, (path) => {
      const lever = leverOf(store.case, path);
      return lever === undefined ? null : figureOf(lever, store.case, store.page.state);
    });
    text(this.lead, decides.lead === "" ? "" : `${decides.lead} `);
    text(this.figure, `${decides.figure}${decides.turn && ":"}`);
    text(this.turn, decides.turn);
  }

  select(selected: boolean): void {
    attribute(this.button, "aria-current", selected ? "true" : null);
  }

  private worldsText(moved: [number, number] | null): string {
    const now = this.results.now.get(this.claim.id);
    if (now === undefined || now.probability === null) return "at nominal figures";
    if (moved !== null) return `${shareChange(...moved)} of ${now.samples}`;
    return `${share(now.probability)} of ${counted(now.samples, "world")}`;
  }
}
