/** The page, whoever listens to it, and the address and the history that follow it. */

import type { Case, State } from "./protocol";
import { type Page, readFragment, settle, writeFragment } from "./state";

/**
 * How a change enters the history: a step of its own, no step, or one step for a run of changes of one thing. A run
 * that is held, such as a drag, lasts until it is released.
 */
export type Step = "push" | "replace" | { run: string; held?: boolean };

const RUN_MS = 1500;
/** Browsers refuse addresses that are changed too often. */
const WRITE_MS = 300;

export type Listener = (page: Page, before: Page) => void;

export class PageStore {
  private readonly listeners = new Set<Listener>();
  private run: { name: string; until: number } | null = null;
  private writing: number | null = null;

  /** `again` is called when the address comes to name another dossier. */
  constructor(
    private now: Page,
    private readonly shown: Case,
    private readonly served: string,
    again: () => void,
  ) {
    history.replaceState(null, "", this.address());
    addEventListener("popstate", () => {
      const wish = readFragment(location.hash);
      if ((wish.dossier ?? served) !== shown.key) again();
      else this.put(settle(wish, shown).page);
      this.run = null;
    });
  }

  get page(): Page {
    return this.now;
  }

  get case(): Case {
    return this.shown;
  }

  change(patch: Partial<Page>, step: Step = "push"): void {
    const next = { ...this.now, ...patch };
    if (writeFragment(next, this.served) === writeFragment(this.now, this.served)) return;
    const pushes = step === "push" || (typeof step === "object" && !this.runs(step.run));
    if (pushes) this.write();
    if (step === "push") this.run = null;
    else if (step !== "replace") {
      this.run = { name: step.run, until: step.held ? Number.POSITIVE_INFINITY : Date.now() + RUN_MS };
    }
    this.put(next);
    if (pushes) history.pushState(null, "", this.address());
    else this.writing ??= window.setTimeout(() => this.write(), WRITE_MS);
  }

  /** Change what verdicts depend on. */
  changeState(state: State, step: Step = "push"): void {
    this.change({ state }, step);
  }

  /** A run that was held goes on for a moment only. */
  release(name: string): void {
    if (this.run?.name === name) this.run.until = Date.now() + RUN_MS;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The address of the page as it stands. */
  address(): string {
    return `${location.pathname}${location.search}#${writeFragment(this.now, this.served)}`;
  }

  private put(next: Page): void {
    const before = this.now;
    this.now = next;
    for (const listener of [...this.listeners]) listener(next, before);
  }

  private runs(name: string): boolean {
    return this.run?.name === name && Date.now() < this.run.until;
  }

  private write(): void {
    if (this.writing === null) return;
    clearTimeout(this.writing);
    this.writing = null;
    history.replaceState(null, "", this.address());
  }
}
