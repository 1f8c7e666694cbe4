/** What is drawn over the globe: marks, lines and labels, on a canvas of their own that moves without the globe. */

import type { CesiumWidget } from "@cesium/engine";
import { type Box, placeLabels, type Side, type Wish } from "./labels";
import { Projection, type Spot } from "./view";

export const INK = "#0e1525";
export const TEXT = "#e8edf7";
export const MUTED = "#a9b6cf";
export const CHOSEN = "#f0e442";
export const FONT = "system-ui, sans-serif";

const SIZE = 13;
const LINE = 17;
const PADDING = 4;

/** A label beside a mark. */
export interface Label {
  key: string;
  spot: Spot;
  /** How far the mark reaches [px]. */
  radius: number;
  /** One line each; the first is the name. */
  lines: string[];
  /** Who chooses a place first: the highest. */
  rank: number;
  /** Whether it is shown even where nothing is free. */
  must: boolean;
}

/** Something drawn over the globe: it draws its marks and says which labels they want. */
export interface Part {
  draw(pen: CanvasRenderingContext2D, projection: Projection): Label[];
}

export class Overlay {
  readonly canvas: HTMLCanvasElement;
  #pen: CanvasRenderingContext2D;
  #widget: CesiumWidget;
  #parts: Part[];
  #sides = new Map<string, Side>();
  #widths = new Map<string, number>();

  /** `slow`: without a graphics card a canvas is drawn faster where the browser does not play one. */
  constructor(canvas: HTMLCanvasElement, widget: CesiumWidget, parts: Part[], slow: boolean) {
    this.canvas = canvas;
    this.#widget = widget;
    this.#parts = parts;
    canvas.ariaHidden = "true";
    const pen = canvas.getContext("2d", { willReadFrequently: slow });
    if (pen === null) throw new Error("the browser gives no canvas to draw marks on");
    this.#pen = pen;
  }

  /** Draw this, too, until the function returned is called. */
  add(part: Part): () => void {
    this.#parts.push(part);
    return () => {
      this.#parts = this.#parts.filter((each) => each !== part);
    };
  }

  /** Draw all as the camera stands now; labels stay off the boxes. */
  draw(off: Box[]): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = window.devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      this.canvas.width = across;
      this.canvas.height = down;
    }
    const pen = this.#pen;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const projection = new Projection(this.#widget);
    const labels = this.#parts.flatMap((part) => part.draw(pen, projection));
    this.#label(pen, labels, off);
  }

  #label(pen: CanvasRenderingContext2D, labels: Label[], off: Box[]): void {
    const wishes = labels.map(({ key, spot, radius, lines, rank, must }): Wish => {
      const width = Math.max(...lines.map((line, i) => this.#width(pen, line, i))) + 2 * PADDING;
      return { key, ...spot, radius, width, height: LINE * lines.length + 2, rank, must };
    });
    const marks = labels.map(({ spot: { x, y }, radius }) => ({
      left: x - radius,
      top: y - radius,
      right: x + radius,
      bottom: y + radius,
    }));
    const { clientWidth: right, clientHeight: bottom } = this.canvas;
    const page = { left: 0, top: 0, right, bottom };
    const placed = placeLabels(wishes, page, [...off, ...marks], this.#sides);
    this.#sides = new Map([...placed].map(([key, [side]]) => [key, side]));
    pen.textBaseline = "middle";
    for (const { key, lines } of labels) {
      const box = placed.get(key)?.[1];
      if (box === undefined) continue;
      // Rounded, so that letters are sharp.
      const [left, top] = [Math.round(box.left), Math.round(box.top)];
      pen.fillStyle = "rgb(14 21 37 / 80%)";
      pen.beginPath();
      pen.roundRect(left, top, box.right - box.left, box.bottom - box.top, 4);
      pen.fill();
      lines.forEach((line, i) => {
        pen.font = fontOf(i);
        pen.fillStyle = i === 0 ? TEXT : MUTED;
        pen.fillText(line, left + PADDING, top + 2 + LINE * (i + 0.5));
      });
    }
  }

  #width(pen: CanvasRenderingContext2D, line: string, row: number): number {
    const key = `${row === 0}${line}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    pen.font = fontOf(row);
    const { width } = pen.measureText(line);
    this.#widths.set(key, width);
    return width;
  }
}

function fontOf(row: number): string {
  return row === 0 ? `600 ${SIZE}px ${FONT}` : `${SIZE - 1}px ${FONT}`;
}
