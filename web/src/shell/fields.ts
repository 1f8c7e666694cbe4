/** Labelled fields of the globe's controls. */

import { type Child, fill, h } from "./dom";

export interface Option {
  value: string;
  label: string;
}

/** A choice under its name. */
export class ChoiceField {
  readonly element: HTMLLabelElement;
  private readonly select = h("select", {});
  private options = "";

  constructor(
    name: string,
    private readonly usual: string | null,
    choose: (value: string | null) => void,
    ...told: Child[]
  ) {
    this.select.addEventListener("change", () => choose(this.select.value === "" ? null : this.select.value));
    this.element = h(
      "label",
      { class: "field" },
      h("span", { class: "field-name" }, name),
      this.select,
      ...told,
    );
  }

  show(options: readonly Option[], value: string | null): void {
    const key = JSON.stringify(options);
    if (key !== this.options) {
      this.options = key;
      const first = this.usual === null ? null : h("option", { value: "" }, this.usual);
      fill(this.select, first, ...options.map((each) => h("option", { value: each.value }, each.label)));
    }
    this.select.value = value ?? "";
    this.element.hidden = options.length === 0;
  }
}

export function titled(all: readonly { name: string; title: string }[]): Option[] {
  return all.map((each) => ({ value: each.name, label: each.title }));
}

export function named(all: readonly { name: string }[]): Option[] {
  return all.map((each) => ({ value: each.name, label: each.name }));
}
