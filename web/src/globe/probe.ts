/** The value of a layer at a place: under the mouse, where a finger taps, or at the cross in the middle. */

import type { CesiumWidget } from "@cesium/engine";
import { type Grid, tell } from "./grid";
import { groundAt, type Place, type Spot } from "./view";
import { placeText } from "./words";

/** How often a voice is told of a new value [ms]. */
const SPOKEN = 700;

export class Probe {
  grid: Grid | null = null;
  #widget: CesiumWidget;
  #readout: HTMLElement;
  #say: (text: string) => void;
  #probed: (found: Place & { text: string | null }) => void;
  #waiting = 0;
  #last: Spot | null = null;

  /** `readout` shows what is found; `say` tells those who cannot see; `probed` is told of every place. */
  constructor(
    widget: CesiumWidget,
    readout: HTMLElement,
    say: (text: string) => void,
    probed: (found: Place & { text: string | null }) => void,
  ) {
    this.#widget = widget;
    this.#readout = readout;
    this.#say = say;
    this.#probed = probed;
    readout.hidden = true;
  }

  /** Look at a point of the page; `spoken` where no eye may follow it. */
  at(spot: Spot, spoken = false): void {
    this.#last = spot;
    const place = groundAt(this.#widget, spot);
    if (place === null) {
      this.leave();
      return;
    }
    const text = this.grid === null ? null : tell(this.grid, place.lat, place.lon);
    const where = placeText(place.lat, place.lon);
    const line = text === null ? where : `${text} · ${where}`;
    this.#readout.hidden = false;
    this.#readout.textContent = line;
    if (spoken) {
      clearTimeout(this.#waiting);
      this.#waiting = window.setTimeout(() => this.#say(line), SPOKEN);
    }
    this.#probed({ ...place, text });
  }

  /** The layer has changed: look again at the same point. */
  again(): void {
    if (this.#last !== null && !this.#readout.hidden) this.at(this.#last);
  }

  /** Look at nothing. */
  leave(): void {
    this.#last = null;
    this.#readout.hidden = true;
  }

  stop(): void {
    clearTimeout(this.#waiting);
  }
}
