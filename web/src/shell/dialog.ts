/** A dialog over the page: focus stays in it, Escape closes it, and the page gets its focus back. */

import { type Child, freshId, h } from "./dom";
import { icon } from "./icons";

export function dialog(name: string, title: string, ...children: Child[]): HTMLDialogElement {
  const id = freshId(name);
  const element = h(
    "dialog",
    {
      class: "dialog",
      "data-dialog": name,
      "aria-labelledby": id,
      onclose: () => element.remove(),
      onclick: (event: Event) => {
        if (event.target === element) element.close();
      },
    },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id }, title),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => element.close() },
        icon("close"),
      ),
    ),
    h("div", { class: "dialog-body" }, ...children),
  );
  document.body.append(element);
  element.showModal();
  return element;
}
