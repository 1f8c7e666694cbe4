/** A lever: a figure as a slider with a box for the number, or as a choice; where it comes from; and the way back. */

import { capital } from "../board/wording";
import type { Lever } from "../protocol";
import { attribute, fill, freshId, h, text } from "../shell/dom";
import { icon } from "../shell/icons";
import { asPublished, counted, significant, unitName, within, withUnit } from "../shell/numbers";
import { withFigure } from "../state";
import type { PageStore } from "../store";
import { baseOf, type Figure, figureOf, rangeOf, typed, written } from "./figures";
import { Scale } from "./scale";

export class LeverControl {
  readonly element: HTMLElement;
  private readonly scale: Scale | null;
  private readonly slider: HTMLInputElement | null = null;
  private readonly box: HTMLInputElement | null = null;
  private readonly choice: HTMLSelectElement | null = null;
  private readonly reset: HTMLButtonElement;
  private readonly marks = h("div", { class: "lever-marks", "aria-hidden": "true" });
  private readonly turnMark = h("span", { class: "lever-turn", hidden: true });
  private readonly wrong = h("p", { class: "lever-wrong", role: "alert", hidden: true });
  private turnsAt: number | null = null;

  constructor(
    readonly lever: Lever,
    private readonly store: PageStore,
  ) {
    const id = freshId("lever");
    const { low, high } = lever;
    this.scale =
      lever.kind === "number" && low !== null && high !== null && low < high
        ? new Scale(low, high, lever.step)
        : null;
    this.reset = h(
      "button",
      {
        type: "button",
        class: "lever-reset icon-button",
        "aria-label": `Reset: ${lever.label}`,
        title: "Back to the figure it had",
        onclick: () => this.impose(null),
      },
      icon("reset"),
    );
    const head = h(
      "div",
      { class: "lever-head" },
      h("label", { class: "lever-label", for: id }, capital(lever.label)),
      this.provenance(id),
    );
    let control: HTMLElement;
    if (lever.kind === "choice") {
      this.choice = h(
        "select",
        { id, onchange: () => this.chooses() },
        ...lever.options.map((each) => h("option", { value: each.value }, each.label)),
      );
      control = h("div", { class: "lever-line" }, this.choice, this.reset);
    } else {
      this.box = h("input", {
        id,
        class: "lever-box",
        type: "text",
        inputmode: "decimal",
        autocomplete: "off",
        spellcheck: "false",
        onchange: () => this.types(),
        onkeydown: (event: KeyboardEvent) => {
          if (event.key === "Enter") this.types();
          if (event.key === "Escape") this.restore();
        },
      });
      this.slider = this.scale && this.makeSlider(this.scale);
      control = h(
        "div",
        { class: "lever-line" },
        this.slider && h("div", { class: "lever-track" }, this.marks, this.slider),
        h(
          "span",
          { class: "lever-number" },
          this.box,
          h("span", { class: "lever-unit" }, unitName(lever.unit)),
        ),
        this.reset,
      );
    }
    this.element = h("div", { class: "lever", "data-lever": lever.path }, head, control, this.wrong);
    this.show();
  }

  /** Bring the lever up to the page's state. */
  show(): void {
    const { lever, store } = this;
    const figure = figureOf(lever, store.case, store.page.state);
    const base = baseOf(lever, store.case, store.page.state);
    attribute(this.element, "data-by", figure.by);
    this.reset.hidden = figure.by !== "reader";
    if (this.choice !== null) {
      this.choice.value = store.page.state.set[lever.path] ?? String(this.chosen());
    }
    // What is being typed stays.
    if (this.box !== null && document.activeElement !== this.box) this.box.value = boxText(figure);
    if (this.slider !== null && this.scale !== null) {
      const at = figure.value ?? base.value;
      if (at !== null) this.slider.value = String(this.scale.position(at));
      attribute(this.slider, "aria-valuetext", figure.text);
      this.slider.style.setProperty("--at", String(at === null ? 0 : this.scale.share(at)));
    }
    this.showMarks(base);
  }

  /** Take back what was typed and not taken. */
  private restore(): void {
    this.fault(null);
    if (this.box === null) return;
    this.box.value = boxText(figureOf(this.lever, this.store.case, this.store.page.state));
  }

  /** Mark where the open claim's verdict turns along this lever. */
  turns(at: number | null): void {
    if (at === this.turnsAt) return;
    this.turnsAt = at;
    this.show();
  }

  /** Say why a figure was not taken; null when there is nothing to say. */
  fault(message: string | null): void {
    this.wrong.hidden = message === null;
    text(this.wrong, message ?? "");
    const field = this.box ?? this.choice;
    if (field !== null) attribute(field, "aria-invalid", message === null ? null : "true");
  }

  private makeSlider(scale: Scale): HTMLInputElement {
    const slider = h("input", {
      type: "range",
      class: "lever-slider",
      min: 0,
      max: scale.positions,
      step: 1,
      "aria-label": this.lever.label,
      oninput: () => this.slides(scale.value(Number(slider.value))),
      onchange: () => this.store.release(this.lever.path),
    });
    return slider;
  }

  private slides(value: number): void {
    const base = baseOf(this.lever, this.store.case, this.store.page.state);
    const near = base.value !== null && this.scale?.position(value) === this.scale?.position(base.value);
    this.impose(near ? null : written(value, this.lever.unit), true);
  }

  private types(): void {
    if (this.box === null) return;
    const words = typed(this.box.value, this.lever);
    const { lever, store } = this;
    if (words === "") this.show();
    else {
      const base = baseOf(lever, store.case, store.page.state);
      const same = base.value !== null && words === written(base.value, lever.unit);
      this.impose(same ? null : words);
    }
  }

  private chooses(): void {
    if (this.choice === null) return;
    this.impose(this.choice.value === this.chosen() ? null : this.choice.value);
  }

  /** What a choice stands at without the reader's. */
  private chosen(): string {
    const { viewpoints } = this.store.case;
    const view = viewpoints.find((each) => each.name === this.store.page.state.viewpoint);
    return view?.set[this.lever.path] ?? String(this.lever.value);
  }

  private impose(value: string | null, sliding = false): void {
    this.fault(null);
    const { path } = this.lever;
    this.store.changeState(
      withFigure(this.store.page.state, path, value),
      sliding ? { run: path, held: true } : "push",
    );
    this.show();
  }

  private showMarks(base: Figure): void {
    const { scale, lever } = this;
    if (scale === null) return;
    const parts: HTMLElement[] = [];
    if (base.value !== null) {
      parts.push(
        placed(h("span", { class: "lever-nominal", title: `nominal ${base.text}` }), scale.share(base.value)),
      );
    }
    if (this.turnsAt !== null && this.turnsAt >= scale.low && this.turnsAt <= scale.high) {
      const words = within(this.turnsAt, lever.unit, lever.low, lever.high);
      this.turnMark.hidden = false;
      attribute(this.turnMark, "title", `the verdict turns at ${words}`);
      parts.push(placed(this.turnMark, scale.share(this.turnsAt)));
    }
    const ends = h(
      "span",
      { class: "lever-ends" },
      h("span", {}, significant(scale.low)),
      h("span", {}, withUnit(significant(scale.high), lever.unit)),
    );
    fill(this.marks, ...parts, ends);
  }

  private provenance(id: string): HTMLElement {
    const { lever } = this;
    const told = freshId(`${id}-source`);
    const range = rangeOf(lever);
    const nominal =
      typeof lever.value === "number" ? withUnit(asPublished(lever.value), lever.unit) : figureText(lever);
    const tip = h(
      "div",
      { class: "tip", id: told, role: "tooltip" },
      h("p", {}, `Nominal ${nominal}${range && `; published range ${range}`}.`),
      lever.note === null ? null : h("p", {}, lever.note),
      lever.source !== "" && h("p", { class: "tip-source" }, `Source: ${lever.source}`),
      lever.undisclosed && h("p", {}, "Its owner keeps this figure: the range is an estimate."),
      lever.decides > 0 && h("p", {}, `Decides ${counted(lever.decides, "claim")}.`),
      h("code", {}, lever.path),
    );
    const button = h(
      "button",
      {
        type: "button",
        class: "icon-button lever-info",
        "aria-label": `Where this figure comes from: ${lever.label}`,
        "aria-describedby": told,
        onclick: () => tip.classList.toggle("tip-pinned"),
        onkeydown: (event: KeyboardEvent) => {
          if (event.key === "Escape") tip.classList.remove("tip-pinned");
        },
        onblur: () => tip.classList.remove("tip-pinned"),
      },
      icon("info"),
    );
    return h(
      "span",
      { class: "lever-about" },
      lever.undisclosed && h("span", { class: "badge" }, "undisclosed"),
      button,
      tip,
    );
  }
}

function figureText(lever: Lever): string {
  return lever.options.find((each) => each.value === lever.value)?.label ?? String(lever.value);
}

/** A mark that far along a slider, whose thumb never leaves its track. */
function placed(mark: HTMLElement, share: number): HTMLElement {
  mark.style.insetInlineStart = `calc(var(--thumb) / 2 + (100% - var(--thumb)) * ${share})`;
  return mark;
}

function boxText({ value, text: words }: Figure): string {
  return value === null ? words : asPublished(value);
}
