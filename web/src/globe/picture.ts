/** A picture of the globe as it stands, with its legend, to keep or to print. */

import type { Layer } from "../protocol";
import { drawLegend } from "./legend";
import { FONT, INK, MUTED, TEXT } from "./overlay";

const EDGE = 12;

/** What is written into a picture. */
export interface Caption {
  layer: Layer | null;
  /** Whether there are cells without a value. */
  gaps: boolean;
  /** A line under the title, or empty. */
  time: string;
  credit: string;
}

/** Put canvases over each other, the lowest first, and write the caption on them: a PNG. */
export async function pictureOf(canvases: HTMLCanvasElement[], caption: Caption): Promise<Blob> {
  const top = canvases.at(-1);
  if (top === undefined) throw new Error("a picture needs at least one canvas");
  const { width, height } = top;
  if (width === 0 || height === 0)
    throw new Error("the globe is not on the page, so there is no picture of it");
  const ratio = width / top.clientWidth;
  const picture = document.createElement("canvas");
  picture.width = width;
  picture.height = height;
  const pen = picture.getContext("2d");
  if (pen === null) throw new Error("the browser gives no canvas to draw a picture on");
  pen.fillStyle = INK;
  pen.fillRect(0, 0, width, height);
  for (const canvas of canvases) pen.drawImage(canvas, 0, 0, width, height);
  pen.scale(ratio, ratio);
  const [across, down] = [width / ratio, height / ratio];
  const { layer, gaps, time, credit } = caption;
  const lines = [
    ...(layer === null ? [] : [layer.summary === "" ? layer.title : layer.summary]),
    ...(time === "" ? [] : [time]),
  ];
  write(pen, lines, across);
  if (layer !== null) drawLegend(pen, layer, gaps, EDGE, down - EDGE - 20);
  pen.font = `11px ${FONT}`;
  pen.textBaseline = "alphabetic";
  const room = pen.measureText(credit).width;
  pen.fillStyle = "rgb(14 21 37 / 80%)";
  pen.fillRect(across - room - EDGE - 4, down - 22, room + 8, 18);
  pen.fillStyle = MUTED;
  pen.fillText(credit, across - room - EDGE, down - 9);
  return new Promise((give, refuse) => {
    picture.toBlob((blob) => {
      if (blob === null) refuse(new Error("the browser made no picture"));
      else give(blob);
    }, "image/png");
  });
}

/** Lines at the top left, broken where the picture ends. */
function write(pen: CanvasRenderingContext2D, lines: string[], across: number): void {
  if (lines.length === 0) return;
  pen.font = `600 15px ${FONT}`;
  const broken = lines.flatMap((line) => wrap(pen, line, across - 4 * EDGE));
  const width = Math.max(...broken.map((line) => pen.measureText(line).width));
  pen.fillStyle = "rgb(14 21 37 / 88%)";
  pen.beginPath();
  pen.roundRect(EDGE, EDGE, width + 2 * EDGE, 22 * broken.length + EDGE, 6);
  pen.fill();
  pen.fillStyle = TEXT;
  pen.textBaseline = "middle";
  for (const [i, line] of broken.entries()) pen.fillText(line, 2 * EDGE, EDGE + EDGE / 2 + 22 * (i + 0.5));
}

function wrap(pen: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && pen.measureText(line).width <= width) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}
