/**
 * When a frame is drawn: when something has changed, and never sooner than the machine can.
 *
 * Without a graphics card a frame takes half a second. A clock that plays is moved by the time on the wall and
 * leaves the machine a breath between frames, so that the rest of the page still answers. Where nothing happens the
 * loop sleeps, and looks up now and then for what Cesium may have asked for unseen.
 */

import { type CesiumWidget, JulianDate } from "@cesium/engine";
import type { Clock } from "./clock";

const EPOCH = JulianDate.fromIso8601("2000-01-01T00:00:00Z");

/** Cesium's date of a time after the launch [s]. */
export function dateOf(time: number): JulianDate {
  return JulianDate.addSeconds(EPOCH, time, new JulianDate());
}

// How long the loop stays awake after the last change, and how long it then sleeps at a time [ms].
const AWAKE = 400;
const ASLEEP = 500;
// The shortest and the longest time between two frames of a clock that plays [ms].
const LEAST = 33;
const MOST = 1500;
// Frames of a clock that plays take this much of the machine's time.
const SHARE = 0.6;
const WAKING = ["pointerdown", "pointermove", "pointerup", "wheel", "keydown", "touchstart", "touchmove"];

export class Frames {
  /** What a frame took of late [ms]. */
  cost = LEAST;
  #widget: CesiumWidget;
  #clock: Clock;
  #drawOver: () => void;
  #handle = 0;
  #timer = 0;
  #awakeUntil = 0;
  #next = 0;
  #began = 0;
  #drawn = false;
  #overDirty = false;
  #shown = Number.NaN;
  #settled = false;
  #stopped = false;
  #failed: (why: unknown) => void;
  #deaf = new AbortController();

  /** `drawOver` draws what lies over the globe; `failed` is told why nothing is drawn any more. */
  constructor(
    place: HTMLElement,
    widget: CesiumWidget,
    clock: Clock,
    drawOver: () => void,
    failed: (why: unknown) => void,
  ) {
    this.#widget = widget;
    this.#clock = clock;
    this.#drawOver = drawOver;
    this.#failed = failed;
    widget.useDefaultRenderLoop = false;
    widget.allowDataSourcesToSuspendAnimation = false;
    widget.scene.postRender.addEventListener(() => {
      this.#drawn = true;
    });
    for (const kind of WAKING) {
      place.addEventListener(kind, () => this.#wake(), {
        capture: true,
        passive: true,
        signal: this.#deaf.signal,
      });
    }
    window.addEventListener("resize", () => this.#wake(), { signal: this.#deaf.signal });
    this.#wake();
  }

  /** Move by another clock. */
  follow(clock: Clock): void {
    this.#clock = clock;
    this.ask();
  }

  /** Draw the globe soon. */
  ask(): void {
    this.#widget.scene.requestRender();
    this.#wake();
  }

  /** Draw what lies over the globe soon, and the globe only if it has changed. */
  askOver(): void {
    this.#overDirty = true;
    this.#wake();
  }

  /** Draw globe and all now, as where its picture is taken. */
  now(): void {
    this.#widget.scene.requestRender();
    this.#render();
    this.#drawOver();
  }

  stop(): void {
    this.#stopped = true;
    this.#deaf.abort();
    cancelAnimationFrame(this.#handle);
    clearTimeout(this.#timer);
  }

  #wake(): void {
    this.#awakeUntil = performance.now() + AWAKE;
    if (this.#stopped || this.#handle !== 0) return;
    clearTimeout(this.#timer);
    this.#handle = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now: number): void {
    this.#handle = 0;
    if (this.#drawn) this.cost += 0.3 * (now - this.#began - this.cost);
    this.#began = now;
    this.#drawn = false;
    try {
      if (this.#clock.playing && now >= this.#next) {
        this.#clock.advance(performance.now());
        this.#next = now + Math.min(Math.max(this.cost / SHARE, LEAST), MOST);
      }
      this.#widget.resize();
      this.#render();
      if (this.#drawn || this.#overDirty) {
        this.#overDirty = false;
        this.#drawOver();
      }
    } catch (error) {
      this.stop();
      this.#failed(error);
      return;
    }
    const { dataSourceDisplay, scene } = this.#widget;
    if (this.#drawn || this.#clock.playing || !dataSourceDisplay.ready || !scene.globe.tilesLoaded) {
      this.#awakeUntil = Math.max(this.#awakeUntil, performance.now() + AWAKE);
    }
    if (performance.now() < this.#awakeUntil) {
      this.#handle = requestAnimationFrame((next) => this.#tick(next));
    } else {
      this.#timer = window.setTimeout(() => {
        this.#handle = requestAnimationFrame((next) => this.#tick(next));
      }, ASLEEP);
    }
  }

  #render(): void {
    const { clock, scene } = this.#widget;
    if (this.#shown !== this.#clock.time) {
      this.#shown = this.#clock.time;
      clock.currentTime = dateOf(this.#shown);
      scene.requestRender();
    }
    this.#widget.render();
    // Shapes are built aside; when the last of them is ready, it is not yet in the picture.
    const settled = this.#widget.dataSourceDisplay.ready;
    if (settled && !this.#settled) scene.requestRender();
    this.#settled = settled;
  }
}
