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
  #folders = new Map<string, Entity>();
  #shown = new Map<string, boolean>();
  #marked = new Set<Kind>();
  #picked: string | null = null;
  #turn = 0;

  constructor(widget: CesiumWidget, time: () => number) {
    this.#widget = widget;
    this.#time = time;
  }

  /** A number for what is to be loaded next: only the last one given is loaded. */
  turn(): number {
    this.#turn += 1;
    return this.#turn;
  }

  /** Load an answer in place of the one before, or none; whether its turn was the last. */
  async load(answer: SceneAnswer | null, turn: number): Promise<boolean> {
    if (turn !== this.#turn || this.#widget.isDestroyed()) return false;
    const source = answer === null ? null : await new CzmlDataSource().load(answer.czml);
    if (turn !== this.#turn || this.#widget.isDestroyed()) return false;
    this.#named = [];
    this.#folders = new Map();
    for (const entity of source?.entities.values ?? []) {
      const text: unknown = entity.label?.text?.getValue(dateOf(0));
      if (typeof text === "string" && text !== "") this.#named.push({ entity, text });
      // Drawn over the globe instead, where labels make room for each other.
      entity.label = undefined as unknown as LabelGraphics;
      // Folders say whether they are shown unless asked otherwise.
      if (entity.parent === undefined) this.#folders.set(entity.id, entity);
    }
    for (const folder of this.#folders.keys()) this.#apply(folder);
    const { dataSources } = this.#widget;
    if (this.#source !== null) dataSources.remove(this.#source, true);
    this.#source = source;
    if (source !== null) await dataSources.add(source);
    return true;
  }

  show(folder: string, visible: boolean): void {
    this.#shown.set(folder, visible);
    this.#apply(folder);
  }

  /** Leave to the page's marks what these kinds stand for; whether that is a change. */
  leave(kinds: Set<Kind>): boolean {
    const same = kinds.size === this.#marked.size && [...kinds].every((kind) => this.#marked.has(kind));
    if (same) return false;
    this.#marked = kinds;
    for (const folder of Object.keys(STANDING)) this.#apply(folder);
    return true;
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
    const entity = this.#folders.get(folder);
    if (entity === undefined) return;
    const usual: unknown = entity.properties?.getValue(dateOf(0))?.shown;
    const stands = STANDING[folder]?.some((kind) => this.#marked.has(kind)) ?? false;
    entity.show = (this.#shown.get(folder) ?? usual !== false) && !stands;
  }
}
