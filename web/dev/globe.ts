/**
 * The globe by itself, with what files say: globe.html?sites=FILE&layer=FILE&layer=FILE&scene=FILE&split
 *
 * Layers follow one another at the key n; f, c and b hide fans, coverage and beliefs; at p the globe's picture is
 * put beside it. What the globe tells goes into #log, a line each. It is no part of the page, and built by
 * `npx vite build dev --config dev/vite.config.ts`.
 */

import "./globe.css";
import type { Layer, SceneAnswer } from "../src/protocol";

const { createGlobe, createTimeline, linkCameras } = await import("../src/globe");
type Globe = Awaited<ReturnType<typeof createGlobe>>;

function find(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`globe.html has no #${id}`);
  return found;
}

const asked = new URLSearchParams(location.search);
const log = find("log");
const tell = (line: unknown) => log.append(`${JSON.stringify(line)}\n`);
const read = async <T>(file: string): Promise<T> => (await fetch(file)).json();
const files = <T>(kind: string) => Promise.all(asked.getAll(kind).map((file) => read<T>(file)));

const sites = (await files<Parameters<Globe["sites"]>[0]>("sites"))[0] ?? [];
const layers = await files<Layer>("layer");
const scenes = await files<SceneAnswer>("scene");

async function open(name: string): Promise<Globe> {
  const host = document.createElement("div");
  host.id = name;
  find("globes").append(host);
  return createGlobe(
    host,
    {
      moved(site, lat, lon, final) {
        tell(["moved", site, lat, lon, final]);
        globe.sites(sites.map((mark) => (mark.site === site ? { ...mark, lat, lon, moved: true } : mark)));
      },
      probed: (found) => tell(["probed", found]),
      picked: (id) => tell(["picked", id]),
      ready: () => tell(["ready", Math.round(performance.now())]),
      failed: (why) => tell(["failed", why]),
      camera: (camera) => tell(["camera", camera]),
    },
    { reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches },
  );
}

const globe = await open("left");
globe.sites(sites);
if (sites.length > 0) globe.frame(sites.filter(({ kind }) => kind !== "launch"));
let next = 0;
const step = () => {
  const layer = layers[next];
  const began = performance.now();
  globe.layer(layer ?? null, next + 1 < layers.length);
  tell(["layer", layer?.step, performance.now() - began]);
  next = (next + 1) % Math.max(layers.length, 1);
};
if (layers.length > 0) step();
if (scenes[0] !== undefined) globe.scene(scenes[0]);
createTimeline(find("timeline"), globe);
if (asked.has("split")) {
  const other = await open("right");
  other.sites(sites);
  other.layer(layers.at(-1) ?? null);
  if (scenes[0] !== undefined) other.scene(scenes.at(-1) ?? null);
  linkCameras(globe, other);
}
document.addEventListener("keydown", async ({ key }) => {
  if (key === "n") step();
  if (key === "p") {
    const picture = document.createElement("img");
    picture.id = "picture";
    picture.src = URL.createObjectURL(await globe.picture());
    document.body.append(picture);
  }
  if (["f", "c", "b"].includes(key)) {
    const folder = { f: "fans", c: "coverage", b: "beliefs" }[key] ?? "";
    globe.show(folder, false);
  }
});
