/** The legend of a layer, in the corner of the globe and in its picture. */

import type { Layer } from "../protocol";
import { FONT, MUTED, TEXT } from "./overlay";
import { element } from "./view";

/** The heading of a layer: what, and of which proposals. */
export function headingOf({ title, unit }: Layer): string {
  return unit === "" || unit === "1" ? title : `${title} [${unit}]`;
}

/** Which grid is shown: "4° grid, refining …". */
export function gridText({ step }: Layer, refining: boolean): string {
  const size = `${step.toLocaleString("en-GB", { maximumFractionDigits: 3 })}°`;
  return refining ? `${size} preview, refining …` : `${size} grid`;
}

/** Whether the legend says of what has no colour that there is no value. */
export const NO_VALUE = "no colour: no value";

export class Legend {
  #place: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    place.hidden = true;
  }

  show(layer: Layer | null, refining: boolean, gaps: boolean): void {
    this.#place.replaceChildren();
    this.#place.hidden = layer === null;
    if (layer === null) return;
    // On a phone there is room for a line: the rest opens on demand.
    const details = element(this.#place, "details", "");
    details.open = !matchMedia("(max-width: 600px)").matches;
    element(details, "summary", "globe-legend-title", headingOf(layer));
    if (layer.kind === "ramp") drawRamp(details, layer);
    else drawEntries(details, layer);
    if (gaps) element(details, "p", "globe-legend-note", NO_VALUE);
    element(details, "p", "globe-legend-note", gridText(layer, refining));
  }
}

function drawEntries(within: HTMLElement, { legend }: Layer): void {
  const list = element(within, "ul", "globe-legend-entries");
  for (const { label, colour } of legend) {
    const item = element(list, "li", "");
    element(item, "span", "globe-legend-swatch").style.backgroundColor = colour;
    element(item, "span", "", label);
  }
}

function drawRamp(within: HTMLElement, layer: Layer): void {
  const bar = element(within, "div", "globe-legend-ramp");
  bar.style.backgroundImage = `linear-gradient(to right, ${stopsOf(layer)
    .map(({ colour, at }) => `${colour} ${100 * at}%`)
    .join(", ")})`;
  const names = element(within, "div", "globe-legend-names");
  for (const { label } of layer.legend) element(names, "span", "", label);
}

/** The colours of a ramp, and how far along it each is, from 0 to 1. */
function stopsOf({ legend }: Layer): { colour: string; label: string; at: number }[] {
  const [low, high] = [legend[0]?.value ?? 0, legend.at(-1)?.value ?? 0];
  return legend.map(({ colour, label, value }) => ({
    colour,
    label,
    at: high > low ? (value - low) / (high - low) : 0,
  }));
}

const [ROW, SWATCH, EDGE] = [20, 14, 12];

/** Draw a legend into a picture, its lower left corner at (left, bottom); it is as wide as it needs. */
export function drawLegend(
  pen: CanvasRenderingContext2D,
  layer: Layer,
  gaps: boolean,
  left: number,
  bottom: number,
): void {
  const notes = [...(gaps ? [NO_VALUE] : []), gridText(layer, false)];
  const ramp = layer.kind === "ramp";
  const height = 2 * EDGE + ROW * (1 + (ramp ? 2 : layer.legend.length) + notes.length);
  pen.font = `600 14px ${FONT}`;
  const heading = headingOf(layer);
  let width = pen.measureText(heading).width;
  pen.font = `13px ${FONT}`;
  for (const { label } of layer.legend) {
    width = Math.max(width, SWATCH + 8 + pen.measureText(label).width);
  }
  for (const note of notes) width = Math.max(width, pen.measureText(note).width);
  pen.fillStyle = "rgb(14 21 37 / 88%)";
  pen.beginPath();
  pen.roundRect(left, bottom - height, width + 2 * EDGE, height, 6);
  pen.fill();
  pen.textBaseline = "middle";
  const x = left + EDGE;
  let y = bottom - height + EDGE + ROW / 2;
  pen.fillStyle = TEXT;
  pen.font = `600 14px ${FONT}`;
  pen.fillText(heading, x, y);
  pen.font = `13px ${FONT}`;
  y += ROW;
  if (ramp) {
    const along = pen.createLinearGradient(x, 0, x + width, 0);
    const stops = stopsOf(layer);
    for (const { colour, at } of stops) along.addColorStop(at, colour);
    pen.fillStyle = along;
    pen.fillRect(x, y - SWATCH / 2, width, SWATCH);
    y += ROW;
    pen.fillStyle = TEXT;
    for (const [i, { label, at }] of stops.entries()) {
      pen.textAlign = i === 0 ? "left" : i === stops.length - 1 ? "right" : "center";
      pen.fillText(label, x + at * width, y);
    }
    pen.textAlign = "left";
    y += ROW;
  } else {
    for (const { label, colour } of layer.legend) {
      pen.fillStyle = colour;
      pen.fillRect(x, y - SWATCH / 2, SWATCH, SWATCH);
      pen.fillStyle = TEXT;
      pen.fillText(label, x + SWATCH + 8, y);
      y += ROW;
    }
  }
  pen.fillStyle = MUTED;
  for (const note of notes) {
    pen.fillText(note, x, y);
    y += ROW;
  }
}
