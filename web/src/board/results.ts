/** What has been answered so far: verdicts under the dossier's own figures, under those of the page, and claims told in full. */

import type { State, Told, Verdict } from "../protocol";
import { stateKey } from "../state";

export interface Progress {
  stage: string;
  done: number;
  total: number;
  left_s: number | null;
}

/** How far a verdict answers what the page stands at: not yet, at nominal figures only, over some worlds, wholly. */
export type Standing = "awaited" | "nominal" | "sampled" | "final";

export type Happening = "verdicts" | "told" | "progress" | "settled";

export class Results {
  /** Under the dossier's own figures. */
  readonly own = new Map<string, Verdict>();
  /** Under the page's figures; what was there before stays until it is answered anew. */
  readonly now = new Map<string, Verdict>();
  progress: Progress | null = null;
  computing = false;
  /** Whether the server is gone for now. */
  lost = false;
  private readonly standings = new Map<string, Standing>();
  private readonly tolds = new Map<string, { key: string; told: Told; final: boolean }>();
  private readonly listeners = new Set<(happening: Happening) => void>();

  subscribe(listener: (happening: Happening) => void): void {
    this.listeners.add(listener);
  }

  standing(id: string): Standing {
    return this.standings.get(id) ?? "awaited";
  }

  /** All verdicts are to be answered anew. */
  await(): void {
    this.standings.clear();
    this.computing = true;
    this.progress = null;
    this.tell("verdicts");
  }

  hearOwn(verdicts: Verdict[]): void {
    for (const each of verdicts) this.own.set(each.id, merged(this.own.get(each.id), each));
    this.tell("verdicts");
  }

  /** Verdicts under the page's figures; those in `unaffected` stand as in the dossier itself. */
  hear(verdicts: Verdict[], unaffected: string[], final: boolean): void {
    for (const id of unaffected) {
      const own = this.own.get(id);
      if (own !== undefined) this.settle(id, own, "final");
    }
    for (const each of verdicts) {
      const standing = each.samples === 0 ? "nominal" : final ? "final" : "sampled";
      this.settle(each.id, merged(this.now.get(each.id), each), standing);
    }
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
    const found = this.tolds.get(id);
    if (found === undefined) return null;
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

/**
 * A newer verdict over the one before. Until worlds have been answered those before stand; where nothing is said of
 * what decides, it is what decided before, but nobody knows where the verdict turns now.
 */
function merged(before: Verdict | undefined, newer: Verdict): Verdict {
  if (before === undefined) return newer;
  const worlds = newer.samples === 0 ? { ...before, value: newer.value, holds: newer.holds } : newer;
  const decided = newer.decided_by ?? before.decided_by?.map((each) => ({ ...each, flips_at: null }));
  return decided === undefined ? worlds : { ...worlds, decided_by: decided };
}
