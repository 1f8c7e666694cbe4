/** The globe of the page, with what is drawn on it and over it. All of Cesium comes with it: import it when it is needed. */

import "./globe.css";
import type { Layer, SceneAnswer } from "../protocol";
import type { CameraState } from "./camera";
import type { SiteMark } from "./sites";
import { element, type Place, report } from "./view";
import { reasonOf } from "./words";
import { World } from "./world";

export type { CameraState } from "./camera";
export type { SiteMark } from "./sites";
export { linkCameras } from "./split";
export { createTimeline, type Timeline } from "./timeline";

export interface GlobeEvents {
  moved(site: string, lat: number, lon: number, final: boolean): void;
  probed(p: { lat: number; lon: number; text: string | null }): void;
  time(t_s: number): void;
  /** A packet of the scene, "site/" and a site's name, or nothing. */
  picked(id: string | null): void;
  ready(): void;
  failed(why: string): void;
  camera(c: CameraState): void;
}

export interface Globe {
  /** What stands on the ground; movable ones can be dragged (mouse, touch), or moved by the arrow keys. */
  sites(sites: SiteMark[]): void;
  /** Move the site that is chosen by so many degrees; whether one is. */
  moveSelected(dLat: number, dLon: number): boolean;
  /** Draw a grid on the ground, with its legend; `refining` says that a finer one is to come. */
  layer(layer: Layer | null, refining?: boolean): void;
  /** Load a scene and set the clock's span; the time stays if it fits. */
  scene(answer: SceneAnswer | null): void;
  /** Mark what is picked, as by a click: a packet of the scene, "site/" and a site's name, or nothing. */
  pick(id: string | null): void;
  /** Show or hide a folder of the scene: fans, coverage, beliefs … */
  show(folder: string, visible: boolean): void;
  play(): void;
  pause(): void;
  seek(t_s: number): void;
  speed(x: number): void;
  readonly playing: boolean;
  readonly time_s: number;
  fly(camera: CameraState, animate: boolean): void;
  readonly camera: CameraState;
  /** Place the camera so that these are in sight. */
  frame(places: Place[]): void;
  /** The globe with its legend as a PNG. */
  picture(): Promise<Blob>;
  destroy(): void;
}

/**
 * Open a globe in an element, which it fills. Browser tests read its state from the element's data: `ready`,
 * `time`, `playing`, `layer-step`, `scene`, `frames`, `camera`.
 *
 * Rejects where the browser cannot draw it, after `failed` has been told why; the element then says so.
 */
export async function createGlobe(
  host: HTMLElement,
  events: Partial<GlobeEvents>,
  options: { reducedMotion: boolean },
): Promise<Globe> {
  host.classList.add("globe");
  report(host, "ready", "false");
  const fail = (error: unknown) => {
    const why = reasonOf(error);
    host.replaceChildren();
    element(host, "p", "globe-failed", `The globe cannot be drawn: ${why}`).role = "alert";
    report(host, "ready", "failed");
    events.failed?.(why);
    return new Error(why);
  };
  if (!drawsInSpace()) {
    throw fail("this browser has no WebGL, or it is switched off. Everything else works without it.");
  }
  try {
    return new World(host, events, options.reducedMotion, fail);
  } catch (error) {
    throw fail(error);
  }
}

function drawsInSpace(): boolean {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  // Browsers keep few contexts: this one goes at once.
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
