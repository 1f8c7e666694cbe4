/** A scene of a flight: CZML in folders, with labels that leave each other room. */

import { type CesiumWidget, CzmlDataSource, type Entity, type LabelGraphics } from "@cesium/engine";
import type { SceneAnswer } from "../protocol";
import { dateOf } from "./frames";
import type { Kind } from "./glyphs";
import type { Label, Part } from "./overlay";
import type { Projection } from "./view";

/** Folders of what stands on the ground, which the page's own marks stand for where there are any. */
const STANDING: Record<string, readonly Kind[]> = {
  radars: ["radar"],
  batteries: ["battery"],
  places: ["launch", "target"],
};

interface Named {
  entity: Entity;
  text: string;
}

export class Scene implements Part {
  #widget: CesiumWidget;
  #time: () => number;
  #source: CzmlDataSource | null = null;
  #named: Named[] = [];
  #shown = new Map<string, boolean>();
  #marked = new Set<Kind>();
  #picked: string | null = null;
  #turn = 0;

  constructor(widget: CesiumWidget, time: () => number) {
    this.#widget = widget;
    this.#time = time;
  }

  /** Load an answer in place of the one before, or none; whether it was the last one asked for. */
  async load(answer: SceneAnswer | null): Promise<boolean> {
    const turn = ++this.#turn;
    const source = answer === null ? null : await new CzmlDataSource().load(answer.czml);
    if (turn !== this.#turn || this.#widget.isDestroyed()) return false;
    this.#named = [];
    for (const entity of source?.entities.values ?? []) {
      const text: unknown = entity.label?.text?.getValue(dateOf(0));
      if (typeof text === "string" && text !== "") this.#named.push({ entity, text });
      // Drawn over the globe instead, where labels make room for each other.
      entity.label = undefined as unknown as LabelGraphics;
    }
    const { dataSources } = this.#widget;
    if (this.#source !== null) dataSources.remove(this.#source, true);
    this.#source = source;
    if (source !== null) await dataSources.add(source);
    for (const folder of new Set([...this.#shown.keys(), ...Object.keys(STANDING)])) this.#apply(folder);
    return true;
  }

  show(folder: string, visible: boolean): void {
    this.#shown.set(folder, visible);
    this.#apply(folder);
  }

  /** Leave to the page's marks what these kinds stand for. */
  leave(kinds: Set<Kind>): void {
    this.#marked = kinds;
    for (const folder of Object.keys(STANDING)) this.#apply(folder);
  }

  /** Name what has been picked, whether there is room or not. */
  pick(id: string | null): void {
    this.#picked = id;
  }

  draw(_: CanvasRenderingContext2D, projection: Projection): Label[] {
    const date = dateOf(this.#time());
    const picked = this.#picked === null ? undefined : this.#source?.entities.getById(this.#picked);
    const named = this.#named.some(({ entity }) => entity === picked)
      ? this.#named
      : picked?.name === undefined
        ? this.#named
        : [...this.#named, { entity: picked, text: picked.name }];
    return named.flatMap(({ entity, text }) => {
      if (!entity.isShowing || !entity.isAvailable(date)) return [];
      const point = entity.position?.getValue(date);
      const spot = point === undefined ? null : projection.at(point);
      if (spot === null) return [];
      const must = entity === picked;
      return [{ key: entity.id, spot, radius: 5, lines: [text], rank: must ? 15 : 5, must }];
    });
  }

  #apply(folder: string): void {
    const entity = this.#source?.entities.getById(folder);
    if (entity === undefined) return;
    const stands = STANDING[folder]?.some((kind) => this.#marked.has(kind)) ?? false;
    entity.show = (this.#shown.get(folder) ?? true) && !stands;
  }
}
