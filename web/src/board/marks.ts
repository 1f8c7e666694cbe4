/** A verdict's mark with its word, and the bar of its probability. */

import type { Verdict, VerdictWord } from "../protocol";
import { attribute, h, svg } from "../shell/dom";

/** A full disc, a half one or a ring: the verdict without its colour. */
export function mark(verdict: VerdictWord | null): SVGSVGElement {
  const shape = svg("svg", { class: "mark", viewBox: "0 0 12 12", "aria-hidden": "true" });
  if (verdict !== null) attribute(shape, "data-verdict", verdict);
  shape.append(svg("circle", { cx: 6, cy: 6, r: 4.6, class: "mark-ring" }));
  if (verdict === "supported") shape.append(svg("circle", { cx: 6, cy: 6, r: 4.6, class: "mark-full" }));
  if (verdict === "undecided")
    shape.append(svg("path", { d: "M6 1.4a4.6 4.6 0 0 0 0 9.2z", class: "mark-full" }));
  return shape;
}

/** A verdict as its mark and its word. */
export function wordOf(verdict: VerdictWord | null): HTMLElement {
  return h("span", { class: "word", "data-verdict": verdict ?? "none" }, mark(verdict), verdict ?? "judging");
}

/** The bar of a probability with its interval, and a tick where it stood before. */
export class ChanceBar {
  readonly element: HTMLElement;
  private readonly filled = h("span", { class: "chance-fill" });
  private readonly spread = h("span", { class: "chance-spread" });
  private readonly former = h("span", { class: "chance-former", hidden: true });

  constructor() {
    this.element = h(
      "span",
      { class: "chance", "aria-hidden": "true" },
      this.filled,
      this.spread,
      this.former,
    );
  }

  show(verdict: Verdict | undefined, former: number | null): void {
    const chance = verdict?.probability ?? null;
    const ends = verdict?.probability_ci ?? null;
    attribute(this.element, "data-verdict", verdict?.verdict ?? "none");
    this.filled.style.inlineSize = `${100 * (chance ?? 0)}%`;
    this.spread.hidden = ends === null;
    if (ends !== null) {
      this.spread.style.insetInlineStart = `min(${100 * ends[0]}%, 100% - 3px)`;
      this.spread.style.inlineSize = `${100 * (ends[1] - ends[0])}%`;
    }
    this.former.hidden = former === null;
    if (former !== null) this.former.style.insetInlineStart = `${100 * former}%`;
  }
}

/** A verdict's word that can change, with what it was before. */
export class ChangingWord {
  readonly element = h("span", { class: "word", "data-verdict": "none" });
  private shown = "";

  show(verdict: VerdictWord | null, former: VerdictWord | null): void {
    const key = `${former}>${verdict}`;
    if (key === this.shown) return;
    this.shown = key;
    attribute(this.element, "data-verdict", verdict ?? "none");
    const before =
      former === null
        ? []
        : [
            h("span", { class: "word-former", "data-verdict": former }, mark(former)),
            h("span", { class: "word-arrow", "aria-hidden": "true" }, "→"),
            h("span", { class: "hidden" }, `was ${former}, now `),
          ];
    this.element.replaceChildren(...before, mark(verdict), h("span", {}, verdict ?? "judging"));
  }
}
