/** A live run on the globe: packets are added as they come, and the globe's clock follows close behind them. */

import { CzmlDataSource, type Entity, type LabelGraphics } from "@cesium/engine";
import type { Globe } from "../globe";
import { dateOf } from "../globe/frames";
import { innerOf } from "../globe/inner";
import type { Label, Part } from "../globe/overlay";
import type { Projection } from "../globe/view";
import { reasonOf } from "../globe/words";
import type { SceneEvent } from "../protocol";

/** The clock runs this long behind what is known, that it need not stop for what is to come [s on the wall]. */
const BEHIND_S = 0.8;
/** Further behind than so many times that it takes a leap. */
const MOST_BEHIND = 4;
/** What the page's own marks stand for. */
const MARKED = ["radars", "batteries"];

interface Named {
  entity: Entity;
  text: string;
}

export class Feed implements Part {
  private readonly inner;
  private readonly uncover: () => void;
  private readonly named = new Map<string, Named>();
  /** Whether the clock has been set going and not been stopped by what it had come to. */
  private going = false;
  private readonly source = new CzmlDataSource();
  private readonly added: Promise<unknown>;
  private queue: Promise<unknown>;
  private known_s = 0;
  private following = true;
  private marks: SceneEvent[] = [];

  constructor(
    globe: Globe,
    /** Whether the reader wants to see a folder that is usually seen, or not. */
    private readonly seen: (folder: string, usual: boolean) => boolean,
    /** Is told why something could not be drawn. */
    private readonly fault: (why: string) => void,
  ) {
    this.inner = innerOf(globe);
    this.added = this.inner.widget.dataSources.add(this.source);
    this.queue = this.added;
    this.uncover = this.inner.over(this);
    this.inner.clock().load(this, { span: [0, 0], events: [] });
  }

  /** Whether the clock follows the run; it stops doing so when the reader goes back in time. */
  follow(): void {
    this.following = true;
    this.going = false;
    this.inner.clock().seek(this.known_s);
  }

  add(packets: unknown[], time_s: number, events: SceneEvent[], speed: number, running: boolean): void {
    const take = async () => {
      await this.source.process(packets);
      this.name();
      this.fold();
      this.advance(time_s, events, speed, running);
      this.inner.frames.ask();
    };
    this.queue = this.queue.then(take).catch((error: unknown) => this.fault(reasonOf(error)));
  }

  /** Hides and shows the folders that the page wants hidden or shown. */
  fold(): void {
    for (const entity of this.source.entities.values) {
      if (entity.parent !== undefined) continue;
      const properties: unknown = entity.properties?.getValue(dateOf(0));
      const usual = !(isRecord(properties) && properties["shown"] === false);
      entity.show = !MARKED.includes(entity.id) && this.seen(entity.id, usual);
    }
  }

  /** Puts it away for a while, or shows it again. */
  show(shown: boolean): void {
    this.source.show = shown;
    this.inner.clock().load(this, shown ? { span: [0, this.known_s], events: this.marks } : null);
    this.inner.frames.ask();
  }

  draw(_: CanvasRenderingContext2D, projection: Projection): Label[] {
    if (!this.source.show) return [];
    const date = dateOf(this.inner.clock().time);
    return [...this.named].flatMap(([key, { entity, text }]) => {
      if (!entity.isShowing || !entity.isAvailable(date)) return [];
      const point = entity.position?.getValue(date);
      const spot = point === undefined ? null : projection.at(point);
      return spot === null ? [] : [{ key, spot, radius: 5, lines: [text], rank: 5, must: false }];
    });
  }

  destroy(): void {
    this.uncover();
    this.inner.clock().load(this, null);
    void this.added.then(() => this.inner.widget.dataSources.remove(this.source, true));
    this.inner.frames.ask();
  }

  /** Takes the labels of what has come, to be drawn where they leave each other room. */
  private name(): void {
    for (const entity of this.source.entities.values) {
      const text: unknown = entity.label?.text?.getValue(dateOf(this.known_s));
      if (typeof text !== "string" || text === "") continue;
      this.named.set(entity.id, { entity, text });
      entity.label = undefined as unknown as LabelGraphics;
    }
  }

  private advance(time_s: number, events: SceneEvent[], speed: number, running: boolean): void {
    const clock = this.inner.clock();
    // Whoever stopped the clock before its end, or went back, wants to look at something.
    const atEnd = clock.time >= this.known_s - 1e-3;
    if (this.going && !clock.playing && !atEnd) this.following = false;
    if (atEnd) this.going = false;
    this.known_s = time_s;
    this.marks = events;
    if (!this.source.show) return;
    clock.load(this, { span: [0, time_s], events });
    if (!this.following) return;
    const behind = BEHIND_S * speed;
    if (running && time_s - clock.time > MOST_BEHIND * behind) clock.seek(time_s - behind);
    if (clock.rate !== speed) clock.speed(speed);
    // It waits until there is something to go on to; what is left at the end it plays out.
    if (running && time_s - clock.time < behind && !clock.playing) return;
    clock.play();
    this.going = true;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
