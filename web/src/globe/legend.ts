/** The legend of a layer, in the corner of the globe and in its picture. */

import type { Layer } from "../protocol";
import { channels, coverOf } from "./grid";
import { FONT, MUTED, TEXT } from "./overlay";
import { element } from "./view";

/** What a layer shows, with its unit, and of which proposals. */
export function headingOf({ title, unit, kind }: Layer): [what: string, whose: string] {
  const [what = "", ...whose] = title.split(". ");
  const units = kind !== "ramp" || unit === "" || unit === "1" ? "" : ` [${unit}]`;
  return [what + units, whose.join(". ")];
}

/** Which grid is shown: "4° grid, refining …". */
function gridText({ step }: Layer, refining: boolean): string {
  const size = `${step.toLocaleString("en-GB", { maximumFractionDigits: 3 })}°`;
  return refining ? `${size} preview, refining …` : `${size} grid`;
}

function gapText(layer: Layer): string {
  return `no colour: ${layer.missing}`;
}

/** A globe narrower than this [px] is covered by a whole legend. */
const NARROW = 420;

export class Legend {
  #place: HTMLElement;
  /** Whether it is to be open, if the reader has said so. */
  #open: boolean | null = null;

  constructor(place: HTMLElement) {
    this.#place = place;
    place.hidden = true;
  }

  show(layer: Layer | null, refining: boolean, gaps: boolean): void {
    this.#place.replaceChildren();
    this.#place.hidden = layer === null;
    if (layer === null) return;
    // On a narrow globe there is room for a line: the rest opens on demand.
    const details = element(this.#place, "details", "");
    details.open = this.#open ?? (this.#place.parentElement?.clientWidth ?? 0) >= NARROW;
    const [what, whose] = headingOf(layer);
    const title = element(details, "summary", "globe-legend-title", what);
    title.addEventListener("click", () => {
      this.#open = !details.open;
    });
    if (whose !== "") element(details, "p", "globe-legend-note", whose);
    if (layer.kind === "ramp") drawRamp(details, layer);
    else drawEntries(details, layer);
    if (gaps) element(details, "p", "globe-legend-note", gapText(layer));
    element(details, "p", "globe-legend-note", gridText(layer, refining));
  }
}

function drawEntries(within: HTMLElement, { legend }: Layer): void {
  const list = element(within, "ul", "globe-legend-entries");
  for (const { label, colour } of legend) {
    const item = element(list, "li", "");
    element(item, "span", "globe-legend-swatch").style.backgroundColor = shown(colour);
    element(item, "span", "", label);
  }
}

/** A class's colour as it lies on the dark ground. */
function shown(colour: string): string {
  return `rgb(${channels(colour).join(" ")} / ${100 * coverOf(colour)}%)`;
}

function drawRamp(within: HTMLElement, layer: Layer): void {
  const bar = element(within, "div", "globe-legend-ramp");
  bar.style.backgroundImage = `linear-gradient(to right, ${stopsOf(layer)
    .map(({ colour, at }) => `${colour} ${100 * at}%`)
    .join(", ")})`;
  const names = element(within, "div", "globe-legend-names");
  for (const { label, at } of named(stopsOf(layer), widthOf)) {
    const name = element(names, "span", "", label);
    name.style.left = `${100 * at}%`;
    name.style.transform = `translateX(${-100 * at}%)`;
  }
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

/** Of stops along a ramp those whose names have room beside each other; the last always has. */
function named<T extends { at: number; label: string }>(stops: T[], width: (label: string) => number): T[] {
  const last = stops.at(-1);
  if (last === undefined) return [];
  const kept: T[] = [];
  // Names hang from their stops by the same part of their width, so that the outer ones stay within the ramp.
  const start = ({ at, label }: T) => at * (RAMP - width(label));
  let free = Number.NEGATIVE_INFINITY;
  for (const stop of stops.slice(0, -1)) {
    const end = start(stop) + width(stop.label) + 8;
    if (start(stop) < free || end > start(last)) continue;
    kept.push(stop);
    free = end;
  }
  return [...kept, last];
}

/** About how wide a name is [px]. */
function widthOf(label: string): number {
  return 7.5 * label.length;
}

/** How wide a ramp is [px]. */
const RAMP = 220;
const [ROW, SWATCH, EDGE] = [20, 14, 12];

/** Draw a legend into a picture, its lower left corner at (left, bottom); it is as wide as it needs. */
export function drawLegend(
  pen: CanvasRenderingContext2D,
  layer: Layer,
  gaps: boolean,
  left: number,
  bottom: number,
): void {
  const [heading, whose] = headingOf(layer);
  const notes = [...(gaps ? [gapText(layer)] : []), gridText(layer, false)];
  const ramp = layer.kind === "ramp";
  const rows = 1 + Number(whose !== "") + (ramp ? 2 : layer.legend.length) + notes.length;
  const height = 2 * EDGE + ROW * rows;
  pen.font = `600 14px ${FONT}`;
  let width = Math.max(pen.measureText(heading).width, ramp ? RAMP : 0);
  pen.font = `13px ${FONT}`;
  width = Math.max(width, pen.measureText(whose).width);
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
  if (whose !== "") {
    pen.fillStyle = MUTED;
    pen.fillText(whose, x, y);
    y += ROW;
  }
  if (ramp) {
    const along = pen.createLinearGradient(x, 0, x + RAMP, 0);
    const stops = stopsOf(layer);
    for (const { colour, at } of stops) along.addColorStop(at, colour);
    pen.fillStyle = along;
    pen.fillRect(x, y - SWATCH / 2, RAMP, SWATCH);
    y += ROW;
    pen.fillStyle = TEXT;
    const room = (label: string) => pen.measureText(label).width;
    for (const { label, at } of named(stops, room)) pen.fillText(label, x + at * (RAMP - room(label)), y);
    y += ROW;
  } else {
    for (const { label, colour } of layer.legend) {
      pen.fillStyle = shown(colour);
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
