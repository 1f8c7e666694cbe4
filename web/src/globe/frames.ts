/**
 * When a frame is drawn: when something has changed, and never sooner than the machine can.
 *
 * Without a graphics card a frame takes a third of a second. There the picture is coarse while it moves and sharp
 * when it stands still. A clock that plays is moved by the time on the wall and leaves the machine a breath between
 * frames, so that the rest of the page still answers. Where nothing happens the loop sleeps, and looks up now and
 * then for what Cesium may have asked for unseen.
 */

import { type Camera, Cartesian3, type CesiumWidget, JulianDate, type Scene } from "@cesium/engine";
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
// Frames that take longer than this [ms], so many in a row, are those of a slow machine.
const SLOW = 120;
const MANY = 8;
// How much of its pixels, each way, the picture of a slow machine has until the ground is loaded, of which nothing is
// shown, and while it moves; and how long after a move it counts as still [ms].
const LOADING = 0.1;
const MOVING = 0.5;
const STILL = 250;
/** Pixels for one of the page, each way, beyond which nobody sees a difference. */
const FINEST = 2;
// What a camera is, and which part of it counts as no move.
const CAMERA = ["position", "direction", "up", "right"] as const;
const ROUNDING = 1e-13;
const WAKING = ["pointerdown", "pointermove", "pointerup", "wheel", "keydown", "touchstart", "touchmove"];

export class Frames {
  /** The time that is drawn [s]: that of the clock, or a little before. */
  time = Number.NaN;
  /** What a frame took of late [ms], and how many in a row took long. */
  #cost = LEAST;
  #longOnes = 0;
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
  #settled = false;
  #stopped = false;
  #slow: boolean;
  #loaded = false;
  #movedAt = Number.NEGATIVE_INFINITY;
  #stood = {
    position: new Cartesian3(),
    direction: new Cartesian3(),
    up: new Cartesian3(),
    right: new Cartesian3(),
  };
  #failed: (why: unknown) => void;
  #deaf = new AbortController();
  #resized: ResizeObserver;

  /**
   * `drawOver` draws what lies over the globe; `failed` is told why nothing is drawn any more; `slow` says that
   * there is no graphics card.
   */
  constructor(
    place: HTMLElement,
    widget: CesiumWidget,
    clock: Clock,
    drawOver: () => void,
    failed: (why: unknown) => void,
    slow: boolean,
  ) {
    this.#slow = slow;
    this.#widget = widget;
    this.#clock = clock;
    this.#drawOver = drawOver;
    this.#failed = failed;
    widget.useDefaultRenderLoop = false;
    widget.scene.postRender.addEventListener(() => {
      this.#drawn = true;
    });
    if (this.#slow) this.#hurry();
    for (const kind of WAKING) {
      place.addEventListener(kind, () => this.wake(), {
        capture: true,
        passive: true,
        signal: this.#deaf.signal,
      });
    }
    this.#resized = new ResizeObserver(() => this.wake());
    this.#resized.observe(place);
    this.wake();
  }

  /** Look soon whether there is something to draw. */
  wake(): void {
    this.#awakeUntil = performance.now() + AWAKE;
    if (this.#stopped || this.#handle !== 0) return;
    clearTimeout(this.#timer);
    this.#handle = requestAnimationFrame((now) => this.#tick(now));
  }

  /** Move by another clock. */
  follow(clock: Clock): void {
    this.#clock = clock;
    this.ask();
  }

  /** Draw the globe soon, with what has been added to it. */
  ask(): void {
    this.#settled = false;
    this.#widget.scene.requestRender();
    this.wake();
  }

  /** Draw what lies over the globe soon, and the globe only if it has changed. */
  askOver(): void {
    this.#overDirty = true;
    this.wake();
  }

  /** The ground is loaded: from now on the globe is to be seen. */
  loaded(): void {
    this.#loaded = true;
    this.ask();
  }

  /** Draw globe and all now, as where its picture is taken. */
  now(): void {
    this.#widget.scene.requestRender();
    this.#render(true, () => this.#full);
    this.#drawOver();
  }

  stop(): void {
    this.#stopped = true;
    this.#deaf.abort();
    this.#resized.disconnect();
    cancelAnimationFrame(this.#handle);
    clearTimeout(this.#timer);
  }

  #tick(now: number): void {
    this.#handle = 0;
    if (this.#drawn) this.#count(now - this.#began);
    this.#began = now;
    this.#drawn = false;
    try {
      const playing = this.#clock.playing;
      const due = !playing || now >= this.#next;
      if (playing && due) {
        this.#clock.advance(performance.now());
        this.#next = now + Math.min(Math.max(this.#cost / SHARE, LEAST), MOST);
      }
      this.#render(due, () => this.#scale());
      if (this.#drawn || this.#overDirty) {
        this.#overDirty = false;
        this.#drawOver();
      }
    } catch (error) {
      this.stop();
      this.#failed(error);
      return;
    }
    // Meanwhile somebody may have woken the loop already.
    if (this.#stopped || this.#handle !== 0) return;
    const { canvas, resolutionScale, scene } = this.#widget;
    const coming = !this.#settled || resolutionScale < this.#full || !scene.globe.tilesLoaded;
    if (this.#drawn || ((this.#clock.playing || coming) && canvas.clientWidth > 0)) {
      this.#awakeUntil = Math.max(this.#awakeUntil, performance.now() + AWAKE);
    }
    const turn = () => {
      this.#handle = requestAnimationFrame((next) => this.#tick(next));
    };
    if (performance.now() < this.#awakeUntil) turn();
    else this.#timer = window.setTimeout(turn, ASLEEP);
  }

  /** How many pixels, each way, the picture has for one of the page where there is time. */
  get #full(): number {
    return this.#slow ? 1 : Math.min(window.devicePixelRatio, FINEST);
  }

  #scale(): number {
    if (!this.#slow) return this.#full;
    if (!this.#loaded) return LOADING;
    const moving = this.#clock.playing || performance.now() - this.#movedAt < STILL;
    return moving || !this.#widget.scene.globe.tilesLoaded ? MOVING : 1;
  }

  #count(took: number): void {
    this.#cost += 0.3 * (Math.min(took, MOST) - this.#cost);
    if (this.#slow || !this.#loaded) return;
    this.#longOnes = took > SLOW ? this.#longOnes + 1 : 0;
    if (this.#longOnes < MANY) return;
    this.#slow = true;
    this.#hurry();
  }

  #hurry(): void {
    this.#widget.scene.msaaSamples = 1;
  }

  /** `due`: whether a clock that plays may be followed. */
  #render(due: boolean, scale: () => number): void {
    const { camera, canvas, dataSourceDisplay, scene } = this.#widget;
    // Behind another tab of the page there is nothing to draw on.
    if (canvas.clientWidth === 0 || canvas.clientHeight === 0) return;
    const moved = due && this.time !== this.#clock.time;
    if (moved) this.time = this.#clock.time;
    const date = dateOf(this.time);
    // Cesium's own loop would make what changes with time anew at every turn, and so never come to rest.
    if (moved || !this.#settled) {
      const ready = dataSourceDisplay.update(date);
      // Shapes are built aside: when the last of them is ready, it is not yet in the picture.
      if (moved || ready) scene.requestRender();
      this.#settled ||= ready;
    }
    (scene as Turning).initializeFrame();
    const turned = !this.#stands(camera);
    if (turned) this.#movedAt = performance.now();
    // While a clock plays Cesium asks for a second frame after each, as shapes have been made anew. The next will do.
    if (this.#clock.playing && !moved && !turned) return;
    const wanted = scale();
    if (this.#widget.resolutionScale !== wanted) this.#widget.resolutionScale = wanted;
    this.#widget.resize();
    scene.render(date);
  }

  /**
   * Whether the camera stands where it stood. It is put back there if it moved by no more than rounding: Cesium asks
   * it for its heading at every turn, which takes it to another frame of reference and back, and after a few turns
   * all would be drawn again though nothing happens.
   */
  #stands(camera: Camera): boolean {
    const still = CAMERA.every((part) =>
      Cartesian3.equalsEpsilon(camera[part], this.#stood[part], ROUNDING, ROUNDING),
    );
    for (const part of CAMERA) {
      if (still) Cartesian3.clone(this.#stood[part], camera[part]);
      else Cartesian3.clone(camera[part], this.#stood[part]);
    }
    return still;
  }
}

/** The part of a turn of Cesium's loop that it does not tell of: input, and where the camera is. */
type Turning = Scene & { initializeFrame(): void };

/** Whether the browser draws without a graphics card, as far as it says so. */
export function isSlow({ canvas }: CesiumWidget): boolean {
  const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  const told = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = told && gl ? String(gl.getParameter(told.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
