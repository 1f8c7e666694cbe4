/** Single keys that do something, unless they are typed into a field or switched off. */

import { typing } from "./dom";
import { keysOn } from "./help";

export function listenToKeys(acts: Record<string, () => void>): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector("dialog[open]") !== null || !keysOn()) return;
    // Letters move the globe, too.
    if (event.target instanceof Element && event.target.closest("[role=application]") !== null) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
