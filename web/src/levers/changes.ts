/** All that the reader has changed, each with the way back, and the command line that gives the same. */

import { capital } from "../board/wording";
import { attribute, fill, h, text } from "../shell/dom";
import { icon } from "../shell/icons";
import { counted } from "../shell/numbers";
import { isOwn, withFigure, withFigures } from "../state";
import type { PageStore } from "../store";
import { commandLine } from "./command";
import { leverOf } from "./figures";
import { movedTo, standingOf } from "./places";

export class Changes {
  readonly element: HTMLElement;
  private readonly heading = h("h3", {});
  private readonly list = h("ul", { class: "changes-list" });
  private readonly reset: HTMLButtonElement;
  private readonly command = h("code", {
    class: "command-text",
    tabindex: 0,
    "aria-label": "The command that gives the same",
  });
  private readonly copy: HTMLButtonElement;

  constructor(private readonly store: PageStore) {
    this.reset = h("button", { type: "button", class: "link", onclick: () => resetAll(store) }, "Reset all");
    this.copy = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Copy the command",
        title: "Copy",
        onclick: () => this.copies(),
      },
      icon("copy"),
    );
    this.element = h(
      "section",
      { class: "changes" },
      h("div", { class: "changes-head" }, this.heading, this.reset),
      this.list,
      h("div", { class: "command" }, this.command, this.copy),
    );
    this.show();
  }

  show(): void {
    const { page, case: shown } = this.store;
    const parts = this.parts();
    attribute(this.element, "data-own", isOwn(page.state));
    text(
      this.heading,
      parts.length === 0 ? "Nothing changed yet" : `${counted(parts.length, "change")} of yours`,
    );
    this.reset.hidden = parts.length === 0;
    fill(this.list, ...parts);
    this.list.hidden = parts.length === 0;
    text(this.command, commandLine(page.state, shown));
  }

  private parts(): HTMLElement[] {
    const { page, case: shown } = this.store;
    const { state } = page;
    const parts: HTMLElement[] = [];
    const view = shown.viewpoints.find((each) => each.name === state.viewpoint);
    if (view !== undefined) {
      parts.push(this.part(view.title, "", () => this.store.changeState({ ...state, viewpoint: null })));
    }
    const left = { ...state.set };
    for (const site of Object.values(shown.sites)) {
      const { lat, lon, moved } = standingOf(site, state.set);
      if (!moved) continue;
      delete left[site.lat_path];
      delete left[site.lon_path];
      const back = () => this.store.changeState(withFigures(state, movedTo(site, site.lat, site.lon)));
      parts.push(this.part(site.title, `moved to ${lat.toFixed(2)}, ${lon.toFixed(2)}`, back));
    }
    for (const [path, value] of Object.entries(left)) {
      const lever = leverOf(shown, path);
      const option = lever?.options.find((each) => each.value === value);
      const back = () => this.store.changeState(withFigure(this.store.page.state, path, null));
      parts.push(this.part(lever === undefined ? path : capital(lever.label), option?.label ?? value, back));
    }
    return parts;
  }

  private part(label: string, value: string, back: () => void): HTMLElement {
    return h(
      "li",
      {},
      h("span", { class: "changes-label" }, label),
      value !== "" && h("span", { class: "changes-value" }, value),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": `Undo: ${label}`, onclick: back },
        icon("close"),
      ),
    );
  }

  private async copies(): Promise<void> {
    const done = await copied(this.command.textContent ?? "");
    attribute(this.copy, "title", done ? "Copied" : "This browser lets no page copy: select the text");
    attribute(this.copy, "data-done", done);
    setTimeout(() => attribute(this.copy, "data-done", null), 1500);
  }
}

export function resetAll(store: PageStore): void {
  store.changeState({ ...store.page.state, viewpoint: null, set: {} });
}

/** Puts a text on the clipboard; whether the browser allowed it. */
export async function copied(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
