/** Whose figures are used: the dossier's own, or those of one party. */

import { attribute, freshId, h, text } from "../shell/dom";
import { counted } from "../shell/numbers";
import type { PageStore } from "../store";

export class Viewpoints {
  readonly element: HTMLDetailsElement;
  private readonly current = h("span", { class: "viewpoint-current" });
  private readonly radios: HTMLInputElement[] = [];

  constructor(private readonly store: PageStore) {
    const name = freshId("viewpoint");
    const options = [
      this.radio(
        name,
        "",
        "The dossier's own figures",
        "Every figure with the range that is published of it",
      ),
      ...store.case.viewpoints.map((each) =>
        this.radio(
          name,
          each.name,
          each.title,
          `${counted(Object.keys(each.set).length, "figure")}; ${each.source}`,
        ),
      ),
    ];
    this.element = h(
      "details",
      { class: "viewpoints fold" },
      h("summary", {}, h("span", { class: "fold-title" }, "Whose figures"), this.current),
      h("fieldset", {}, h("legend", { class: "hidden" }, "Whose figures"), ...options),
    );
    this.show();
  }

  show(): void {
    const { page, case: shown } = this.store;
    const { viewpoint } = page.state;
    for (const radio of this.radios) radio.checked = radio.value === (viewpoint ?? "");
    text(
      this.current,
      shown.viewpoints.find((each) => each.name === viewpoint)?.title ?? "the dossier's own",
    );
    attribute(this.element, "data-taken", viewpoint !== null);
  }

  private radio(name: string, value: string, title: string, told: string): HTMLElement {
    const radio = h("input", {
      type: "radio",
      name,
      value,
      onchange: () => {
        const { state } = this.store.page;
        this.store.changeState({ ...state, viewpoint: value === "" ? null : value });
      },
    });
    this.radios.push(radio);
    return h(
      "label",
      { class: "choice", "data-viewpoint": value },
      radio,
      h("span", {}, h("span", { class: "choice-title" }, title), h("span", { class: "choice-told" }, told)),
    );
  }
}
