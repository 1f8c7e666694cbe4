/** How a claim's value is spread over the sampled worlds, with the line that it is tested against. */

import type { ClaimText, Told } from "../protocol";
import { svg } from "../shell/dom";
import { amount, counted, significant, unitName } from "../shell/numbers";
import { type Axis, axis } from "./axis";
import { passes, rangeText, test, valueText } from "./wording";

const WIDTH = 340;
const LEFT = 10;
const RIGHT = 330;
const TOP = 26;
const BASE = 92;
const BINS = 28;

export interface Bin {
  from: number;
  to: number;
  number: number;
  passes: boolean;
}

/** Sampled values in bins, with an edge at the threshold so that every bin lies on one side of it. */
export function binned(values: readonly number[], claim: ClaimText, low: number, high: number): Bin[] {
  const width = (high - low) / BINS || 1;
  const first = claim.threshold - Math.ceil((claim.threshold - low) / width) * width;
  const bins = new Map<number, Bin>();
  for (const value of values) {
    let at = Math.floor((value - first) / width);
    // A value on the threshold belongs to the side that the test puts it on.
    if (value === claim.threshold && !passes(claim, first + (at + 0.5) * width) === passes(claim, value))
      at -= 1;
    const from = first + at * width;
    const bin = bins.get(at) ?? {
      from,
      to: from + width,
      number: 0,
      passes: passes(claim, from + width / 2),
    };
    bin.number += 1;
    bins.set(at, bin);
  }
  return [...bins.values()].toSorted((a, b) => a.from - b.from);
}

/** Null where there is nothing to draw: fewer than two values, or none that differ. */
export function distribution(claim: ClaimText, told: Told): SVGSVGElement | null {
  const values = told.sampled_values.filter(Number.isFinite);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (values.length < 2 || least === most) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const end = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? least;
  const inner = [end(0.01), end(0.99), claim.threshold, ...(told.value === null ? [] : [told.value])];
  const margin = 0.04 * (Math.max(...inner) - Math.min(...inner));
  const [low, high] = [Math.min(...inner) - margin, Math.max(...inner) + margin];
  const x = axis(low, high, LEFT, RIGHT);
  const within = values.map((each) => Math.min(high, Math.max(low, each)));
  const bins = binned(within, claim, low, high);
  const tallest = Math.max(...bins.map((each) => each.number));
  const passing = values.filter((each) => passes(claim, each)).length;
  const label =
    `Values over ${counted(values.length, "world")}: ${passing} pass the test ${test(claim)}, ` +
    `${values.length - passing} do not. Nominal ${valueText(claim, told)}; nine worlds in ten ${rangeText(claim, told)}.`;
  return svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} 130`, role: "img", "aria-label": label },
    ...bins.map((bin) => {
      const left = Math.max(LEFT, x.at(bin.from));
      const height = (bin.number / tallest) * (BASE - TOP);
      return svg("rect", {
        class: bin.passes ? "bin-passes" : "bin-fails",
        x: left + 0.5,
        y: BASE - height,
        width: Math.max(1, Math.min(RIGHT, x.at(bin.to)) - left - 1),
        height,
      });
    }),
    svg("path", { class: "axis", d: `M${LEFT} ${BASE}H${RIGHT}` }),
    ...ticksOf(x, claim.unit),
    thresholdMark(claim, x),
    ...spreadOf(told, x),
  );
}

function ticksOf(x: Axis, unit: string): SVGElement[] {
  const ticks = x.ticks.map((tick) => ({ tick, at: x.at(tick) }));
  return ticks.flatMap(({ tick, at }, index) => {
    const words = index === ticks.length - 1 ? amount(tick, unit) : significant(tick);
    const last = index === ticks.length - 1 && unitName(unit).length > 1;
    return [
      svg("path", { class: "axis", d: `M${at} ${BASE}v4` }),
      svg("text", { x: at, y: BASE + 16, "text-anchor": last && at > RIGHT - 30 ? "end" : "middle" }, words),
    ];
  });
}

/** The line, with an arrow to the side on which the claim holds. */
function thresholdMark(claim: ClaimText, x: Axis): SVGElement {
  const at = x.at(claim.threshold);
  const up = claim.holds.startsWith(">");
  const towards = up ? 1 : -1;
  const room = up ? RIGHT - at : at - LEFT;
  const outside = room < 120;
  return svg(
    "g",
    { class: "threshold" },
    svg("path", { class: "threshold-line", d: `M${at} ${TOP - 14}V${BASE + 4}` }),
    svg("path", {
      class: "threshold-arrow",
      d: `M${at} ${TOP - 14}h${14 * towards}m${-4 * towards}-3.5l${4 * towards} 3.5l${-4 * towards} 3.5`,
    }),
    svg(
      "text",
      {
        x: outside ? at - 6 * towards : at + 20 * towards,
        y: TOP - 10,
        "text-anchor": (up ? !outside : outside) ? "start" : "end",
      },
      `holds ${test(claim)}`,
    ),
  );
}

/** The range of nine worlds in ten, and where the value lies at nominal figures. */
function spreadOf(told: Told, x: Axis): SVGElement[] {
  const y = BASE + 27;
  const drawn: SVGElement[] = [];
  if (told.low !== null && told.high !== null && told.low !== told.high) {
    const [from, to] = [x.at(told.low), x.at(told.high)];
    drawn.push(svg("path", { class: "spread", d: `M${from} ${y - 4}v8m0-4H${to}m0-4v8` }));
  }
  if (told.value !== null) drawn.push(svg("circle", { class: "nominal", cx: x.at(told.value), cy: y, r: 4 }));
  return drawn;
}
