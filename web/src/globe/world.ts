/** One globe, put together of its parts. */

import { Cartesian2, Cartesian3, type CesiumWidget, ScreenSpaceEventType } from "@cesium/engine";
import type { Layer, SceneAnswer } from "../protocol";
import {
  type CameraState,
  cameraKey,
  fly,
  framing,
  HIGHEST,
  LOWEST,
  narrow,
  stateOf,
  tilt,
  zoom,
} from "./camera";
import { Clock, clockKey } from "./clock";
import { Frames, isSlow } from "./frames";
import { openGlobe } from "./globe";
import { type Grid, unpack } from "./grid";
import type { Globe, GlobeEvents } from "./index";
import { setInner } from "./inner";
import type { Box } from "./labels";
import { LayerOnGround } from "./layers";
import { headingOf, Legend } from "./legend";
import { loadOutlines } from "./outlines";
import { Overlay } from "./overlay";
import { pictureOf } from "./picture";
import { Probe } from "./probe";
import { Scene } from "./scene";
import { type SiteMark, Sites } from "./sites";
import { element, type Place, report, type Spot } from "./view";
import { clockText, placeText, reasonOf } from "./words";

/** Between two tellings of where the camera is [ms]. */
const TOLD = 200;
const HELP =
  "Arrow keys move the view, plus and minus zoom, T tilts it. Space plays the flight, square brackets go from event to event.";
const CREDIT = "midcourse · imagery: Natural Earth";

export class World implements Globe {
  #host: HTMLElement;
  #events: Partial<GlobeEvents>;
  #still: boolean;
  #widget: CesiumWidget;
  #frames: Frames;
  #overlay: Overlay;
  #sites: Sites;
  #ground: LayerOnGround;
  #legend: Legend;
  #legendPlace: HTMLElement;
  #probe: Probe;
  #scene: Scene;
  #view: HTMLElement;
  #said: HTMLElement;
  #own = new Clock();
  #clock = this.#own;
  #unclock: () => void;
  #grid: Grid | null = null;
  #gaps = false;
  #answer: SceneAnswer | null = null;
  #loading = false;
  /** The time to go to once the scene is there, whose span holds it. */
  #due: number | null = null;
  #wrong: HTMLElement | null = null;
  #side: "left" | "right" | null = null;
  #time = Number.NaN;
  #seen: Cartesian3[] = [];
  #cameraListeners = new Set<() => void>();
  #telling = 0;
  #drawn = 0;
  #loaded = false;
  #ready = false;
  #open = () => {};
  /** When the ground is drawn. What takes long to prepare waits for it. */
  #opened = new Promise<void>((give) => {
    this.#open = give;
  });
  #destroyed = false;
  /** What is to be in sight, until the camera is moved by hand. */
  #framed: Place[] | null = null;
  #sizes = new ResizeObserver(() => this.#resized());

  /** `fail` is told why nothing is drawn any more, after everything has been taken down. */
  constructor(
    host: HTMLElement,
    events: Partial<GlobeEvents>,
    reducedMotion: boolean,
    fail: (why: unknown) => void,
  ) {
    this.#host = host;
    this.#events = events;
    this.#still = reducedMotion;
    this.#view = element(host, "div", "globe-view");
    this.#view.tabIndex = 0;
    this.#view.role = "application";
    this.#view.ariaRoleDescription = "globe";
    this.#view.setAttribute("aria-description", HELP);
    const canvas = element(this.#view, "div", "globe-canvas");
    const over = element(this.#view, "canvas", "globe-over");
    const marks = element(this.#view, "div", "globe-marks");
    element(this.#view, "div", "globe-cross").ariaHidden = "true";
    const controls = element(host, "div", "globe-controls");
    this.#legendPlace = element(host, "section", "globe-legend");
    this.#legendPlace.ariaLabel = "Legend";
    const readout = element(host, "p", "globe-probe");
    this.#said = element(host, "p", "globe-said");
    this.#said.ariaLive = "polite";

    this.#widget = openGlobe(canvas);
    const { scene, camera } = this.#widget;
    this.#scene = new Scene(this.#widget, () => this.#frames.time);
    this.#sites = new Sites(this.#widget, marks, {
      moved: (...told) => events.moved?.(...told),
      picked: (site) => this.#pick(`site/${site}`),
      dirty: () => this.#frames.askOver(),
    });
    const slow = isSlow(this.#widget);
    this.#overlay = new Overlay(over, this.#widget, [this.#scene, this.#sites], slow);
    const broken = (error: unknown) => {
      this.destroy();
      fail(error);
    };
    this.#frames = new Frames(host, this.#widget, this.#clock, () => this.#drawOver(), broken, slow);
    this.#unclock = this.#clock.listen(() => this.#ticked());
    this.#ground = new LayerOnGround(scene);
    this.#legend = new Legend(this.#legendPlace);
    this.#probe = new Probe(
      this.#widget,
      readout,
      (text) => this.#say(text),
      (found) => events.probed?.(found),
    );

    const { screenSpaceCameraController: controller } = scene;
    controller.minimumZoomDistance = LOWEST;
    controller.maximumZoomDistance = HIGHEST;
    if (reducedMotion) {
      controller.inertiaSpin = 0;
      controller.inertiaTranslate = 0;
      controller.inertiaZoom = 0;
    }
    fly(camera, { lat: 48, lon: 25, height_km: 9000 }, false);
    scene.postRender.addEventListener(() => this.#rendered());
    scene.renderError.addEventListener((_, error: unknown) => broken(error));
    this.#widget.canvas.addEventListener("webglcontextlost", () =>
      broken("the browser has lost the graphics card. Loading the page again brings it back."),
    );
    this.#listen();
    this.#sizes.observe(this.#view);
    for (const [name, text, act] of [
      ["Zoom in", "+", () => zoom(this.#widget, true)],
      ["Zoom out", "−", () => zoom(this.#widget, false)],
      ["Tilt the view", "∠", () => tilt(this.#widget)],
    ] as const) {
      const button = element(controls, "button", "", text);
      button.type = "button";
      button.ariaLabel = name;
      button.title = name;
      button.addEventListener("click", () => {
        act();
        this.#framed = null;
        this.#frames.ask();
      });
    }
    setInner(this, {
      widget: this.#widget,
      frames: this.#frames,
      clock: () => this.#clock,
      follow: (clock, side) => this.#follow(clock ?? this.#own, side),
      over: (part) => this.#overlay.add(part),
      onCamera: (listener) => {
        this.#cameraListeners.add(listener);
        return () => this.#cameraListeners.delete(listener);
      },
    });
    report(host, "frames", "0");
    this.#describe();
    this.#ticked();
  }

  sites(sites: SiteMark[]): void {
    this.#sites.show(sites);
    // Marks lie over the globe, which need not be drawn anew while one is dragged.
    if (this.#scene.leave(this.#sites.kinds)) this.#frames.ask();
    this.#describe();
  }

  moveSelected(dLat: number, dLon: number): boolean {
    return this.#sites.moveChosen(dLat, dLon);
  }

  layer(layer: Layer | null, refining = false): void {
    this.#grid = layer === null ? null : unpack(layer);
    this.#gaps = this.#grid?.values.some(Number.isNaN) ?? false;
    this.#ground.show(this.#grid);
    this.#legend.show(layer, refining, this.#gaps);
    this.#probe.grid = this.#grid;
    this.#probe.again();
    report(this.#host, "layer-step", layer === null ? null : String(layer.step));
    this.#describe();
    this.#frames.ask();
  }

  scene(answer: SceneAnswer | null): void {
    this.#loading = true;
    report(this.#host, "scene", "loading");
    const turn = this.#scene.turn();
    this.#opened
      .then(() => this.#scene.load(answer, turn))
      .then(
        (last) => {
          if (!last) return;
          this.#answer = answer;
          this.#loading = false;
          this.#wind();
          if (this.#due !== null) this.#clock.seek(this.#due);
          this.#due = null;
          this.#complain(null);
          report(this.#host, "scene", answer === null ? "none" : "loaded");
          this.#frames.ask();
          this.#describe();
        },
        (error: unknown) => {
          this.#loading = false;
          report(this.#host, "scene", "failed");
          this.#complain(`The flight cannot be shown: ${reasonOf(error)}`);
        },
      );
  }

  pick(id: string | null): void {
    this.#sites.choose(id?.startsWith("site/") ? id.slice("site/".length) : null);
    this.#scene.pick(id);
    this.#frames.askOver();
  }

  show(folder: string, visible: boolean): void {
    this.#scene.show(folder, visible);
    this.#frames.ask();
  }

  play(): void {
    this.#clock.play();
  }

  pause(): void {
    this.#clock.pause();
  }

  seek(t_s: number): void {
    if (this.#loading) this.#due = t_s;
    else this.#clock.seek(t_s);
  }

  speed(x: number): void {
    this.#clock.speed(x);
  }

  get playing(): boolean {
    return this.#clock.playing;
  }

  get time_s(): number {
    return this.#clock.time;
  }

  get camera(): CameraState {
    return stateOf(this.#widget.camera);
  }

  fly(camera: CameraState, animate: boolean): void {
    this.#framed = null;
    // What nobody sees yet need not move.
    fly(this.#widget.camera, camera, animate && this.#ready && !this.#still);
    this.#frames.ask();
  }

  frame(places: Place[]): void {
    if (places.length === 0) return;
    this.fly(framing(places, narrow(this.#widget)), true);
    this.#framed = places;
  }

  /** The globe has another size: what was to be in sight still is, unless somebody has looked elsewhere. */
  #resized(): void {
    const { clientWidth, clientHeight } = this.#view;
    if (this.#framed === null || clientWidth === 0 || clientHeight === 0) return;
    fly(this.#widget.camera, framing(this.#framed, narrow(this.#widget)), false);
    this.#frames.ask();
  }

  async picture(): Promise<Blob> {
    this.#frames.now();
    const time = this.#answer === null ? "" : `${this.#answer.finding} ${clockText(this.#clock.time)}`;
    return pictureOf([this.#widget.canvas, this.#overlay.canvas], {
      layer: this.#grid?.layer ?? null,
      gaps: this.#gaps,
      time,
      credit: CREDIT,
    });
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#frames.stop();
    this.#sizes.disconnect();
    this.#probe.stop();
    this.#unclock();
    clearTimeout(this.#telling);
    this.#clock.load(this, null);
    this.#widget.destroy();
    this.#host.replaceChildren();
  }

  #listen(): void {
    const { canvas, screenSpaceEventHandler: input } = this.#widget;
    const spotOf = (event: PointerEvent): Spot => {
      const { left, top } = canvas.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    for (const kind of ["pointerdown", "wheel"]) {
      canvas.addEventListener(
        kind,
        () => {
          this.#framed = null;
        },
        { passive: true },
      );
    }
    this.#view.addEventListener("pointermove", (event) => {
      const { target } = event;
      const over = target === canvas || (target instanceof Element && target.matches(".globe-mark"));
      if (over && event.pointerType === "mouse" && event.buttons === 0) this.#probe.at(spotOf(event));
    });
    this.#view.addEventListener("pointerleave", () => this.#probe.leave());
    input.setInputAction(({ position: { x, y } }: { position: Spot }) => {
      const site = this.#sites.at({ x, y });
      this.#sites.choose(site);
      this.#probe.at({ x, y }, true);
      if (site !== null) {
        this.#pick(`site/${site}`);
        return;
      }
      const picked = this.#widget.scene.pick(new Cartesian2(x, y)) as { id?: { id?: unknown } } | undefined;
      const id = picked?.id?.id;
      this.#pick(typeof id === "string" ? id : null);
    }, ScreenSpaceEventType.LEFT_CLICK);
    this.#view.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const { key, target } = event;
      if (key === "Escape") {
        this.#sites.choose(null);
        this.#pick(null);
        this.#view.focus();
      } else if (cameraKey(this.#widget, key)) {
        this.#framed = null;
        this.#frames.ask();
        this.#look();
      } else if (!(key === " " && target instanceof HTMLButtonElement)) {
        if (!["[", "]", " "].includes(key) || !clockKey(this.#clock, key, event.shiftKey)) return;
      } else return;
      event.preventDefault();
    });
    this.#view.addEventListener("focus", () => {
      if (this.#view.matches(":focus-visible")) this.#look();
    });
  }

  /** Read the layer at the cross. */
  #look(): void {
    const { clientWidth, clientHeight } = this.#widget.canvas;
    this.#probe.at({ x: clientWidth / 2, y: clientHeight / 2 }, true);
  }

  #pick(id: string | null): void {
    this.#scene.pick(id);
    this.#frames.askOver();
    this.#events.picked?.(id);
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }

  #follow(clock: Clock, side: "left" | "right" | null): void {
    if (this.#destroyed) return;
    this.#side = side;
    if (clock !== this.#clock) {
      this.#clock.load(this, null);
      this.#unclock();
      this.#clock = clock;
      this.#unclock = clock.listen(() => this.#ticked());
      this.#frames.follow(clock);
    }
    this.#wind();
  }

  /** Give the clock the scene's span and events. */
  #wind(): void {
    const [answer, side] = [this.#answer, this.#side];
    if (answer === null || side === null) this.#clock.load(this, answer);
    else this.#clock.load(this, { ...answer, events: answer.events.map((event) => ({ ...event, side })) });
  }

  #ticked(): void {
    const { time, playing } = this.#clock;
    report(this.#host, "playing", String(playing));
    if (time !== this.#time) {
      this.#time = time;
      report(this.#host, "time", time.toFixed(1));
      this.#events.time?.(time);
    }
    this.#frames.wake();
  }

  #drawOver(): void {
    const frame = this.#view.getBoundingClientRect();
    const off: Box[] = [];
    if (!this.#legendPlace.hidden) {
      const { left, top, right, bottom } = this.#legendPlace.getBoundingClientRect();
      off.push({
        left: left - frame.left,
        top: top - frame.top,
        right: right - frame.left,
        bottom: bottom - frame.top,
      });
    }
    this.#overlay.draw(off);
  }

  #rendered(): void {
    this.#drawn += 1;
    report(this.#host, "frames", String(this.#drawn));
    if (!this.#ready && this.#view.querySelector('[aria-busy="false"]') !== null) {
      // The frame that comes next is the first that is sharp and seen.
      if (this.#loaded) {
        this.#ready = true;
        report(this.#host, "ready", "true");
        this.#events.ready?.();
        this.#open();
        this.#outline();
      } else this.#frames.loaded();
      this.#loaded = true;
    }
    const { positionWC, directionWC } = this.#widget.camera;
    const [position, direction] = this.#seen;
    if (
      position !== undefined &&
      direction !== undefined &&
      Cartesian3.equals(position, positionWC) &&
      Cartesian3.equals(direction, directionWC)
    ) {
      return;
    }
    this.#seen = [Cartesian3.clone(positionWC), Cartesian3.clone(directionWC)];
    for (const listener of [...this.#cameraListeners]) listener();
    if (this.#telling !== 0) return;
    this.#telling = window.setTimeout(() => {
      this.#telling = 0;
      const state = this.camera;
      report(this.#host, "camera", `${state.lat},${state.lon},${state.height_km}`);
      this.#describe();
      this.#events.camera?.(state);
    }, TOLD);
  }

  /** Lines come last: the globe is of use without them. */
  #outline(): void {
    loadOutlines().then(
      (lines) => {
        if (this.#destroyed) return;
        this.#widget.scene.primitives.add(lines);
        this.#frames.ask();
      },
      (error: unknown) => this.#complain(`Coasts and borders are missing: ${reasonOf(error)}`),
    );
  }

  /** Say what could not be drawn, while the rest can; null when all is well again. */
  #complain(text: string | null): void {
    this.#wrong?.remove();
    this.#wrong = null;
    if (text === null || this.#destroyed) return;
    this.#wrong = element(this.#host, "p", "globe-wrong", text);
    this.#wrong.role = "alert";
  }

  /** What is to be seen, in words. */
  #describe(): void {
    const { lat, lon, height_km } = this.camera;
    const layer = this.#grid?.layer;
    const parts = [
      `Globe, seen from ${Math.round(height_km).toLocaleString("en-GB")} km above ${placeText(lat, lon, 0)}`,
      ...(layer === undefined ? [] : [`${headingOf(layer).filter(Boolean).join(", ")}: ${layer.summary}`]),
      ...(this.#answer === null ? [] : [this.#answer.finding]),
      this.#sites.summary,
    ];
    const told = parts.filter((part) => part !== "").map((part) => part.replace(/\.$/, ""));
    this.#view.ariaLabel = `${told.join(". ")}.`;
  }
}
