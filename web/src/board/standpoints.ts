/** Under whose figures a claim holds: a row for each viewpoint, any of which can be taken up. */

import type { ClaimText, Standpoint, VerdictWord } from "../protocol";
import { h } from "../shell/dom";
import { amount, share, shareInterval } from "../shell/numbers";
import { wordOf } from "./marks";
import { VERDICTS } from "./wording";

/** Null where nothing is known of any standpoint. */
export function standpointTable(
  claim: ClaimText,
  standpoints: readonly Standpoint[],
  taken: string | null,
  take: (viewpoint: string | null) => void,
): HTMLElement | null {
  const touching = standpoints.filter((each) => each.touches || each.viewpoint === "");
  if (touching.length === 0) return null;
  const idle = standpoints.length - touching.length;
  return h(
    "div",
    { class: "standpoints" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Figures of"),
          h("th", { scope: "col" }, "Verdict"),
          h("th", { scope: "col", class: "number" }, "Value"),
          h("th", { scope: "col", class: "number" }, "Holds in"),
        ),
      ),
      h("tbody", {}, ...touching.map((each) => rowOf(claim, each, taken, take))),
    ),
    idle > 0 &&
      h(
        "p",
        { class: "note" },
        `${idle} other ${idle === 1 ? "viewpoint does" : "viewpoints do"} not touch this claim.`,
      ),
  );
}

function rowOf(
  claim: ClaimText,
  each: Standpoint,
  taken: string | null,
  take: (viewpoint: string | null) => void,
): HTMLElement {
  const name = each.viewpoint === "" ? null : each.viewpoint;
  const current = name === taken;
  return h(
    "tr",
    { "data-viewpoint": each.viewpoint, "aria-current": current && "true" },
    h(
      "th",
      { scope: "row" },
      current
        ? h("span", { class: "standpoint-taken" }, each.title)
        : h(
            "button",
            {
              type: "button",
              class: "link",
              title: "See everything under these figures",
              onclick: () => take(name),
            },
            each.title,
          ),
    ),
    h("td", {}, wordOf(isVerdict(each.verdict) ? each.verdict : null)),
    h("td", { class: "number" }, amount(each.value, claim.unit, each.low, each.high)),
    h("td", { class: "number", title: shareInterval(...each.probability_ci) }, share(each.probability)),
  );
}

function isVerdict(word: string): word is VerdictWord {
  return VERDICTS.includes(word as VerdictWord);
}
