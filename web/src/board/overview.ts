/** The dispute as a whole: which figures decide most of it, and what publishing one would settle. */

import type { Baseline, Case } from "../protocol";
import { h } from "../shell/dom";
import { counted, significant } from "../shell/numbers";
import { capital } from "./wording";

const MOST = 5;

export function overview(baseline: Baseline, shown: Case, open: (claim: string) => void): HTMLElement {
  const { deciders, disclosures, undecidedness } = baseline;
  const first = disclosures[0];
  const sorted = deciders.toSorted((a, b) => b.claims.length - a.claims.length);
  const most = Math.max(...deciders.map((each) => each.claims.length));
  return h(
    "section",
    { class: "overview" },
    h("h2", {}, "What decides the dispute"),
    h(
      "ul",
      { class: "overview-list" },
      ...sorted.slice(0, MOST).map((each) => {
        const bar = h("span", { class: "share-fill" });
        bar.style.inlineSize = `${(100 * each.claims.length) / most}%`;
        return h(
          "li",
          {},
          h(
            "details",
            { class: "fold" },
            h(
              "summary",
              {},
              h("span", { class: "overview-label" }, capital(each.label)),
              h(
                "span",
                { class: "share" },
                h("span", { class: "share-track", "aria-hidden": "true" }, bar),
                counted(each.claims.length, "claim"),
              ),
            ),
            h("ul", { class: "overview-claims" }, ...each.claims.map((id) => claimOf(id, shown, open))),
          ),
        );
      }),
    ),
    h(
      "p",
      { class: "note" },
      `If every verdict went with the odds, ${significant(undecidedness)} of ${shown.claims.length} would be expected wrong.`,
      first !== undefined &&
        ` Publishing one figure would take off most: ${first.label}, ${significant(first.drop)}.`,
    ),
    h("p", { class: "note" }, "Choose a claim on the board to see how its verdict follows the figures."),
  );
}

function claimOf(id: string, shown: Case, open: (claim: string) => void): HTMLElement | null {
  const claim = shown.claims.find((each) => each.id === id);
  if (claim === undefined) return null;
  return h(
    "li",
    {},
    h("button", { type: "button", class: "link", onclick: () => open(id) }, claim.statement),
  );
}
