/** The levers: those that decide the open claim first, then those that decide most, then all by group. */

import type { Lever } from "../protocol";
import { fill, h, text } from "../shell/dom";
import type { PageStore } from "../store";
import { AnyFigure, type Check } from "./anyfigure";
import { Changes } from "./changes";
import { LeverControl } from "./lever";
import { Places } from "./places";
import { Viewpoints } from "./viewpoints";

const MOST_FIRST = 6;

interface Group {
  body: HTMLElement;
  levers: Lever[];
}

export class LeverPanel {
  readonly element: HTMLElement;
  private readonly controls = new Map<string, LeverControl>();
  private readonly changes: Changes;
  private readonly viewpoints: Viewpoints;
  private readonly places: Places;
  private readonly first = h("section", { class: "lever-group", "data-group": "first" });
  private readonly firstTitle = h("h3", {});
  private readonly folds = h("div", { class: "lever-folds" });
  private readonly groups = new Map<string, Group>();
  private firstShown = "";
  private leading: readonly string[] = [];

  constructor(
    private readonly store: PageStore,
    check: Check,
  ) {
    const { architectures } = store.case;
    this.changes = new Changes(store);
    this.viewpoints = new Viewpoints(store);
    this.places = new Places(store);
    this.element = h(
      "div",
      { class: "levers" },
      h("h2", { class: "hidden" }, "Levers"),
      this.changes.element,
      this.viewpoints.element,
      architectures.length > 1 && this.architecture(),
      this.first,
      this.folds,
      fold("Places", "also by dragging on the globe", this.places.element),
      new AnyFigure(store, check).element,
    );
    this.build();
    store.subscribe((page, before) => {
      if (page.state !== before.state) this.show();
      if (page.architecture !== before.architecture) this.showArchitecture();
    });
  }

  /** Make the case's levers anew, when more is known of them. */
  build(): void {
    this.controls.clear();
    this.groups.clear();
    for (const lever of this.store.case.levers) {
      this.controls.set(lever.path, new LeverControl(lever, this.store));
      const group = this.groups.get(lever.group) ?? { body: h("div", { class: "lever-list" }), levers: [] };
      group.levers.push(lever);
      this.groups.set(lever.group, group);
    }
    fill(this.folds, ...[...this.groups].map(([name, { body }]) => fold(name, "", body)));
    this.firstShown = "";
    this.lead(this.leading);
  }

  /** Put these figures first: what decides the open claim, or what decides most where none is open. */
  lead(paths: readonly string[]): void {
    this.leading = paths;
    const known = paths.filter((path) => this.controls.has(path));
    const first = known.length > 0 ? known : this.decidingMost();
    const key = `${known.length > 0} ${first.join(" ")}`;
    // Nothing is taken from under a hand that drags it.
    if (key === this.firstShown || this.element.querySelector("input[type=range]:active") !== null) return;
    this.firstShown = key;
    text(this.firstTitle, known.length > 0 ? "What decides the open claim" : "What decides most");
    fill(
      this.first,
      this.firstTitle,
      h("div", { class: "lever-list" }, ...first.map((path) => this.controls.get(path)?.element)),
    );
    this.first.hidden = first.length === 0;
    for (const { body, levers } of this.groups.values()) {
      const rest = levers.filter((each) => !first.includes(each.path));
      fill(body, ...rest.map((each) => this.controls.get(each.path)?.element));
      if (body.parentElement !== null) body.parentElement.hidden = rest.length === 0;
    }
  }

  /** The levers that decide most claims; until that is known, some of those that answer quickly. */
  private decidingMost(): string[] {
    const { levers } = this.store.case;
    const deciding = levers.filter((each) => each.decides > 0).toSorted((a, b) => b.decides - a.decides);
    const shown = deciding.length > 0 ? deciding : levers.filter((each) => each.quick);
    return shown.slice(0, MOST_FIRST).map((each) => each.path);
  }

  get levers(): LeverControl[] {
    return [...this.controls.values()];
  }

  private show(): void {
    for (const control of this.controls.values()) control.show();
    this.changes.show();
    this.viewpoints.show();
    this.places.show();
  }

  private architecture(): HTMLElement {
    const { store } = this;
    this.chosen.addEventListener("change", () =>
      store.change({ architecture: this.chosen.value, battery: null }),
    );
    fill(
      this.chosen,
      ...store.case.architectures.map((each) => h("option", { value: each.name }, each.title)),
    );
    this.showArchitecture();
    return h(
      "label",
      { class: "field architecture", "data-lever": "architecture" },
      h("span", { class: "fold-title" }, "Architecture"),
      this.chosen,
      h("span", { class: "note" }, "What the globe shows. Each claim names its own."),
    );
  }

  private readonly chosen = h("select", {});

  private showArchitecture(): void {
    this.chosen.value = this.store.page.architecture;
  }
}

/** A part that opens and closes under its title. */
function fold(title: string, told: string, body: HTMLElement): HTMLElement {
  return h(
    "details",
    { class: "fold" },
    h(
      "summary",
      {},
      h("span", { class: "fold-title" }, title),
      told !== "" && h("span", { class: "fold-told" }, told),
    ),
    body,
  );
}
