/** The levers: those that decide the open claim first, then those that decide most, then all by group. */

import type { Lever } from "../protocol";
import { fill, h, text } from "../shell/dom";
import type { PageStore } from "../state";
import { AnyFigure, type Check } from "./anyfigure";
import { Changes } from "./changes";
import { LeverControl } from "./lever";
import { Places } from "./places";
import { Viewpoints } from "./viewpoints";

export class LeverPanel {
  readonly element: HTMLElement;
  private readonly controls = new Map<string, LeverControl>();
  private readonly changes: Changes;
  private readonly viewpoints: Viewpoints;
  private readonly places: Places;
  private readonly first = h("section", { class: "lever-group", "data-group": "first" });
  private readonly firstTitle = h("h3", {});
  private readonly groups = new Map<string, { fold: HTMLElement; body: HTMLElement; levers: Lever[] }>();
  private firstShown = "";

  constructor(
    private readonly store: PageStore,
    check: Check,
  ) {
    const { levers, architectures } = store.case;
    for (const lever of levers) this.controls.set(lever.path, new LeverControl(lever, store));
    this.changes = new Changes(store);
    this.viewpoints = new Viewpoints(store);
    this.places = new Places(store);
    for (const lever of levers) {
      let group = this.groups.get(lever.group);
      if (group === undefined) {
        const body = h("div", { class: "lever-list" });
        const fold = h(
          "details",
          { class: "fold" },
          h("summary", {}, h("span", { class: "fold-title" }, lever.group)),
          body,
        );
        group = { fold, body, levers: [] };
        this.groups.set(lever.group, group);
      }
      group.levers.push(lever);
    }
    const places = h(
      "details",
      { class: "fold" },
      h(
        "summary",
        {},
        h("span", { class: "fold-title" }, "Places"),
        h("span", { class: "fold-told" }, "also by dragging on the globe"),
      ),
      this.places.element,
    );
    this.element = h(
      "div",
      { class: "levers" },
      h("h2", { class: "hidden" }, "Levers"),
      this.changes.element,
      this.viewpoints.element,
      architectures.length > 1 && this.architecture(),
      this.first,
      ...[...this.groups.values()].map((each) => each.fold),
      places,
      new AnyFigure(store, check).element,
    );
    this.lead([]);
    store.subscribe((page, before) => {
      if (page.state !== before.state) this.show();
      if (page.architecture !== before.architecture) this.showArchitecture();
    });
  }

  /** Put these figures first: what decides the open claim, or what decides most where none is open. */
  lead(paths: readonly string[]): void {
    const known = paths.filter((path) => this.controls.has(path));
    const quick = this.store.case.levers.filter((each) => each.quick).map((each) => each.path);
    const first = known.length > 0 ? known : quick;
    const key = `${known.length > 0} ${first.join(" ")}`;
    if (key === this.firstShown) return;
    this.firstShown = key;
    text(this.firstTitle, known.length > 0 ? "What decides the open claim" : "What decides most");
    fill(
      this.first,
      this.firstTitle,
      h("div", { class: "lever-list" }, ...first.map((path) => this.controls.get(path)?.element)),
    );
    this.first.hidden = first.length === 0;
    for (const { fold, body, levers } of this.groups.values()) {
      const rest = levers.filter((each) => !first.includes(each.path));
      fill(body, ...rest.map((each) => this.controls.get(each.path)?.element));
      fold.hidden = rest.length === 0;
    }
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
