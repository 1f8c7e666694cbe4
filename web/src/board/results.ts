/** What has been answered so far: verdicts under the dossier's own figures, under those of the page, and claims told in full. */

import type { Baseline, State, Told, Verdict } from "../protocol";
import { isOwn, stateKey } from "../state";

export interface Progress {
  stage: string;
  done: number;
  total: number;
  left_s: number | null;
}

/** How far a verdict answers what the page stands at: not yet, at nominal figures only, over some worlds, wholly. */
export type Standing = "awaited" | "nominal" | "sampled" | "final";

export type Happening = "verdicts" | "told" | "progress" | "settled" | "baseline";

export class Results {
  /** Under the dossier's own figures. */
  readonly own = new Map<string, Verdict>();
  /** Under the page's figures; what was there before stays until it is answered anew. */
  readonly now = new Map<string, Verdict>();
  /** The dossier's own assessment, once it is there. */
  baseline: Baseline | null = null;
  progress: Progress | null = null;
  computing = false;
  /** Whether the server is gone for now. */
  lost = false;
  /** Claims that the page's figures do not touch. */
  unaffected: ReadonlySet<string> = new Set();
  private readonly standings = new Map<string, Standing>();
  private readonly ownTolds = new Map<string, Told>();
  private readonly tolds = new Map<string, { key: string; told: Told; final: boolean }>();
  private readonly listeners = new Set<(happening: Happening) => void>();

  /** `worlds`: how many a verdict is taken over. */
  constructor(private readonly worlds = 0) {}

  subscribe(listener: (happening: Happening) => void): void {
    this.listeners.add(listener);
  }

  standing(id: string): Standing {
    return this.standings.get(id) ?? "awaited";
  }

  /** The page stands at other figures: verdicts are about to be asked for. */
  begin(): void {
    this.computing = true;
    this.progress = null;
    this.tell("progress");
  }

  /** All verdicts are to be answered anew. */
  await(): void {
    this.standings.clear();
    this.unaffected = new Set();
    this.computing = true;
    this.progress = null;
    this.tell("verdicts");
  }

  hearBaseline(baseline: Baseline): void {
    this.baseline = baseline;
    for (const each of baseline.told) this.ownTolds.set(each.id, each);
    this.tell("baseline");
  }

  /** A claim as it is told under the dossier's own figures. */
  ownTold(id: string): Told | undefined {
    return this.ownTolds.get(id);
  }

  hearOwn(verdicts: Verdict[]): void {
    for (const each of verdicts) this.own.set(each.id, merged(this.own.get(each.id), each));
    this.tell("verdicts");
  }

  /** Verdicts under the page's figures; those in `unaffected` stand as in the dossier itself. */
  hear(verdicts: Verdict[], unaffected: string[], final: boolean): void {
    this.unaffected = new Set(unaffected);
    for (const id of unaffected) {
      const own = this.own.get(id);
      if (own !== undefined) this.settle(id, own, "final");
    }
    for (const each of verdicts) {
      const standing = each.samples === 0 ? "nominal" : final ? "final" : "sampled";
      this.settle(each.id, merged(this.now.get(each.id), each), standing);
    }
    const worlds = Math.max(0, ...verdicts.map((each) => each.samples));
    if (!final && worlds > 0) this.progress = { stage: "", done: worlds, total: this.worlds, left_s: null };
    if (final) {
      for (const id of this.now.keys()) this.standings.set(id, "final");
      this.computing = false;
      this.progress = null;
    }
    this.tell("verdicts");
    if (final) this.tell("settled");
  }

  hearProgress(progress: Progress): void {
    this.progress = progress;
    this.tell("progress");
  }

  /** The asking is over, with or without an answer to everything. */
  stop(): void {
    this.computing = false;
    this.progress = null;
    this.tell("progress");
  }

  /** The server was lost, or is back. */
  hearLost(lost: boolean): void {
    this.lost = lost;
    this.tell("progress");
  }

  /** What the page is at. */
  get state(): "ready" | "computing" | "offline" {
    if (this.lost) return "offline";
    return this.computing ? "computing" : "ready";
  }

  hearTold(state: State, told: Told, final: boolean): void {
    this.tolds.set(told.id, { key: stateKey(state), told, final });
    this.tell("told");
  }

  /** A claim told in full, and whether that is under these figures and to the end. */
  told(id: string, state: State): { told: Told; current: boolean; final: boolean } | null {
    const own = this.ownTolds.get(id);
    if (own !== undefined && isOwn(state)) return { told: own, current: true, final: true };
    const found = this.tolds.get(id);
    if (found === undefined) return own === undefined ? null : { told: own, current: false, final: false };
    const current = found.key === stateKey(state);
    return { told: found.told, current, final: current && found.final };
  }

  private settle(id: string, verdict: Verdict, standing: Standing): void {
    this.now.set(id, verdict);
    this.standings.set(id, standing);
  }

  private tell(happening: Happening): void {
    for (const listener of this.listeners) listener(happening);
  }
}

/** A newer verdict over the one before, which stands until worlds have been answered. */
function merged(before: Verdict | undefined, newer: Verdict): Verdict {
  if (before === undefined || newer.samples > 0) return newer;
  return { ...before, value: newer.value, holds: newer.holds };
}
