/** What the reader has to know: told above the page, or said to those who listen to it. */

import { byId, fill, h } from "./dom";
import { icon } from "./icons";

export interface Notice {
  words: string;
  kind: "error" | "warning" | "told";
  /** What can be done about it. */
  action?: { label: string; act: () => void };
  /** Whether it can be sent away. */
  stays?: boolean;
}

const shown = new Map<string, HTMLElement>();

/** Shows a notice in place of the one of the same name; null takes that away. */
export function notice(name: string, told: Notice | null): void {
  shown.get(name)?.remove();
  shown.delete(name);
  if (told === null) return;
  const { action } = told;
  const element = h(
    "div",
    {
      class: "notice",
      "data-notice": name,
      "data-kind": told.kind,
      role: told.kind === "told" ? "status" : "alert",
    },
    h("p", {}, told.words),
    action && h("button", { type: "button", class: "button", onclick: action.act }, action.label),
    !told.stays &&
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => notice(name, null) },
        icon("close"),
      ),
  );
  shown.set(name, element);
  byId("notices").append(element);
}

/** Says something to those who do not see the page change. */
export function announce(words: string): void {
  fill(byId("announce"), words);
}
