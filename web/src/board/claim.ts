/** A claim with everything about it: the verdict, what decides it and how, whose figures make it true, how it is measured. */

import { figureOf, leverOf } from "../levers/figures";
import type { LeverControl } from "../levers/lever";
import type { ClaimText, DecidedBy, Told, Verdict } from "../protocol";
import { fill, h, text } from "../shell/dom";
import { icon } from "../shell/icons";
import { share } from "../shell/numbers";
import type { PageStore } from "../store";
import { curveChart } from "./curve";
import { decidersOf, onlyHeld, worthNaming } from "./deciders";
import { Deciding } from "./deciding";
import { distribution } from "./distribution";
import { ChanceBar, ChangingWord } from "./marks";
import { overview } from "./overview";
import type { Results } from "./results";
import { standpointTable } from "./standpoints";
import { capital, chanceInterval, chanceText, change, rangeText, test, valueText } from "./wording";

export class ClaimPanel {
  readonly element = h("div", { class: "claim", "data-claim-open": "" });
  private view: View | null = null;

  constructor(
    private readonly store: PageStore,
    private readonly results: Results,
    private readonly choose: (claim: string) => void,
    private readonly close: () => void,
  ) {
    store.subscribe((page, before) => {
      if (page.claim !== before.claim) this.open();
      else if (page.state !== before.state) this.view?.show();
    });
    results.subscribe((happening) => {
      if (happening === "baseline" && this.view === null) this.open();
      if (happening === "verdicts" || happening === "told" || happening === "baseline") this.view?.show();
    });
    this.open();
  }

  get levers(): LeverControl[] {
    return this.view?.levers ?? [];
  }

  /** Puts the reader at the beginning of the claim. */
  focus(): void {
    this.element.querySelector<HTMLElement>("h2")?.focus();
  }

  private open(): void {
    const { page } = this.store;
    const claim = this.store.case.claims.find((each) => each.id === page.claim);
    this.element.dataset["claimOpen"] = claim?.id ?? "";
    if (claim === undefined) {
      this.view = null;
      const { baseline } = this.results;
      const about =
        baseline === null || baseline.deciders.length === 0
          ? h("p", { class: "note claim-none" }, "Choose a claim on the board to see what decides it.")
          : overview(baseline, this.store.case, this.choose);
      fill(this.element, about);
      return;
    }
    this.view = new View(claim, this.store, this.results, this.close);
    fill(this.element, this.view.element);
    this.element.parentElement?.scrollTo({ top: 0 });
  }
}

class View {
  readonly element: HTMLElement;
  private readonly word = new ChangingWord();
  private readonly bar = new ChanceBar();
  private readonly chance = h("p", { class: "claim-chance" });
  private readonly value = h("p", { class: "claim-value" });
  private readonly deciding: Deciding;
  private readonly curve = section("How the value follows it", "curve");
  private readonly spread = section("Over all worlds", "distribution");
  private readonly whose = section("Whose figures make it true", "standpoints");
  private readonly detail = section("In detail", "detail");
  private drawn = "";

  constructor(
    private readonly claim: ClaimText,
    private readonly store: PageStore,
    private readonly results: Results,
    close: () => void,
  ) {
    this.deciding = new Deciding(store);
    const decides = section("What decides it", "deciders");
    decides.append(this.deciding.element);
    this.element = h(
      "article",
      { class: "claim-view", "data-claim-view": claim.id },
      h(
        "header",
        { class: "claim-head" },
        h("p", { class: "claim-party" }, h("span", {}, claim.party), " says"),
        h("h2", { tabindex: -1 }, claim.statement),
        source(claim),
        h(
          "button",
          {
            type: "button",
            class: "icon-button claim-close",
            "aria-label": "Close the claim",
            onclick: close,
          },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "claim-verdict" },
        h("div", { class: "claim-word" }, this.word.element, this.bar.element),
        this.chance,
        this.value,
      ),
      decides,
      this.curve,
      this.spread,
      this.whose,
      measured(claim),
      this.detail,
    );
    this.show();
  }

  get levers(): LeverControl[] {
    return this.deciding.levers;
  }

  show(): void {
    const { claim, results, store } = this;
    const now = results.now.get(claim.id);
    const found = results.told(claim.id, store.page.state);
    const standing = results.standing(claim.id);
    this.element.dataset["state"] = found?.final ? "told" : found === null ? "loading" : "stale";
    // The board may answer before the claim does, or after it: what knows more worlds of these figures is shown.
    const verdict = found?.current && found.told.samples >= (now?.samples ?? 0) ? found.told : now;
    if (verdict !== undefined) {
      this.showVerdict(verdict, standing === "awaited" && !found?.current);
      const deciders = decidersOf(claim.id, store.page.state, results);
      if (deciders !== undefined) this.deciding.show(verdict, deciders);
    }
    if (found !== null) this.draw(found.told);
  }

  private showVerdict(verdict: Verdict, stale: boolean): void {
    const { claim, results } = this;
    const moved = change(results.own.get(claim.id), verdict);
    this.word.show(verdict.verdict, moved?.verdict?.[0] ?? null);
    this.bar.show(verdict, moved?.probability?.[0] ?? null);
    this.bar.element.dataset["stale"] = String(stale);
    const ends = chanceInterval(verdict);
    const before = moved?.probability
      ? `. Under the dossier's own figures it was ${share(moved.probability[0])}`
      : "";
    text(this.chance, `${capital(chanceText(verdict))}${ends && `; of all worlds, ${ends}`}${before}.`);
    const range = rangeText(claim, verdict);
    text(
      this.value,
      `Nominal value ${valueText(claim, verdict)}${range && `; nine worlds in ten ${range}`}. The test: ${test(claim)}.`,
    );
  }

  private draw(told: Told): void {
    const { claim, store, results } = this;
    const { state } = store.page;
    // Along a figure that is the only one held the dossier's own curve holds, and says where the verdict turns.
    const own = results.ownTold(claim.id);
    const alone = own !== undefined && onlyHeld(state, alongOf(own)?.parameter ?? "");
    const source = alone ? own : told;
    const along = alongOf(source);
    const lever = along && leverOf(store.case, along.parameter);
    const figure = lever && figureOf(lever, store.case, state);
    // The charts are drawn anew only when what they show has changed.
    const { value, samples, low, high, standpoints } = told;
    const key = JSON.stringify([
      value,
      samples,
      low,
      high,
      standpoints.length,
      figure?.value,
      state.viewpoint,
    ]);
    if (key === this.drawn) return;
    this.drawn = key;
    const nominal = typeof lever?.value === "number" ? lever.value : null;
    const stand = { at: figure?.value ?? nominal, nominal, turns: along?.flips_at ?? null };
    put(this.curve, source.curve && curveChart(claim, source.curve, stand));
    put(this.spread, distribution(claim, told), spreadNote(told));
    const table = standpointTable(claim, standpoints, state.viewpoint, (viewpoint) =>
      store.changeState({ ...store.page.state, viewpoint }),
    );
    put(this.whose, table);
    put(this.detail, details(told));
  }
}

/** The figure along which a claim's curve is drawn. */
function alongOf(told: Told): DecidedBy | undefined {
  const { curve } = told;
  const all = worthNaming(told.decided_by);
  return curve === null ? undefined : (all.find((each) => each.label === curve.x_label) ?? all[0]);
}

function section(title: string, name: string): HTMLElement {
  return h("section", { class: "claim-section", "data-part": name }, h("h3", {}, title));
}

/** Shows a part under its heading, or hides the section where there is none. */
function put(place: HTMLElement, ...parts: (Element | null)[]): void {
  const heading = place.querySelector("h3");
  place.hidden = parts.every((each) => each === null);
  fill(place, heading, ...parts);
}

function spreadNote(told: Told): HTMLElement | null {
  if (told.sampled_values.length < 2) return null;
  return h(
    "p",
    { class: "note" },
    "Filled: the claim holds. Hollow: it fails. The disc is the nominal value, the line beside it nine worlds in ten.",
  );
}

function source(claim: ClaimText): HTMLElement {
  if (claim.source_url === null) return h("p", { class: "claim-source" }, claim.source);
  return h(
    "p",
    { class: "claim-source" },
    h(
      "a",
      { href: claim.source_url, rel: "noopener noreferrer", target: "_blank" },
      claim.source,
      icon("external"),
    ),
  );
}

function measured(claim: ClaimText): HTMLElement {
  const part = section("How it is measured", "method");
  part.append(
    h("p", {}, claim.method),
    h("p", {}, h("strong", {}, `The test is ${test(claim)}. `), claim.reason),
  );
  return part;
}

function details(told: Told): HTMLElement | null {
  if (told.detail.length === 0) return null;
  return h(
    "dl",
    { class: "detail" },
    ...told.detail.map(({ label, text: words }) => h("div", {}, h("dt", {}, label), h("dd", {}, words))),
  );
}
