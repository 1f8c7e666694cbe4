/** Figures that the server does not take: they are taken back, and why is told at their lever. */

import type { Fault } from "../board/asking";
import type { LeverControl } from "../levers/lever";
import type { State } from "../protocol";
import { stateKey, withFigure } from "../state";
import type { PageStore } from "../store";
import { notice } from "./notices";

export class Faults {
  /** The last figures that were taken. */
  private good: State | null = null;

  constructor(
    private readonly store: PageStore,
    private readonly levers: () => LeverControl[],
  ) {}

  /** A topic was answered under these figures. */
  clear(topic: string, state: State): void {
    if (topic === "board") this.good = state;
    notice(topic, null);
  }

  tell(topic: string, fault: Fault, state: State): void {
    const { path, message } = fault;
    const { page } = this.store;
    if (path !== null && state.set[path] !== undefined) {
      // Every topic asked under these figures gets the same answer; one is enough.
      if (stateKey(state) !== stateKey(page.state)) return;
      const before = this.good?.set[path];
      this.store.changeState(
        withFigure(page.state, path, before === state.set[path] ? null : (before ?? null)),
        "replace",
      );
      const meant = this.levers().filter((each) => each.lever.path === path);
      for (const lever of meant) lever.fault(message);
      if (meant.length === 0 || !meant.some((each) => each.element.offsetParent !== null)) {
        notice("figure", { words: `${message} It was taken back.`, kind: "error" });
      }
      return;
    }
    const view = this.store.case.viewpoints.find((each) => each.name === state.viewpoint);
    const viewpoint = path !== null && view?.set[path] !== undefined;
    notice(topic, {
      words: message,
      kind: "error",
      ...(viewpoint
        ? {
            action: {
              label: "Drop these figures",
              act: () => this.store.changeState({ ...page.state, viewpoint: null }),
            },
          }
        : {}),
    });
  }
}
