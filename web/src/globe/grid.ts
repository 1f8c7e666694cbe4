/** A layer's grid: its values, where they lie, and what colour each has. Nothing here touches the globe. */

import type { Layer, LegendEntry } from "../protocol";

/** A layer with its values unpacked, row by row from the south-west; NaN where there is none. */
export interface Grid {
  layer: Layer;
  values: Float32Array;
}

/** Unpack a layer's values. Throws where they are not as many as its rows and columns say. */
export function unpack(layer: Layer): Grid {
  const raw = atob(layer.values);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const cells = layer.rows * layer.cols;
  if (bytes.length !== 4 * cells) {
    throw new Error(`a layer of ${layer.rows} by ${layer.cols} cells came with ${bytes.length / 4} values`);
  }
  const view = new DataView(bytes.buffer);
  return { layer, values: Float32Array.from({ length: cells }, (_, i) => view.getFloat32(4 * i, true)) };
}

/** The number of the cell that holds a place [deg], or null outside of the grid. */
export function cellAt({ south, west, step, rows, cols }: Layer, lat: number, lon: number): number | null {
  const row = Math.floor((lat - south) / step);
  const column = Math.floor(((((lon - west) % 360) + 360) % 360) / step);
  // The pole's own edge belongs to the last row.
  const last = row === rows && lat === 90 ? rows - 1 : row;
  return last >= 0 && last < rows && column < cols ? last * cols + column : null;
}

/** What a layer says of a place: in words, or null where the layer does not lie. */
export function tell({ layer, values }: Grid, lat: number, lon: number): string | null {
  const cell = cellAt(layer, lat, lon);
  if (cell === null) return null;
  const value = values[cell];
  if (value === undefined || Number.isNaN(value)) return `no data: ${layer.missing}`;
  const named = layer.kind === "ramp" ? undefined : classOf(layer.legend, value);
  if (named === undefined) return `${layer.noun} ${amount(value, layer.unit)}`;
  return named.label === "none" ? `no ${layer.noun}` : named.label;
}

/** A number as text with as many digits as it can carry, and its unit. */
export function amount(value: number, unit: string): string {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  const text = value.toLocaleString("en-GB", { maximumFractionDigits: digits }).replace("-", "−");
  if (unit === "" || unit === "1") return text;
  return unit === "%" ? `${text}%` : `${text} ${unit}`;
}

/** The legend's entry that a value belongs to: its own, or the nearest below it. */
function classOf(legend: LegendEntry[], value: number): LegendEntry | undefined {
  let found: LegendEntry | undefined;
  for (const entry of legend) {
    if (entry.value <= value + 1e-6 && (found === undefined || entry.value > found.value)) found = entry;
  }
  return found;
}

type Colour = [red: number, green: number, blue: number];

/** The red, green and blue of a colour such as #56b4e9. */
export function channels(colour: string): Colour {
  const number = Number.parseInt(colour.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

/** How much a class covers, beside others: greys, which say that there is nothing, less. */
export function coverOf(colour: string): number {
  const [low, , high] = [...channels(colour)].sort((a, b) => a - b) as Colour;
  return high - low < 12 ? 0.45 : 1;
}

/**
 * How a layer colours its values: red, green, blue and opacity of a value that is not NaN, each to 255, or null
 * where it has no colour.
 */
export function painter({ kind, legend }: Layer): (value: number) => number[] | null {
  if (kind !== "ramp") {
    return (value) => {
      const found = classOf(legend, value);
      return found === undefined ? null : [...channels(found.colour), 255 * coverOf(found.colour)];
    };
  }
  const stops = [...legend].sort((a, b) => a.value - b.value);
  return (value) => {
    const next = stops.findIndex((stop) => stop.value > value);
    const [below, above] = [stops.at(next < 0 ? -1 : Math.max(next - 1, 0)), stops[next]];
    if (below === undefined) return null;
    const [from, to] = [channels(below.colour), channels((above ?? below).colour)];
    // Below the first stop and above the last the colour stays.
    const span = (above ?? below).value - below.value;
    const share = span > 0 ? Math.max((value - below.value) / span, 0) : 0;
    return [...from.map((low, i) => Math.round(low + share * ((to[i] ?? low) - low))), 255];
  };
}

/** Pixels of the grid, one a cell, from the north-west as pictures have it; clear where there is no value. */
export function paint({ layer, values }: Grid): ImageData {
  const { rows, cols } = layer;
  const image = new ImageData(cols, rows);
  const colour = painter(layer);
  // Few values differ: each is looked up once.
  const known = new Map<number, number[] | null>();
  values.forEach((value, cell) => {
    if (Number.isNaN(value)) return;
    let found = known.get(value);
    if (found === undefined) {
      found = colour(value);
      known.set(value, found);
    }
    if (found === null) return;
    const row = rows - 1 - Math.floor(cell / cols);
    image.data.set(found, 4 * (row * cols + (cell % cols)));
  });
  return image;
}
