/** Two globes side by side that show the same part of the world at the same time. */

import { Cartesian3 } from "@cesium/engine";
import type { Globe } from "./index";
import { type Inner, innerOf } from "./inner";

/** Less than this is no move of the camera [m]. */
const SAME = 0.01;

/** Cameras and clocks go together until the function returned is called; at first as the left one has them. */
export function linkCameras(left: Globe, right: Globe): () => void {
  const [one, other] = [innerOf(left), innerOf(right)];
  one.follow(one.clock(), "left");
  other.follow(one.clock(), "right");
  const ends = [one.onCamera(() => copy(one, other)), other.onCamera(() => copy(other, one))];
  copy(one, other);
  return () => {
    for (const end of ends) end();
    other.follow(null, null);
    one.follow(one.clock(), null);
  };
}

function copy(from: Inner, to: Inner): void {
  if (from.widget.isDestroyed() || to.widget.isDestroyed()) return;
  const [seen, set] = [from.widget.camera, to.widget.camera];
  const { positionWC: destination, directionWC: direction, upWC: up } = seen;
  const still =
    Cartesian3.equalsEpsilon(destination, set.positionWC, 0, SAME) &&
    Cartesian3.equalsEpsilon(direction, set.directionWC, 0, 1e-9);
  if (still) return;
  set.cancelFlight();
  set.setView({ destination: Cartesian3.clone(destination), orientation: { direction, up } });
  to.frames.ask();
}
