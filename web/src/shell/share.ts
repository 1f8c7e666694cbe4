/** Sharing the page: its address says all that it shows. */

import { copied } from "../levers/changes";
import type { PageStore } from "../store";
import { dialog } from "./dialog";
import { attribute, h, text } from "./dom";
import { icon } from "./icons";
import { announce } from "./notices";

const SHOWN_MS = 1800;

export function shareButton(store: PageStore): HTMLButtonElement {
  const words = h("span", { class: "button-words" }, "Share");
  const button = h(
    "button",
    { type: "button", class: "button", "data-action": "share", title: "Copy the address of what is shown" },
    icon("share"),
    words,
  );
  button.addEventListener("click", async () => {
    const address = new URL(store.address(), location.href).href;
    if (await copied(address)) {
      text(words, "Copied");
      attribute(button, "data-done", true);
      announce("The address of what is shown has been copied.");
      setTimeout(() => {
        text(words, "Share");
        attribute(button, "data-done", false);
      }, SHOWN_MS);
    } else {
      const field = h(
        "textarea",
        { readonly: true, rows: 4, "aria-label": "Address of what is shown" },
        address,
      );
      dialog(
        "share",
        "The address of what is shown",
        field,
        h("p", { class: "note" }, "Copy it by hand: this browser lets no page copy."),
      );
      field.select();
    }
  });
  return button;
}
