/** How a claim's value follows the figure that decides it, and where the verdict turns. */

import type { ClaimText, Curve } from "../protocol";
import { svg } from "../shell/dom";
import { amount, significant, unitName, within } from "../shell/numbers";
import { axis, geometric, logAxis } from "./axis";
import { capital, passes, test } from "./wording";

const WIDTH = 340;
const HEIGHT = 172;
const LEFT = 40;
const RIGHT = 330;
const TOP = 22;
const BASE = 132;

export interface Stand {
  /** Where the figure stands now. */
  at: number | null;
  /** Where it stands in the dossier. */
  nominal: number | null;
  turns: number | null;
}

/** Null where the curve has fewer than two points. */
export function curveChart(claim: ClaimText, curve: Curve, stand: Stand): SVGSVGElement | null {
  const points = curve.x
    .map((x, index) => ({ x, y: curve.y[index] ?? Number.NaN }))
    .filter((each) => Number.isFinite(each.x) && Number.isFinite(each.y));
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return null;
  const tested = curve.y_unit === claim.unit;
  const ys = [...points.map((each) => each.y), ...(tested ? [claim.threshold] : [])];
  const margin = 0.06 * (Math.max(...ys) - Math.min(...ys)) || 1;
  const y = axis(Math.min(...ys) - margin, Math.max(...ys) + margin, BASE, TOP, 4);
  const logarithmic = geometric(points.map((each) => each.x));
  const x = logarithmic ? logAxis(first.x, last.x, LEFT, RIGHT) : axis(first.x, last.x, LEFT, RIGHT, 6);
  const path = points.map(
    (each, index) => `${index === 0 ? "M" : "L"}${x.at(each.x).toFixed(1)} ${y.at(each.y).toFixed(1)}`,
  );
  const threshold = y.at(claim.threshold);
  const up = claim.holds.startsWith(">");
  const inside = (value: number | null): value is number =>
    value !== null && value >= first.x && value <= last.x;
  const turns = stand.turns;
  const label =
    `${capital(curve.y_label)} along ${curve.x_label}: ${amount(first.y, curve.y_unit)} at ${amount(first.x, curve.x_unit)}, ` +
    `${amount(last.y, curve.y_unit)} at ${amount(last.x, curve.x_unit)}.` +
    (turns === null ? "" : ` The verdict turns at ${within(turns, curve.x_unit)}.`);
  return svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    tested &&
      svg("rect", {
        class: "holds-area",
        x: LEFT,
        y: up ? TOP : threshold,
        width: RIGHT - LEFT,
        height: Math.max(0, up ? threshold - TOP : BASE - threshold),
      }),
    ...y.ticks.flatMap((tick) => [
      svg("path", { class: "grid", d: `M${LEFT} ${y.at(tick)}H${RIGHT}` }),
      svg("text", { x: LEFT - 5, y: y.at(tick) + 3.5, "text-anchor": "end" }, significant(tick)),
    ]),
    ...x.ticks.flatMap((tick) => [
      svg("path", { class: "axis", d: `M${x.at(tick)} ${BASE}v4` }),
      svg("text", { x: x.at(tick), y: BASE + 16, "text-anchor": "middle" }, significant(tick)),
    ]),
    svg("path", { class: "axis", d: `M${LEFT} ${BASE}H${RIGHT}` }),
    svg(
      "text",
      { x: RIGHT, y: BASE + 32, "text-anchor": "end", class: "axis-name" },
      named(curve.x_label, curve.x_unit),
    ),
    svg("text", { x: 4, y: 11, class: "axis-name" }, named(curve.y_label, curve.y_unit)),
    tested && svg("path", { class: "threshold-line", d: `M${LEFT} ${threshold}H${RIGHT}` }),
    tested && thresholdText(claim, threshold, up, awayFrom(points, claim.threshold)),
    svg("path", { class: "curve", d: path.join("") }),
    inside(turns) && turnMark(x.at(turns), within(turns, curve.x_unit, first.x, last.x)),
    inside(stand.nominal) &&
      stand.nominal !== stand.at &&
      svg("circle", { class: "was", cx: x.at(stand.nominal), cy: y.at(along(points, stand.nominal)), r: 4 }),
    inside(stand.at) &&
      svg("circle", {
        class: passes(claim, along(points, stand.at)) || !tested ? "nominal" : "nominal nominal-fails",
        cx: x.at(stand.at),
        cy: y.at(along(points, stand.at)),
        r: 4.5,
      }),
  );
}

/** The test, written where the curve is not. */
function thresholdText(claim: ClaimText, y: number, up: boolean, at: "start" | "end"): SVGElement {
  const x = at === "start" ? LEFT + 4 : RIGHT - 3;
  const words = `holds ${test(claim)}`;
  return svg("text", { class: "threshold-text", x, y: up ? y - 4 : y + 11, "text-anchor": at }, words);
}

/** The end of a curve that is farther from a value. */
function awayFrom(points: readonly { y: number }[], value: number): "start" | "end" {
  const third = Math.max(1, Math.floor(points.length / 3));
  const near = (part: readonly { y: number }[]) => Math.min(...part.map((each) => Math.abs(each.y - value)));
  return near(points.slice(0, third)) > near(points.slice(-third)) ? "start" : "end";
}

function turnMark(at: number, words: string): SVGElement {
  const left = at > (LEFT + RIGHT) / 2;
  return svg(
    "g",
    { class: "turn" },
    svg("path", { d: `M${at} ${TOP}V${BASE}` }),
    svg(
      "text",
      { x: at + (left ? -5 : 5), y: TOP + 9, "text-anchor": left ? "end" : "start" },
      `turns at ${words}`,
    ),
  );
}

/** The value between two points of the curve. */
function along(points: readonly { x: number; y: number }[], at: number): number {
  const next = points.findIndex((each) => each.x >= at);
  const to = points[Math.max(next, 0)];
  const from = points[Math.max(next - 1, 0)];
  if (to === undefined || from === undefined) return Number.NaN;
  return to.x === from.x ? to.y : from.y + ((at - from.x) / (to.x - from.x)) * (to.y - from.y);
}

function named(label: string, unit: string): string {
  const name = unitName(unit);
  return name === "" ? label : `${label}, ${name}`;
}
