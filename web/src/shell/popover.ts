/** A button that opens a panel under it: for controls that are not always wanted, and for menus. */

import { attribute, type Child, freshId, h, text } from "./dom";
import { type IconName, icon } from "./icons";

export class Popover {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;
  private readonly words: HTMLElement;

  constructor(name: string, image: IconName, label: string, ...children: Child[]) {
    const id = freshId(name);
    this.words = h("span", { class: "button-words" }, label);
    this.button = h(
      "button",
      {
        type: "button",
        class: "button",
        "data-opens": name,
        "aria-expanded": "false",
        "aria-controls": id,
        onclick: () => this.toggle(),
      },
      icon(image),
      this.words,
      icon("down"),
    );
    this.panel = h(
      "div",
      { class: "popover-panel", id, hidden: true, role: "group", "aria-label": label },
      ...children,
    );
    this.element = h("div", { class: "popover", "data-popover": name }, this.button, this.panel);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.panel.hidden) return;
      event.stopPropagation();
      this.close();
      this.button.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.panel.hidden && event.target instanceof Node && !this.element.contains(event.target))
        this.close();
    });
    this.element.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && !this.element.contains(event.relatedTarget)) this.close();
    });
  }

  label(words: string, spoken = words): void {
    text(this.words, words);
    attribute(this.button, "aria-label", spoken);
    attribute(this.button, "title", spoken);
  }

  close(): void {
    this.panel.hidden = true;
    attribute(this.button, "aria-expanded", "false");
  }

  private toggle(): void {
    const opens = this.panel.hidden;
    this.panel.hidden = !opens;
    attribute(this.button, "aria-expanded", String(opens));
    if (!opens) return;
    // It stays within the window, whichever side of it the button is on.
    this.panel.classList.remove("popover-left");
    this.panel.classList.toggle("popover-left", this.panel.getBoundingClientRect().right > innerWidth - 8);
  }
}

/** An entry of a menu: what it does, or why it cannot be done now. */
export class MenuItem {
  readonly element: HTMLButtonElement;
  private readonly why = h("span", { class: "menu-told" });

  constructor(
    name: string,
    label: string,
    private readonly usual: string,
    act: () => void | Promise<void>,
  ) {
    this.element = h(
      "button",
      {
        type: "button",
        class: "menu-item",
        "data-item": name,
        onclick: () => {
          if (this.element.getAttribute("aria-disabled") !== "true") void act();
        },
      },
      h("span", { class: "menu-label" }, label),
      this.why,
    );
    this.able(null);
  }

  /** Lets it be chosen, or says why it cannot be. */
  able(whyNot: string | null): void {
    attribute(this.element, "aria-disabled", whyNot === null ? null : "true");
    text(this.why, whyNot ?? this.usual);
  }

  busy(told: string | null): void {
    attribute(this.element, "aria-busy", told === null ? null : "true");
    text(this.why, told ?? this.usual);
  }
}
