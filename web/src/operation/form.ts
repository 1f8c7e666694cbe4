/** What a live run begins with: which raid comes, against which architecture, and how fast it goes. */

import { attribute, h, text } from "../shell/dom";
import { ChoiceField, titled } from "../shell/fields";
import type { PageStore } from "../store";
import type { OperationStart } from "./protocol";

const MOST_MISSILES = 50;
const LONGEST_SPACING_S = 3600;
export const SPEEDS: readonly number[] = [1, 5, 20, 60, 200];

export class StartForm {
  readonly element: HTMLFormElement;
  private readonly architecture: ChoiceField;
  private readonly threat: ChoiceField;
  private readonly missiles = whole(5);
  private readonly spacing = whole(30);
  private readonly seed = whole(0);
  private readonly speed = h(
    "select",
    {},
    ...SPEEDS.map((each) => h("option", { value: each, selected: each === 20 }, `${each} × the clock`)),
  );
  private readonly wrong = h("p", { class: "lever-wrong", role: "alert", hidden: true });
  private readonly begin = h("button", { type: "submit", class: "button button-main" }, "Start the raid");
  private chosen: { architecture: string | null; threat: string | null } = {
    architecture: null,
    threat: null,
  };

  constructor(
    private readonly store: PageStore,
    start: (ask: OperationStart) => void,
  ) {
    this.architecture = new ChoiceField("Architecture", null, (name) => {
      this.chosen.architecture = name;
    });
    this.threat = new ChoiceField("Threat", "as the dossier names it", (name) => {
      this.chosen.threat = name;
      this.show();
    });
    this.element = h(
      "form",
      {
        class: "run-form",
        onsubmit: (event: Event) => {
          event.preventDefault();
          const ask = this.ask();
          if (ask !== null) start(ask);
        },
      },
      this.architecture.element,
      this.threat.element,
      h(
        "div",
        { class: "run-numbers" },
        field("Missiles", this.missiles),
        field("Between launches, s", this.spacing),
        field("Seed", this.seed),
      ),
      field("Speed", this.speed),
      this.wrong,
      this.begin,
    );
    this.show();
    const acts = store.case.architectures.some((each) => each.acts);
    this.able(acts ? null : "No architecture of this dossier has both interceptors and a doctrine.");
    store.subscribe((page, before) => {
      if (page.architecture !== before.architecture) this.show();
    });
  }

  /** Lets a run be started, or says why none can be. */
  private able(whyNot: string | null): void {
    attribute(this.begin, "aria-disabled", whyNot === null ? null : "true");
    attribute(this.begin, "title", whyNot);
    this.fault(whyNot);
  }

  private show(): void {
    const { case: shown, page } = this.store;
    const acting = shown.architectures.filter((each) => each.acts);
    const current = acting.some((each) => each.name === page.architecture)
      ? page.architecture
      : acting[0]?.name;
    this.architecture.show(titled(acting), this.chosen.architecture ?? current ?? null);
    this.threat.show(titled(shown.threats), this.chosen.threat);
  }

  private ask(): OperationStart | null {
    if (this.begin.getAttribute("aria-disabled") === "true") return null;
    const { page } = this.store;
    const [missiles, spacing_s, seed] = [this.missiles, this.spacing, this.seed].map((each) =>
      Number(each.value),
    );
    const wrong = !isWhole(missiles, 1, MOST_MISSILES)
      ? `Missiles: a whole number from 1 to ${MOST_MISSILES}.`
      : !(spacing_s !== undefined && spacing_s >= 0 && spacing_s <= LONGEST_SPACING_S)
        ? `Between launches: a number of seconds from 0 to ${LONGEST_SPACING_S}.`
        : isWhole(seed, 0, Number.MAX_SAFE_INTEGER)
          ? null
          : "Seed: a whole number, such as 0.";
    this.fault(wrong);
    if (wrong !== null || missiles === undefined || spacing_s === undefined || seed === undefined)
      return null;
    const architecture = this.element.querySelector("select")?.value ?? page.architecture;
    const { threat } = this.chosen;
    const speed = Number(this.speed.value);
    return { do: "start", state: page.state, architecture, threat, missiles, spacing_s, seed, speed };
  }

  private fault(words: string | null): void {
    this.wrong.hidden = words === null;
    text(this.wrong, words ?? "");
  }
}

function isWhole(value: number | undefined, least: number, most: number): value is number {
  return value !== undefined && Number.isInteger(value) && value >= least && value <= most;
}

function whole(value: number): HTMLInputElement {
  return h("input", { type: "text", inputmode: "numeric", value, autocomplete: "off" });
}

function field(name: string, control: HTMLElement): HTMLElement {
  return h("label", { class: "field" }, h("span", { class: "field-name" }, name), control);
}
