/** The claims of a dossier with their verdicts, as a list to choose from. */

import { ChanceBar, wordOf } from "../board/marks";
import { attribute, h } from "../shell/dom";
import type { ClaimLine } from "./model";

/** What the widget calls a claim that is chosen. */
const PREFIX = "claim/";

export class Claims {
  readonly element = h("ul", { class: "notebook-claims", "aria-label": "Claims", hidden: true });
  #choose: (id: string) => void;
  #buttons = new Map<string, HTMLButtonElement>();

  /** `choose` is told which claim was chosen. */
  constructor(choose: (id: string) => void) {
    this.#choose = choose;
    this.element.addEventListener("keydown", (event) => this.#move(event));
    this.element.addEventListener("focusin", ({ target }) => this.#roam(target));
  }

  show(claims: readonly ClaimLine[] | null): void {
    this.element.hidden = claims === null;
    this.#buttons.clear();
    this.element.replaceChildren(
      ...(claims ?? []).map((claim) => {
        const button = line(claim, () => this.#choose(`${PREFIX}${claim.id}`));
        this.#buttons.set(`${PREFIX}${claim.id}`, button);
        return h("li", {}, button);
      }),
    );
    this.#roam(null);
  }

  select(id: string | null): void {
    for (const [each, button] of this.#buttons) {
      attribute(button, "aria-current", each === id ? "true" : null);
    }
    const chosen = this.#buttons.get(id ?? "");
    if (chosen === undefined) return;
    this.#roam(chosen);
    // Not `scrollIntoView`, which would move the notebook as well.
    const { top, bottom } = this.element.getBoundingClientRect();
    const own = chosen.getBoundingClientRect();
    if (own.top < top || own.bottom > bottom) this.element.scrollTop += own.top - top;
  }

  /** One line at a time can be reached by Tab. */
  #roam(target: EventTarget | null): void {
    const all = [...this.#buttons.values()];
    const current = all.find((each) => each === target) ?? all[0];
    for (const each of all) each.tabIndex = each === current ? 0 : -1;
  }

  #move(event: KeyboardEvent): void {
    const all = [...this.#buttons.values()];
    const at = all.findIndex((each) => each.tabIndex === 0);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.min(all.length - 1, Math.max(0, to))]?.focus();
  }
}

function line(claim: ClaimLine, choose: () => void): HTMLButtonElement {
  const bar = new ChanceBar();
  const { id, verdict, probability, probability_ci } = claim;
  bar.show(
    { id, verdict, probability, probability_ci, value: null, holds: null, samples: 0, low: null, high: null },
    null,
  );
  return h(
    "button",
    { type: "button", class: "notebook-claim", onclick: choose },
    h("span", { class: "notebook-statement" }, claim.statement),
    h("span", { class: "notebook-verdict" }, wordOf(verdict), bar.element, h("span", {}, claim.chance)),
    h("span", { class: "notebook-party" }, claim.party),
    h("span", { class: "notebook-value" }, `${claim.value}, test ${claim.test}`),
    h("span", { class: "notebook-decides" }, claim.decides),
  );
}
