/** What the page is, what its words mean, and its keys. */

import { mark } from "../board/marks";
import type { Case } from "../protocol";
import { dialog } from "./dialog";
import { h } from "./dom";
import { counted } from "./numbers";

const KEYS: readonly [string, string][] = [
  ["?", "the tour"],
  ["/", "search the claims"],
  ["J, K", "next claim, claim before"],
  ["L", "levers"],
  ["C", "the open claim"],
  ["G", "the globe"],
  ["Escape", "close what is open"],
];

const OFF = "midcourse.keys.off";

/** Whether single keys do something; a reader can switch that off. */
export function keysOn(): boolean {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

export function openKeys(): void {
  const box = h("input", {
    type: "checkbox",
    onchange: () => {
      try {
        if (box.checked) localStorage.removeItem(OFF);
        else localStorage.setItem(OFF, "1");
      } catch {
        // A browser that remembers nothing keeps them on.
      }
    },
  });
  box.checked = keysOn();
  dialog(
    "keys",
    "Keys",
    h(
      "dl",
      { class: "keys" },
      ...KEYS.map(([key, told]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, told))),
    ),
    h(
      "p",
      { class: "note" },
      "On the board arrows move from row to row. On the globe they turn it, plus and minus zoom.",
    ),
    h("label", { class: "check" }, box, "Single keys do this"),
  );
}

export function openAbout(shown: Case): void {
  dialog(
    "about",
    shown.title,
    h("p", {}, shown.summary),
    h("h3", {}, "What the verdicts mean"),
    h(
      "p",
      {},
      `Every figure is drawn from the range that is published of it, ${counted(shown.samples, "world")} in all, and each claim is tested in every one.`,
    ),
    h(
      "ul",
      { class: "meanings" },
      h("li", {}, mark("supported"), " supported: it holds in nearly all worlds."),
      h("li", {}, mark("undecided"), " undecided: it depends on figures that are not known."),
      h("li", {}, mark("refuted"), " refuted: it holds in hardly any."),
    ),
    h(
      "p",
      {},
      "“Supported” means that a claim holds in this model over what is published, not that a system would work in war. Missiles are notional, by range class; all figures are public.",
    ),
    h(
      "p",
      { class: "note" },
      `Dossier ${shown.key} of ${shown.date}, midcourse ${shown.version}, ${shown.hash}.`,
    ),
  );
}
