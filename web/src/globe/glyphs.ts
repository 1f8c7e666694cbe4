/** The shapes of what stands on the ground: told apart without colour, and the same as on the printed maps. */

import { CHOSEN, INK } from "./overlay";
import type { Spot } from "./view";

export type Kind = "radar" | "battery" | "launch" | "target";

export const KIND_NAMES: Record<Kind, string> = {
  radar: "radar",
  battery: "interceptor site",
  launch: "launch place",
  target: "target",
};

/** How far a shape reaches from its middle [px]. */
export const REACH: Record<Kind, number> = { radar: 8, battery: 8, launch: 6, target: 5 };

function trace(pen: CanvasRenderingContext2D, kind: Kind, { x, y }: Spot): void {
  const r = REACH[kind];
  pen.beginPath();
  if (kind === "radar") {
    pen.moveTo(x, y - r);
    pen.lineTo(x + r, y);
    pen.lineTo(x, y + r);
    pen.lineTo(x - r, y);
    pen.closePath();
  } else if (kind === "battery") {
    pen.moveTo(x, y - r);
    pen.lineTo(x + r, y + 0.75 * r);
    pen.lineTo(x - r, y + 0.75 * r);
    pen.closePath();
  } else if (kind === "launch") {
    pen.moveTo(x - r, y - r);
    pen.lineTo(x + r, y + r);
    pen.moveTo(x + r, y - r);
    pen.lineTo(x - r, y + r);
  } else {
    pen.arc(x, y, r, 0, 2 * Math.PI);
  }
}

/** Draw a shape; `ghost` for where something stood before it was moved. */
export function drawGlyph(
  pen: CanvasRenderingContext2D,
  kind: Kind,
  spot: Spot,
  state: "plain" | "chosen" | "ghost",
): void {
  const colour = state === "chosen" ? CHOSEN : "#ffffff";
  pen.setLineDash([]);
  pen.lineJoin = "round";
  pen.lineCap = "round";
  trace(pen, kind, spot);
  if (kind === "launch") {
    pen.lineWidth = 6;
    pen.strokeStyle = INK;
    pen.stroke();
    pen.lineWidth = 3;
    pen.strokeStyle = colour;
    pen.globalAlpha = state === "ghost" ? 0.5 : 1;
    pen.stroke();
    pen.globalAlpha = 1;
    return;
  }
  pen.lineWidth = state === "ghost" ? 3.5 : 3;
  pen.strokeStyle = INK;
  pen.stroke();
  if (state === "ghost") {
    pen.lineWidth = 1.5;
    pen.strokeStyle = colour;
    pen.stroke();
  } else {
    pen.fillStyle = colour;
    pen.fill();
  }
}

/** The ring with four arrows round what can be moved. */
export function drawHandle(pen: CanvasRenderingContext2D, { x, y }: Spot, strong: boolean): void {
  const r = 15;
  pen.setLineDash([]);
  for (const [width, colour] of [
    [strong ? 4.5 : 3.5, INK],
    [strong ? 2.5 : 1.5, strong ? CHOSEN : "#ffffff"],
  ] as const) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.beginPath();
    for (let quarter = 0; quarter < 4; quarter++) {
      const middle = (quarter * Math.PI) / 2;
      const [c, s] = [Math.cos(middle), Math.sin(middle)];
      // A chevron that points outward.
      for (const side of [-1, 1]) {
        pen.moveTo(x + r * c - side * 4 * s - 4 * c, y + r * s + side * 4 * c - 4 * s);
        pen.lineTo(x + r * c, y + r * s);
      }
    }
    pen.stroke();
  }
}
