/** What a view and its widget tell each other, without telling each other's words back. */

import type { Close, Model, State } from "./model";

/** Between two tellings of what changes all the time [ms]. */
const OFTEN = 250;

export class Sharing {
  #model: Model;
  #undo: Close[] = [];
  #told = new Map<keyof State, unknown>();
  #timer = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  get<K extends keyof State>(name: K): State[K] {
    return this.#model.get(name);
  }

  /** Do something with what the widget holds, now and whenever it is told otherwise. */
  follow<K extends keyof State>(name: K, act: (value: State[K]) => void): void {
    const hear = () => {
      const value = this.#model.get(name);
      const own = this.#told.has(name) && this.#told.get(name) === value;
      this.#told.delete(name);
      if (!own) act(value);
    };
    this.#model.on(`change:${name}`, hear);
    this.#undo.push(() => this.#model.off(`change:${name}`, hear));
    hear();
  }

  /** Tell the widget. */
  tell<K extends keyof State>(name: K, value: State[K]): void {
    if (this.#model.get(name) === value) return;
    this.#told.set(name, value);
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  /** Tell the widget the time soon: what it is in between is left out. */
  tellTime(now: () => number): void {
    if (this.#timer !== 0) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.tell("time_s", Number(now().toFixed(2)));
    }, OFTEN);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const undo of this.#undo.splice(0)) undo();
  }
}
