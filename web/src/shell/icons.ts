/** The page's icons: strokes in a box of 16, coloured by the text around them. */

import { svg } from "./dom";

const STROKES = {
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3",
  info: "M8 7.2v4M8 4.8v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  close: "M4 4l8 8M12 4l-8 8",
  share:
    "M6.6 7l3-2M6.6 9l3 2M6.5 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM13.5 4a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM13.5 12a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  download: "M8 2.5v7M5 7l3 3 3-3M3 13h10",
  upload: "M8 10.5v-7M5 6l3-3 3 3M3 13h10",
  help: "M6.2 6.2c0-2.5 3.7-2.4 3.7-.1C9.9 7.6 8 7.6 8 9.2M8 11.2v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  down: "M4 6l4 4 4-4",
  split: "M2.5 3.5h11v9h-11zM8 3.5v9",
  layers: "M8 2.5l6 3-6 3-6-3zM2.5 8.5L8 11.2l5.5-2.7M2.5 11L8 13.7 13.5 11",
  flight: "M2 13C4 5 10 3 14 12M14 12l-.4-2.8M14 12l-2.6-1.2",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM9.8 8a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0z",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  back: "M9.5 3.5L5 8l4.5 4.5",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.6 10.6L14 14",
  globe: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM2 8h12M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
  sliders:
    "M2.5 5h5M11.5 5h2M2.5 11h2M8.5 11h5M9.5 5m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M6.5 11m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
  play: "M5 3l8 5-8 5z",
  external: "M6.5 3.5h-3v9h9v-3M9 3.5h3.5V7M12.5 3.5L7.5 8.5",
} as const;

export type IconName = keyof typeof STROKES;

export function icon(name: IconName): SVGSVGElement {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: STROKES[name] }),
  );
}
