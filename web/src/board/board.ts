/** The verdict board: every claim in its place, with filters and a search over them. */

import type { Case, VerdictWord } from "../protocol";
import { attribute, fill, freshId, h, text } from "../shell/dom";
import { asPublished, counted } from "../shell/numbers";
import type { PageStore } from "../store";
import { mark } from "./marks";
import type { Results } from "./results";
import { Row } from "./row";
import { byParty, bySubject, type Group, VERDICTS } from "./wording";

interface Filter {
  words: string;
  party: string;
  verdicts: Set<VerdictWord>;
  changed: boolean;
}

export class Board {
  readonly element: HTMLElement;
  private readonly rows = new Map<string, Row>();
  private readonly filter: Filter = { words: "", party: "", verdicts: new Set(), changed: false };
  private readonly list = h("div", { class: "board-list" });
  private readonly empty = h("p", { class: "board-empty", hidden: true, role: "status" });
  private readonly tally = new Map<VerdictWord, HTMLButtonElement>();
  private readonly tallyBar = h("div", { class: "tally-bar", "aria-hidden": "true" });
  private readonly changes: HTMLButtonElement;
  private readonly work = h("p", { class: "board-work" });
  private readonly workBar = h("span", { class: "board-progress", "aria-hidden": "true" }, h("span"));
  private readonly search: HTMLInputElement;
  private grouping: (shown: Case) => Group[] = bySubject;

  constructor(
    private readonly store: PageStore,
    private readonly results: Results,
    private readonly choose: (claim: string) => void,
  ) {
    const shown = store.case;
    for (const claim of shown.claims) this.rows.set(claim.id, new Row(claim, store, results, choose));
    this.search = h("input", {
      type: "search",
      placeholder: "Search claims",
      "aria-label": "Search claims",
      oninput: () => {
        this.filter.words = this.search.value.trim().toLowerCase();
        this.sift();
      },
    });
    const toggle = () => {
      this.filter.changed = !this.filter.changed;
    };
    this.changes = this.chip("changed", "changed", toggle, "before");
    this.element = h("div", { class: "board" }, this.head(shown), this.list, this.empty);
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.list.addEventListener("focusin", (event) => this.roam(event.target));
    this.arrange();
    results.subscribe((happening) => {
      if (happening !== "progress" && happening !== "settled") this.show();
      if (happening === "verdicts" || happening === "progress") this.showWork();
    });
    store.subscribe((page, before) => {
      if (page.claim !== before.claim) this.select();
    });
    this.select();
    this.show();
  }

  /** Claims whose rows can be seen now, for the server to answer first. */
  inSight(): string[] {
    const frame = this.element.getBoundingClientRect();
    const seen: string[] = [];
    for (const { element, claim } of this.rows.values()) {
      if (element.hidden) continue;
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > frame.top && top < Math.min(frame.bottom, innerHeight)) seen.push(claim.id);
    }
    return seen;
  }

  focusSearch(): void {
    this.search.focus();
    this.search.select();
  }

  /** Open the next claim that is shown, or the one before. */
  step(by: 1 | -1): void {
    const shown = this.shownRows();
    const at = shown.findIndex((each) => each.claim.id === this.store.page.claim);
    const next = shown[at === -1 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    this.choose(next.claim.id);
    next.button.focus();
  }

  /** Brings the open claim's row into sight. */
  reveal(): void {
    const { claim } = this.store.page;
    if (claim !== null) this.rows.get(claim)?.element.scrollIntoView({ block: "nearest" });
  }

  /** Puts the reader at a claim's row. */
  focusRow(claim: string | null): void {
    if (claim !== null) this.rows.get(claim)?.button.focus();
  }

  private head(shown: Case): HTMLElement {
    const parties = [...new Set(shown.claims.map((each) => each.party))].toSorted();
    const party = h(
      "select",
      { "aria-label": "Who says it", onchange: (event: Event) => this.choosesParty(event) },
      h("option", { value: "" }, "Everyone"),
      ...parties.map((each) => h("option", { value: each }, each)),
    );
    const grouping = h(
      "select",
      { "aria-label": "Grouped by", onchange: (event: Event) => this.choosesGrouping(event) },
      h("option", { value: "subject" }, "By subject"),
      h("option", { value: "party" }, "By party"),
    );
    const chips = h("div", { class: "tally", role: "group", "aria-label": "Show only these verdicts" });
    for (const verdict of VERDICTS) {
      const chip = this.chip(verdict, verdict, () => {
        const { verdicts } = this.filter;
        if (!verdicts.delete(verdict)) verdicts.add(verdict);
      });
      chip.prepend(mark(verdict));
      this.tally.set(verdict, chip);
      chips.append(chip);
    }
    return h(
      "div",
      { class: "board-head" },
      h(
        "div",
        { class: "board-title" },
        h("h2", { id: "board-heading" }, counted(shown.claims.length, "claim")),
        this.changes,
        this.work,
        this.tallyBar,
      ),
      chips,
      h("div", { class: "board-sift" }, this.search, party, grouping),
      this.workBar,
    );
  }

  private chip(
    words: string,
    name: string,
    toggle: () => void,
    counting: "before" | "after" = "after",
  ): HTMLButtonElement {
    const [word, number] = [h("span", { class: "chip-word" }, words), h("span", { class: "chip-count" })];
    const button = h(
      "button",
      {
        type: "button",
        class: "chip",
        "data-filter": name,
        "aria-pressed": "false",
        onclick: () => {
          if (button.getAttribute("aria-disabled") === "true") return;
          toggle();
          attribute(button, "aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
          this.sift();
        },
      },
      ...(counting === "before" ? [number, word] : [word, number]),
    );
    return button;
  }

  private choosesParty(event: Event): void {
    this.filter.party = (event.target as HTMLSelectElement).value;
    this.sift();
  }

  private choosesGrouping(event: Event): void {
    this.grouping = (event.target as HTMLSelectElement).value === "party" ? byParty : bySubject;
    this.arrange();
  }

  /** Puts the rows under their groups' headings. */
  private arrange(): void {
    const groups = this.grouping(this.store.case).map((group) => {
      const id = freshId("group");
      return h(
        "section",
        { class: "board-group", "aria-labelledby": id },
        h("h3", { id }, group.title),
        h("ul", {}, ...group.claims.map((claim) => this.rows.get(claim.id)?.element)),
      );
    });
    fill(this.list, ...groups);
    this.sift();
  }

  private show(): void {
    for (const row of this.rows.values()) row.show();
    const counts = new Map<VerdictWord, number>();
    for (const { verdict } of this.results.now.values()) {
      if (verdict !== null) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    }
    for (const [verdict, chip] of this.tally) count(chip, counts.get(verdict) ?? 0);
    fill(this.tallyBar, ...VERDICTS.map((verdict) => tallied(verdict, counts.get(verdict) ?? 0)));
    const changed = [...this.rows.values()].filter((each) => each.changed).length;
    count(this.changes, changed);
    const nothing = changed === 0 && !this.filter.changed;
    attribute(this.changes, "aria-disabled", nothing ? "true" : null);
    attribute(
      this.changes,
      "title",
      nothing ? "No verdict or value differs from the dossier's own: move a lever first" : null,
    );
    if (this.filter.changed || this.filter.verdicts.size > 0) this.sift();
  }

  private showWork(): void {
    const { progress, computing } = this.results;
    attribute(this.element, "data-state", computing ? "computing" : "ready");
    let words = "";
    if (this.results.lost) words = "waiting for the server";
    else if (computing && progress !== null && progress.total > 0) {
      words = `${asPublished(progress.done)} of ${counted(progress.total, "world")}`;
    } else if (computing) words = "reckoning …";
    text(this.work, words);
    const done = progress === null || progress.total === 0 ? 0 : progress.done / progress.total;
    this.workBar.hidden = !computing;
    const bar = this.workBar.firstElementChild as HTMLElement;
    bar.style.inlineSize = `${100 * done}%`;
  }

  /** Hides what the filter leaves out. */
  private sift(): void {
    const { words, party, verdicts, changed } = this.filter;
    for (const row of this.rows.values()) {
      const { claim } = row;
      const verdict = this.results.now.get(claim.id)?.verdict ?? null;
      row.element.hidden = !(
        (words === "" || `${claim.statement} ${claim.party} ${claim.id}`.toLowerCase().includes(words)) &&
        (party === "" || claim.party === party) &&
        (verdicts.size === 0 || (verdict !== null && verdicts.has(verdict))) &&
        (!changed || row.changed)
      );
    }
    for (const group of this.list.querySelectorAll<HTMLElement>(".board-group")) {
      group.hidden = group.querySelector("li:not([hidden])") === null;
    }
    const none = this.shownRows().length === 0;
    this.empty.hidden = !none;
    if (none) {
      fill(
        this.empty,
        this.rows.size === 0 ? "This dossier makes no claims." : "No claim fits these filters. ",
        this.rows.size > 0 &&
          h("button", { type: "button", class: "link", onclick: () => this.clear() }, "Show all"),
      );
    }
    this.roam(null);
  }

  private clear(): void {
    this.filter.words = "";
    this.filter.party = "";
    this.filter.verdicts.clear();
    this.filter.changed = false;
    this.search.value = "";
    for (const chip of [...this.tally.values(), this.changes]) attribute(chip, "aria-pressed", "false");
    for (const select of this.element.querySelectorAll("select")) {
      if (select.getAttribute("aria-label") === "Who says it") select.value = "";
    }
    this.sift();
    this.search.focus();
  }

  private select(): void {
    const { claim } = this.store.page;
    for (const row of this.rows.values()) row.select(row.claim.id === claim);
    const chosen = claim === null ? undefined : this.rows.get(claim);
    if (chosen === undefined) return;
    this.roam(chosen.button);
    this.reveal();
  }

  private shownRows(): Row[] {
    const order = [...this.list.querySelectorAll<HTMLElement>("li:not([hidden])")];
    return order.flatMap((each) => this.rows.get(each.dataset["claim"] ?? "") ?? []);
  }

  /** One row at a time can be reached by Tab: the one in focus, else the open claim's, else the first. */
  private roam(target: EventTarget | null): void {
    const shown = this.shownRows();
    const focused = shown.find((each) => target instanceof Node && each.button.contains(target));
    const open = shown.find((each) => each.claim.id === this.store.page.claim);
    const current = focused ?? open ?? shown[0];
    for (const row of this.rows.values()) row.button.tabIndex = row === current ? 0 : -1;
  }

  private move(event: KeyboardEvent): void {
    const shown = this.shownRows();
    const at = shown.findIndex((each) => each.button === document.activeElement);
    if (at === -1) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    shown[Math.min(shown.length - 1, Math.max(0, to))]?.button.focus();
  }
}

function count(chip: HTMLElement, number: number): void {
  const place = chip.querySelector(".chip-count");
  if (place !== null) text(place, String(number));
}

function tallied(verdict: VerdictWord, number: number): HTMLElement {
  const part = h("span", { "data-verdict": verdict });
  part.style.flexGrow = String(number);
  part.hidden = number === 0;
  return part;
}
