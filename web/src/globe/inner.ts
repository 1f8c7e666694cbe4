/** What a globe shares with the timeline and with a globe beside it, and with nobody else. */

import type { CesiumWidget } from "@cesium/engine";
import type { Clock } from "./clock";
import type { Frames } from "./frames";
import type { Part } from "./overlay";

export interface Inner {
  widget: CesiumWidget;
  frames: Frames;
  /** The clock that it goes by. */
  clock(): Clock;
  /** Go by another clock, or by its own again (null); of two side by side, events say which they are of. */
  follow(clock: Clock | null, side: "left" | "right" | null): void;
  /** Draw something more over the globe until the function returned is called. */
  over(part: Part): () => void;
  /** Call back whenever the camera has moved, until the function returned is called. */
  onCamera(listener: () => void): () => void;
}

const inners = new WeakMap<object, Inner>();

export function setInner(globe: object, inner: Inner): void {
  inners.set(globe, inner);
}

export function innerOf(globe: object): Inner {
  const inner = inners.get(globe);
  if (inner === undefined) throw new Error("this is no globe that createGlobe made");
  return inner;
}
