/** The globe's place on the page: one or two globes, their controls, the timeline, and what was found in words. */

import type { Fault, Shows, Side } from "../board/asking";
import type { Progress } from "../board/results";
import type { CameraState, Globe } from "../globe";
import { movedTo } from "../levers/places";
import type { Layer, SceneAnswer } from "../protocol";
import { type Page, sees, withFigures } from "../state";
import type { PageStore } from "../store";
import { attribute, fill, h, prefersLessMotion, text } from "./dom";
import { type Folder, foldersOf } from "./folders";
import { siteMarks, worthSeeing } from "./marks";
import { asPublished, counted } from "./numbers";
import { Toolbar } from "./toolbar";

type GlobeModule = typeof import("../globe");

interface Pane {
  side: Side;
  element: HTMLElement;
  host: HTMLElement;
  title: HTMLElement;
  globe: Globe | null;
  layer: { layer: Layer | null; final: boolean };
  scene: SceneAnswer | null;
}

/** Between two moments that are written into the address while a flight plays [ms]. */
const TOLD_MS = 2000;

export class Stage implements Pick<Shows, "layer" | "scene"> {
  readonly element: HTMLElement;
  /** Why there is no globe; null when there is one, or is to be one. */
  failure: string | null = null;
  private module: GlobeModule | null = null;
  private readonly panes: Record<Side, Pane>;
  private readonly toolbar: Toolbar;
  private readonly timeline = h("div", { class: "timeline-place" });
  private readonly caption = new Caption();
  private lent: { scene: SceneAnswer | null } | null = null;
  private unlink: (() => void) | null = null;
  private toldAt = 0;
  /** The moment that the address named, until there is a flight to show at it. */
  private wished: number | null = null;
  private told: CameraState | null = null;

  constructor(
    private readonly store: PageStore,
    /** The reader has moved something on the globe, and let it go. */
    private readonly announce: (words: string) => void,
    private readonly changed: () => void,
  ) {
    this.toolbar = new Toolbar(store);
    this.panes = { left: this.pane("left"), right: this.pane("right") };
    this.panes.right.element.hidden = true;
    this.element = h(
      "div",
      { class: "stage", "data-state": "waiting" },
      this.toolbar.element,
      h("div", { class: "panes" }, this.panes.left.element, this.panes.right.element),
      this.timeline,
      this.caption.element,
    );
    this.wished = store.page.time_s;
    store.subscribe((page, before) => this.follow(page, before));
    this.titles(store.page);
  }

  /** Fetch the globe and open it; resolves to whether there is one. */
  async load(): Promise<boolean> {
    attribute(this.element, "data-state", "loading");
    try {
      const module = await import("../globe");
      this.module = module;
      const globe = await this.open("left");
      if (globe === null) return false;
      module.createTimeline(this.timeline, globe);
      attribute(this.element, "data-state", "ready");
      const { page } = this.store;
      if (page.camera !== null) globe.fly(page.camera, false);
      else globe.frame(worthSeeing(this.store.case, page));
      if (page.split !== null) await this.splits();
      return true;
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  layer(side: Side, layer: Layer | null, final: boolean): void {
    this.panes[side].layer = { layer, final };
    this.panes[side].globe?.layer(layer, !final);
    this.titles(this.store.page);
    if (side === "left") this.caption.layer(layer);
  }

  scene(side: Side, scene: SceneAnswer | null): void {
    const pane = this.panes[side];
    const first = pane.scene === null;
    pane.scene = scene;
    if (this.lent !== null) return;
    if (first && scene !== null && pane.globe !== null) this.play(pane.globe, side, scene);
    else pane.globe?.scene(scene);
    this.fold(pane);
    if (side === "right") return;
    this.caption.scene(scene);
    this.toolbar.scene(foldersOf(scene));
  }

  /** Shows a globe its first scene, at the moment that the address names. */
  private play(globe: Globe, side: Side, scene: SceneAnswer): void {
    globe.scene(scene);
    if (side === "left" && this.wished !== null) globe.seek(this.wished);
    this.wished = null;
  }

  /** The globe, once it is there. */
  get globe(): Globe | null {
    return this.panes.left.globe;
  }

  /** Gives the globe to a run: to a recorded one as its scene, to a live one without. Null gives it back to the flight. */
  lend(to: { scene: SceneAnswer | null } | null): void {
    const was = this.lent !== null;
    this.lent = to;
    attribute(this.element, "data-lent", to !== null);
    for (const side of ["left", "right"] as const) this.panes[side].globe?.sites(this.marks(side));
    if (to !== null) {
      this.panes.left.globe?.scene(to.scene);
      this.panes.right.globe?.scene(null);
      this.caption.scene(to.scene);
      this.toolbar.scene(foldersOf(to.scene));
      this.fold(this.panes.left);
    } else if (was) for (const side of ["left", "right"] as const) this.scene(side, this.panes[side].scene);
  }

  /** The folders that a live run has. */
  folders(folders: readonly Folder[]): void {
    this.toolbar.scene(folders);
  }

  progress(topic: string, progress: Progress | null): void {
    this.caption.progress(topic, progress);
  }

  fault(topic: string, fault: Fault | null): void {
    this.caption.fault(topic, fault);
  }

  /** The globe as it is drawn, as a PNG. */
  picture(): Promise<Blob> | null {
    return this.panes.left.globe?.picture() ?? null;
  }

  get playing(): boolean {
    return this.panes.left.globe?.playing ?? false;
  }

  focus(): void {
    this.panes.left.host.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }

  private async open(side: Side): Promise<Globe | null> {
    const pane = this.panes[side];
    if (this.module === null || pane.globe !== null) return pane.globe;
    pane.globe = await this.module.createGlobe(
      pane.host,
      {
        moved: (site, lat, lon, final) => this.moved(site, lat, lon, final),
        time: (t_s) => this.time(t_s),
        camera: (camera) => this.camera(camera),
        failed: (why) => this.fail(why),
      },
      { reducedMotion: prefersLessMotion() },
    );
    const { globe } = pane;
    globe.sites(this.marks(side));
    globe.layer(pane.layer.layer, !pane.layer.final);
    if (pane.scene !== null && this.lent === null) this.play(globe, side, pane.scene);
    this.fold(pane);
    return globe;
  }

  private follow(page: Page, before: Page): void {
    const { left, right } = this.panes;
    const stands = page.state !== before.state || page.flight !== before.flight;
    if (stands || page.architecture !== before.architecture) left.globe?.sites(this.marks("left"));
    if (stands || page.split !== before.split) right.globe?.sites(this.marks("right"));
    if (page.split !== before.split) void this.splits();
    if (page.hidden !== before.hidden || page.shown !== before.shown)
      for (const pane of Object.values(this.panes)) this.fold(pane);
    if (page.architecture !== before.architecture || page.split !== before.split) this.titles(page);
    const moved = page.camera !== null && page.camera !== before.camera && page.camera !== this.told;
    if (moved && page.camera !== null) left.globe?.fly(page.camera, !prefersLessMotion());
    else if (page.claim !== before.claim && page.camera === before.camera) {
      left.globe?.frame(worthSeeing(this.store.case, page));
    }
    const time = page.time_s;
    if (time !== null && time !== before.time_s && left.globe && Math.abs(left.globe.time_s - time) > 1) {
      left.globe.seek(time);
    }
  }

  /** Shows the folders of what is on a globe as the reader wants them. */
  private fold(pane: Pane): void {
    const scene = this.lent?.scene ?? pane.scene;
    for (const { name, usual } of foldersOf(scene))
      pane.globe?.show(name, sees(this.store.page, name, usual));
  }

  /** Opens or closes the second globe. */
  private async splits(): Promise<void> {
    const { left, right } = this.panes;
    const wanted = this.store.page.split !== null;
    right.element.hidden = !wanted;
    attribute(this.element, "data-split", wanted);
    if (!wanted) {
      this.unlink?.();
      this.unlink = null;
      right.globe?.destroy();
      right.globe = null;
      right.host.replaceChildren();
      return;
    }
    if (this.module === null || left.globe === null || right.globe !== null) return;
    const globe = await this.open("right");
    if (globe !== null) this.unlink ??= this.module.linkCameras(left.globe, globe);
  }

  private moved(name: string, lat: number, lon: number, final: boolean): void {
    const site = this.store.case.sites[name];
    if (site === undefined) return;
    const run = `site.${name}`;
    this.store.changeState(withFigures(this.store.page.state, movedTo(site, lat, lon)), { run, held: true });
    if (!final) return;
    this.store.release(run);
    this.announce(`${site.title} moved to ${lat.toFixed(2)}, ${lon.toFixed(2)}.`);
  }

  private time(time_s: number): void {
    // The address holds the flight's time, not that of a run, nor that of a globe which has no flight yet.
    if (this.lent !== null || this.wished !== null) return;
    const now = Date.now();
    if (this.playing && now - this.toldAt < TOLD_MS) return;
    this.toldAt = now;
    this.store.change({ time_s: Math.round(time_s) }, "replace");
  }

  private camera(camera: CameraState): void {
    this.told = camera;
    this.store.change({ camera }, "replace");
  }

  private fail(why: string): void {
    this.failure = why;
    attribute(this.element, "data-state", "failed");
    if (this.panes.left.host.childElementCount === 0) {
      fill(
        this.panes.left.host,
        h(
          "p",
          { class: "globe-failed", role: "alert" },
          `The globe cannot be drawn: ${why} Everything else works without it.`,
        ),
      );
    }
    this.changed();
  }

  private marks(side: Side) {
    const { page, case: shown } = this.store;
    // A run has launch places and targets of its own.
    const marked = this.lent === null ? page : { ...page, flight: null };
    return siteMarks(shown, marked, side === "left" ? page.architecture : (page.split ?? page.architecture));
  }

  private titles(page: Page): void {
    const { architectures } = this.store.case;
    const title = (name: string | null) => architectures.find((each) => each.name === name)?.title ?? "";
    text(this.panes.left.title, title(page.architecture));
    text(this.panes.right.title, title(page.split));
    this.panes.left.title.hidden = page.split === null;
  }

  private pane(side: Side): Pane {
    const host = h("div", { class: "pane-host" });
    const title = h("p", { class: "pane-title" });
    const element = h(
      "div",
      {
        class: "pane",
        role: "group",
        "data-side": side,
        "aria-label": side === "left" ? "Globe" : "Second globe",
      },
      title,
      host,
    );
    return { side, element, host, title, globe: null, layer: { layer: null, final: true }, scene: null };
  }
}

/** What was found, in words: of the flight, and of the map. */
class Caption {
  readonly element: HTMLElement;
  private readonly finding = h("p", { class: "caption-finding" });
  private readonly summary = h("p", { class: "caption-summary" });
  private readonly rows = h("dl", { class: "caption-rows" });
  private readonly fold = h(
    "details",
    { class: "caption-fold", hidden: true },
    h("summary", {}, "In figures"),
    this.rows,
  );
  private readonly work = h("p", { class: "caption-work" });
  private readonly wrong = h("p", { class: "caption-wrong", role: "alert", hidden: true });
  private readonly running = new Map<string, Progress>();
  private readonly faults = new Map<string, string>();

  constructor() {
    this.element = h(
      "div",
      { class: "caption" },
      this.finding,
      this.fold,
      this.summary,
      this.work,
      this.wrong,
    );
  }

  layer(layer: Layer | null): void {
    text(this.summary, layer?.summary ?? "");
  }

  scene(scene: SceneAnswer | null): void {
    text(this.finding, scene?.finding ?? "");
    this.fold.hidden = scene === null || scene.rows.length === 0;
    fill(
      this.rows,
      ...(scene?.rows ?? []).map((each) => h("div", {}, h("dt", {}, each.label), h("dd", {}, each.text))),
    );
  }

  progress(topic: string, progress: Progress | null): void {
    if (progress === null) this.running.delete(topic);
    else this.running.set(topic, progress);
    const words = [...this.running].map(([name, at]) => {
      const [kind = "", side = ""] = name.split(":");
      const what = kind === "layer" ? "Map" : "Flight";
      const where = this.running.has(`${kind}:left`) && this.running.has(`${kind}:right`) ? ` (${side})` : "";
      const far = at.total > 0 ? `: ${asPublished(at.done)} of ${counted(at.total, "part")}` : " …";
      return `${what}${where}${far}`;
    });
    text(this.work, words.join("; "));
  }

  fault(topic: string, fault: Fault | null): void {
    if (fault === null) this.faults.delete(topic);
    else this.faults.set(topic, fault.message);
    this.wrong.hidden = this.faults.size === 0;
    text(this.wrong, [...new Set(this.faults.values())].join(" "));
  }
}
