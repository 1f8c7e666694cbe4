/** The right-hand column: the open claim, the levers and the run, one at a time. */

import type { Page, Panel } from "../state";
import type { PageStore } from "../store";
import { attribute, byId, fill, freshId, h } from "./dom";
import { type IconName, icon } from "./icons";

interface Part {
  panel: Panel;
  label: string;
  body: HTMLElement;
}

/** Parts of the page that a phone shows one at a time. */
const VIEWS: readonly { view: string; label: string; image: IconName }[] = [
  { view: "board", label: "Claims", image: "list" },
  { view: "claim", label: "Claim", image: "info" },
  { view: "levers", label: "Levers", image: "sliders" },
  { view: "globe", label: "Globe", image: "globe" },
  { view: "run", label: "Run", image: "play" },
];

export class Side {
  private readonly tabs = new Map<Panel, HTMLButtonElement>();
  private readonly panels = new Map<Panel, HTMLElement>();

  constructor(
    private readonly store: PageStore,
    parts: readonly Part[],
  ) {
    const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Claim, levers or run" });
    for (const { panel, label, body } of parts) {
      const id = freshId("tab");
      const tab = h(
        "button",
        {
          type: "button",
          id,
          role: "tab",
          class: "tab",
          "data-tab": panel,
          "aria-controls": `${id}-panel`,
          onclick: () => store.change({ panel }, "replace"),
        },
        label,
      );
      const holder = h(
        "div",
        {
          class: "tab-panel",
          id: `${id}-panel`,
          role: "tabpanel",
          "aria-labelledby": id,
          "data-panel": panel,
        },
        body,
      );
      this.tabs.set(panel, tab);
      this.panels.set(panel, holder);
      list.append(tab);
    }
    list.addEventListener("keydown", (event) => this.roam(event));
    fill(byId("side"), list, ...this.panels.values());
    store.subscribe((page, before) => {
      if (page.panel !== before.panel) this.show(page);
    });
    this.show(store.page);
    this.views();
  }

  private show(page: Page): void {
    for (const [panel, tab] of this.tabs) {
      const open = panel === page.panel;
      attribute(tab, "aria-selected", String(open));
      tab.tabIndex = open ? 0 : -1;
      const holder = this.panels.get(panel);
      if (holder !== undefined) holder.hidden = !open;
    }
    // A phone that shows another of these parts goes along.
    const view = document.body.dataset["view"];
    if (view !== page.panel && this.panels.has(view as Panel)) this.view(page.panel);
  }

  /** What a phone shows; larger screens show all of it. */
  view(name: string): void {
    document.body.dataset["view"] = name;
    for (const button of byId("views").querySelectorAll("button")) {
      attribute(button, "aria-current", button.dataset["view"] === name ? "true" : null);
    }
    if (this.panels.has(name as Panel) && this.store.page.panel !== name) {
      this.store.change({ panel: name as Panel }, "replace");
    }
  }

  /** Whether the screen shows one part at a time. */
  get single(): boolean {
    return getComputedStyle(byId("views")).display !== "none";
  }

  private views(): void {
    fill(
      byId("views"),
      ...VIEWS.map(({ view, label, image }) =>
        h(
          "button",
          { type: "button", "data-view": view, onclick: () => this.view(view) },
          icon(image),
          h("span", {}, label),
        ),
      ),
    );
    this.view(document.body.dataset["view"] ?? "board");
  }

  private roam(event: KeyboardEvent): void {
    const tabs = [...this.tabs];
    const at = tabs.findIndex(([, tab]) => tab === document.activeElement);
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at === -1 || by === undefined) return;
    event.preventDefault();
    const [panel, tab] = tabs[(at + by + tabs.length) % tabs.length] ?? [];
    if (panel === undefined || tab === undefined) return;
    this.store.change({ panel }, "replace");
    tab.focus();
  }
}
