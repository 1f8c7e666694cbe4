/** What there is to say of what the globe shows. */

import type { Layer, SceneAnswer } from "../protocol";
import { fill, h } from "../shell/dom";

export class Said {
  readonly element: HTMLElement;
  #layer = h("p", { hidden: true });
  #finding = h("p", { hidden: true });
  #rows = h("dl");
  #more = h("details", { hidden: true }, h("summary", {}, "Details"), this.#rows);

  constructor() {
    this.element = h("div", { class: "notebook-said" }, this.#layer, this.#finding, this.#more);
  }

  layer(layer: Layer | null): void {
    this.#layer.hidden = layer === null;
    fill(this.#layer, layer && h("b", {}, `${layer.title}: `), layer?.summary);
  }

  scene(scene: SceneAnswer | null): void {
    this.#finding.hidden = scene === null || scene.finding === "";
    this.#finding.textContent = scene?.finding ?? "";
    this.#more.hidden = scene === null || scene.rows.length === 0;
    fill(
      this.#rows,
      ...(scene?.rows ?? []).flatMap(({ label, text }) => [h("dt", {}, label), h("dd", {}, text)]),
    );
  }
}
