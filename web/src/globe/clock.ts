/** The time of a scene, in seconds after the launch, and how it goes on. */

import type { SceneEvent } from "../protocol";

/** Longest time that one step makes up for [s]: a page that was asleep goes on from where it was. */
const LONGEST_STEP = 2;

export const SPEEDS: readonly number[] = [1, 5, 10, 20, 50, 100, 200];

/** A clock that moves by the time on the wall, however seldom it is asked. */
export class Clock {
  /** From the first moment of all scenes to the last. */
  span: [number, number] = [0, 0];
  /** Of all scenes, in order. */
  events: SceneEvent[] = [];
  time = 0;
  rate = 20;
  playing = false;
  #last = 0;
  #scenes = new Map<object, { span: [number, number]; events: SceneEvent[] }>();
  #listeners = new Set<() => void>();

  /** Call back whenever anything here has changed, until the function returned is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Take the span and the events of an owner's scene, or null where it has none; the time stays if it fits. */
  load(owner: object, scene: { span: [number, number]; events: SceneEvent[] } | null): void {
    if (scene === null) this.#scenes.delete(owner);
    else this.#scenes.set(owner, scene);
    const scenes = [...this.#scenes.values()];
    this.span =
      scenes.length === 0
        ? [0, 0]
        : [Math.min(...scenes.map(({ span }) => span[0])), Math.max(...scenes.map(({ span }) => span[1]))];
    this.events = inOrder(scenes.flatMap(({ events }) => events));
    const [first, last] = this.span;
    this.#to(this.time < first || this.time > last ? first : this.time);
    if (last <= first) this.playing = false;
    this.#changed();
  }

  /** Start from where it is, or from the beginning where it stands at the end. */
  play(): void {
    const [first, last] = this.span;
    if (this.playing || last <= first) return;
    if (this.time >= last) this.#to(first);
    this.playing = true;
    this.#last = performance.now();
    this.#changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    this.#changed();
  }

  seek(time: number): void {
    this.#to(time);
    this.#changed();
  }

  speed(rate: number): void {
    if (!(rate > 0)) throw new RangeError(`a clock's speed is above 0, and not ${rate}`);
    this.rate = rate;
    this.#changed();
  }

  /** Go on to the time on the wall [ms]. */
  advance(now: number): void {
    if (!this.playing) return;
    const passed = Math.min(Math.max(now - this.#last, 0) / 1000, LONGEST_STEP);
    this.#last = now;
    this.#to(this.time + passed * this.rate);
    if (this.time >= this.span[1]) this.playing = false;
    this.#changed();
  }

  /** The next event after now, or before it. */
  beside(direction: 1 | -1): SceneEvent | undefined {
    // Half a second, as a time is told by the second: the event that the clock stands at is neither.
    return direction > 0
      ? this.events.find((event) => event.time_s > this.time + 0.5)
      : this.events.findLast((event) => event.time_s < this.time - 0.5);
  }

  #to(time: number): void {
    this.time = Math.min(Math.max(time, this.span[0]), this.span[1]);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Events by time, the left globe's first; what happens on both is told once. */
function inOrder(events: SceneEvent[]): SceneEvent[] {
  const sorted = [...events].sort(
    (a, b) => a.time_s - b.time_s || (a.side ?? "").localeCompare(b.side ?? ""),
  );
  const told = new Map<string, SceneEvent>();
  for (const event of sorted) {
    const key = `${event.time_s} ${event.label}`;
    const { side, ...both } = event;
    told.set(key, told.has(key) && side !== undefined ? both : event);
  }
  return [...told.values()];
}

/** What a key does to a clock; whether it does anything. */
export function clockKey(clock: Clock, key: string, shift: boolean): boolean {
  const step = shift ? 10 : 1;
  if (key === " ") {
    if (clock.playing) clock.pause();
    else clock.play();
  } else if (key === "ArrowRight" || key === "ArrowUp") clock.seek(clock.time + step);
  else if (key === "ArrowLeft" || key === "ArrowDown") clock.seek(clock.time - step);
  else if (key === "Home") clock.seek(clock.span[0]);
  else if (key === "End") clock.seek(clock.span[1]);
  else if (key === "[" || key === "]") {
    const event = clock.beside(key === "]" ? 1 : -1);
    if (event !== undefined) clock.seek(event.time_s);
  } else return false;
  return true;
}
