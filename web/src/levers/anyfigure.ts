/** Any figure of the dossier or the catalog: levers by search, all others by their path, as --set takes them. */

import { capital } from "../board/wording";
import type { Lever, State } from "../protocol";
import { attribute, fill, freshId, h, text } from "../shell/dom";
import { withFigure } from "../state";
import type { PageStore } from "../store";
import { figureOf } from "./figures";

/** Asks the server whether a state's figures can be taken; rejects with a Refusal where not. */
export type Check = (state: State) => Promise<void>;

const MOST_FOUND = 8;

export class AnyFigure {
  readonly element: HTMLFormElement;
  private readonly field: HTMLInputElement;
  private readonly found = h("ul", { class: "found", hidden: true });
  private readonly told = h("p", { class: "lever-wrong", role: "alert", hidden: true });
  private readonly button: HTMLButtonElement;

  constructor(
    private readonly store: PageStore,
    private readonly check: Check,
  ) {
    const id = freshId("figure");
    const help = freshId("figure-help");
    this.field = h("input", {
      id,
      type: "text",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      placeholder: "PATH=VALUE, or words to search for",
      "aria-describedby": help,
      oninput: () => this.search(),
    });
    this.button = h("button", { type: "submit", class: "button" }, "Set");
    this.element = h(
      "form",
      { class: "any-figure", onsubmit: (event: Event) => this.submit(event) },
      h("label", { for: id, class: "lever-label" }, "Any figure"),
      h("div", { class: "any-figure-line" }, this.field, this.button),
      this.told,
      this.found,
      h("p", { id: help, class: "note" }, "As --set takes it: interceptor.gbi-2-stage.payload=800 kg"),
    );
  }

  private search(): void {
    this.fault(null);
    const words = this.field.value.trim().toLowerCase().split(/\s+/);
    const searching = !this.field.value.includes("=") && words[0] !== "";
    const matches = searching
      ? this.store.case.levers.filter((each) => {
          const told = `${each.label} ${each.path} ${each.group}`.toLowerCase();
          return words.every((word) => told.includes(word));
        })
      : [];
    this.found.hidden = matches.length === 0;
    fill(this.found, ...matches.slice(0, MOST_FOUND).map((each) => this.match(each)));
  }

  private match(lever: Lever): HTMLElement {
    const figure = figureOf(lever, this.store.case, this.store.page.state);
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "link", onclick: () => this.begin(lever, figure.text) },
        capital(lever.label),
        h("span", { class: "found-figure" }, figure.text),
      ),
    );
  }

  private begin(lever: Lever, figure: string): void {
    this.field.value = `${lever.path}=`;
    this.found.hidden = true;
    this.field.focus();
    attribute(this.field, "title", `It stands at ${figure}`);
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const words = this.field.value.trim();
    const equals = words.indexOf("=");
    if (equals < 1 || equals === words.length - 1) {
      this.fault("A path and a value are needed, such as interceptor.gbi-2-stage.payload=800 kg.");
      return;
    }
    const path = words.slice(0, equals).trim();
    const value = words
      .slice(equals + 1)
      .trim()
      .replace(/^(["'])(.*)\1$/, "$2");
    const next = withFigure(this.store.page.state, path, value);
    attribute(this.element, "aria-busy", "true");
    text(this.button, "Checking …");
    try {
      await this.check(next);
      this.store.changeState(withFigure(this.store.page.state, path, value));
      this.field.value = "";
      this.fault(null);
    } catch (error) {
      this.fault(error instanceof Error ? error.message : String(error));
    } finally {
      attribute(this.element, "aria-busy", null);
      text(this.button, "Set");
    }
  }

  private fault(message: string | null): void {
    this.told.hidden = message === null;
    text(this.told, message ?? "");
    attribute(this.field, "aria-invalid", message === null ? null : "true");
  }
}
