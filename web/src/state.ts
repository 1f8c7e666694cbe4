/**
 * What the page shows: one value, written as a whole into the address after the #.
 *
 * An address gives a `Wish`, which may leave things out or name what the dossier does not have; `settle` makes
 * a `Page` of it.
 */

import type { CameraState } from "./globe/camera";
import type { Case, ClaimText, LayerAsk, QuantityName, SceneAsk, State } from "./protocol";
import { plain } from "./shell/numbers";

export interface Flight {
  readonly threat: string;
  readonly launch: string;
  readonly target: string;
  /** The threat's first where nothing is said. */
  readonly missile: string | null;
}

export type Panel = "claim" | "levers" | "run";

export interface Page {
  readonly state: State;
  /** The claim that is open. */
  readonly claim: string | null;
  readonly panel: Panel;
  /** What the map shows; null for no map. */
  readonly quantity: QuantityName | null;
  /** The architecture on the globe. */
  readonly architecture: string;
  /** The one that the map is the difference from. */
  readonly against: string | null;
  readonly threat: string | null;
  /** Launch places that the map is limited to; all where empty. */
  readonly launches: readonly string[];
  readonly region: string | null;
  readonly altitude_km: number | null;
  readonly battery: string | null;
  /** The architecture on a second globe. */
  readonly split: string | null;
  readonly flight: Flight | null;
  /** Folders of the flight's scene that the reader has hidden, and those that he has asked for. */
  readonly hidden: readonly string[];
  readonly shown: readonly string[];
  readonly camera: CameraState | null;
  readonly time_s: number | null;
}

const QUANTITIES: readonly string[] = ["defended", "shots", "warning", "seen", "reach"];
const PANELS: readonly string[] = ["claim", "levers", "run"];
const ARROW = "→";
const NONE = "none";

/** What an address asks for; what it leaves out is undefined. */
export interface Wish {
  dossier?: string;
  viewpoint?: string;
  set: Record<string, string>;
  claim?: string;
  panel?: Panel;
  quantity?: QuantityName | null;
  architecture?: string;
  against?: string;
  threat?: string;
  launches: string[];
  region?: string;
  altitude_km?: number;
  battery?: string;
  split?: string;
  flight?: Flight | null;
  hidden: string[];
  shown: string[];
  camera?: CameraState;
  time_s?: number;
  /** Whether the address says anything at all about the page. */
  shared: boolean;
  tour?: boolean;
}

/** An address's fragment, with or without its #, as a wish. What makes no sense is left out. */
export function readFragment(fragment: string): Wish {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const wish: Wish = {
    set: {},
    launches: words.getAll("launch"),
    hidden: words.getAll("hide"),
    shown: words.getAll("show"),
    shared: [...words.keys()].some(tells),
  };
  const text = (name: string) => words.get(name) || undefined;
  const number = (name: string) => numbers(text(name) ?? "")[0];
  for (const each of words.getAll("set")) {
    const colon = each.indexOf(":");
    if (colon > 0) wish.set[each.slice(0, colon).trim()] = each.slice(colon + 1).trim();
  }
  const quantity = text("layer");
  if (quantity === NONE) wish.quantity = null;
  else if (isQuantity(quantity)) wish.quantity = quantity;
  const panel = text("panel");
  if (isPanel(panel)) wish.panel = panel;
  const flight = text("flight");
  if (flight === NONE) wish.flight = null;
  else if (flight !== undefined) assign(wish, "flight", readFlight(flight, text("threat"), text("missile")));
  assign(wish, "camera", readCamera(numbers(text("camera") ?? "")));
  if (words.has("tour")) wish.tour = words.get("tour") !== "0";
  assign(wish, "dossier", text("dossier"));
  assign(wish, "viewpoint", text("viewpoint"));
  assign(wish, "claim", text("claim"));
  assign(wish, "architecture", text("arch"));
  assign(wish, "against", text("against"));
  assign(wish, "threat", text("threat"));
  assign(wish, "region", text("region"));
  assign(wish, "altitude_km", number("altitude"));
  assign(wish, "battery", text("battery"));
  assign(wish, "split", text("split"));
  assign(wish, "time_s", number("t"));
  return wish;
}

/** The whole page as a fragment, without the #. `served` is the dossier that need not be named. */
export function writeFragment(page: Page, served: string): string {
  const words: string[] = [];
  const put = (name: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined) words.push(`${name}=${escaped(value)}`);
  };
  put("dossier", page.state.dossier === served ? null : page.state.dossier);
  put("claim", page.claim);
  put("panel", page.panel === usualPanel(page.claim) ? null : page.panel);
  put("viewpoint", page.state.viewpoint);
  for (const [path, value] of Object.entries(page.state.set)) put("set", `${path}:${value}`);
  put("layer", page.quantity ?? NONE);
  put("arch", page.architecture);
  put("against", page.against);
  put("threat", page.threat);
  for (const each of page.launches) put("launch", each);
  put("region", page.region);
  put("altitude", page.altitude_km === null ? null : plain(page.altitude_km));
  put("battery", page.battery);
  put("split", page.split);
  put("flight", page.flight === null ? NONE : writeFlight(page.flight, page.threat));
  put("missile", page.flight?.missile);
  for (const each of page.hidden) put("hide", each);
  for (const each of page.shown) put("show", each);
  put("camera", page.camera && writeCamera(page.camera));
  put("t", page.time_s === null ? null : page.time_s.toFixed(0));
  return words.join("&");
}

/** The page that a wish asks for, and what in it the dossier does not have, in words. */
export function settle(wish: Wish, shown: Case): { page: Page; unknown: string[] } {
  const unknown: string[] = [];
  const known = (kind: string, name: string | undefined, names: Iterable<string>): string | null => {
    if (name === undefined || [...names].includes(name)) return name ?? null;
    unknown.push(`${kind} “${name}”`);
    return null;
  };
  const named = (all: readonly { name: string }[]) => all.map((each) => each.name);
  const claim = known(
    "claim",
    wish.claim,
    shown.claims.map((each) => each.id),
  );
  const architecture = known("architecture", wish.architecture, named(shown.architectures));
  const threat = known("threat", wish.threat, named(shown.threats));
  const start = shownOf(shown.claims.find((each) => each.id === claim) ?? firstShown(shown), shown);
  const drawn = wish.quantity !== undefined;
  const flight = wish.flight && flightOf(wish.flight, shown);
  if (wish.flight && flight === null) unknown.push(`flight “${writeFlight(wish.flight, null)}”`);
  const page: Page = {
    state: {
      dossier: shown.key,
      viewpoint: known("viewpoint", wish.viewpoint, named(shown.viewpoints)),
      set: wish.set,
    },
    claim,
    panel: wish.panel ?? usualPanel(claim),
    quantity: drawn ? (wish.quantity ?? null) : start.quantity,
    architecture: architecture ?? start.architecture,
    against:
      drawn || architecture !== null
        ? known("architecture", wish.against, named(shown.architectures))
        : start.against,
    threat: threat ?? start.threat,
    launches: drawn ? wish.launches : start.launches,
    region: known("region", wish.region, named(shown.regions)) ?? (drawn ? null : start.region),
    altitude_km: wish.altitude_km ?? (drawn ? null : start.altitude_km),
    battery: wish.battery ?? (drawn ? null : start.battery),
    split: known("architecture", wish.split, named(shown.architectures)),
    flight: flight === undefined ? start.flight : flight,
    hidden: wish.hidden,
    shown: wish.shown,
    camera: wish.camera ?? null,
    time_s: wish.time_s ?? null,
  };
  return { page, unknown };
}

/** What the globe shows, apart from where it is seen from and when. */
export type Shown = Pick<
  Page,
  | "quantity"
  | "architecture"
  | "against"
  | "threat"
  | "launches"
  | "region"
  | "altitude_km"
  | "battery"
  | "flight"
>;

/** How the globe stands when a claim is opened: with the map and the flight that show it best. */
export function shownBy(claim: ClaimText, shown: Case): Partial<Shown> {
  return claim.layer === null && claim.scene === null ? {} : shownOf(claim, shown);
}

/** Whether a folder of a scene is to be seen; `usual` is whether it is where nobody has said anything. */
export function sees(page: Page, folder: string, usual: boolean): boolean {
  return page.shown.includes(folder) || (usual && !page.hidden.includes(folder));
}

/** The folders as they are to be seen once the reader has shown or hidden one. */
export function withFolder(
  page: Page,
  folder: string,
  visible: boolean,
  usual: boolean,
): Pick<Page, "hidden" | "shown"> {
  const others = (all: readonly string[]) => all.filter((each) => each !== folder);
  const [hidden, shown] = [others(page.hidden), others(page.shown)];
  if (visible === usual) return { hidden, shown };
  return visible ? { hidden, shown: [...shown, folder] } : { hidden: [...hidden, folder], shown };
}

/** What the map's request is; null for no map. */
export function layerAsk(page: Page): LayerAsk | null {
  if (page.quantity === null) return null;
  return {
    quantity: page.quantity,
    architecture: page.architecture,
    against: page.split === null ? page.against : null,
    threat: page.threat,
    ...(page.launches.length > 0 ? { launches: [...page.launches] } : {}),
    region: page.region,
    ...(page.altitude_km === null ? {} : { altitude_km: page.altitude_km }),
    battery: page.battery,
  };
}

/** What the flight's request is; null for none. */
export function sceneAsk(page: Page): SceneAsk | null {
  if (page.flight === null) return null;
  return { kind: "flight", architecture: page.architecture, ...page.flight };
}

/** Whether all figures are the dossier's own. */
export function isOwn(state: State): boolean {
  return state.viewpoint === null && Object.keys(state.set).length === 0;
}

/** A text by which two states are told apart; the order of figures is of no account. */
export function stateKey(state: State): string {
  return JSON.stringify([state.dossier, state.viewpoint, Object.entries(state.set).sort()]);
}

/** A state with a figure imposed, or no longer imposed. */
export function withFigure(state: State, path: string, value: string | null): State {
  return withFigures(state, { [path]: value });
}

export function withFigures(state: State, figures: Record<string, string | null>): State {
  const set = { ...state.set };
  for (const [path, value] of Object.entries(figures)) {
    if (value === null) delete set[path];
    else set[path] = value;
  }
  return { ...state, set };
}

function shownOf(claim: ClaimText | undefined, shown: Case): Shown {
  const layer = claim?.layer ?? null;
  const scene = claim?.scene ?? null;
  const acting = shown.architectures.find((each) => each.acts) ?? shown.architectures[0];
  return {
    quantity: layer?.quantity ?? null,
    architecture: layer?.architecture ?? scene?.architecture ?? claim?.architecture ?? acting?.name ?? "",
    against: layer?.against ?? null,
    threat: layer?.threat ?? scene?.threat ?? claim?.threat ?? shown.threats[0]?.name ?? null,
    launches: layer?.launches ?? [],
    region: layer?.region ?? null,
    altitude_km: layer?.altitude_km ?? null,
    battery: layer?.battery ?? null,
    flight: scene && {
      threat: scene.threat,
      launch: scene.launch,
      target: scene.target,
      missile: scene.missile ?? null,
    },
  };
}

function firstShown(shown: Case): ClaimText | undefined {
  return shown.claims.find((each) => each.scene !== null) ?? shown.claims.find((each) => each.layer !== null);
}

/** A flight whose threat is made out by its places where it is not named; null where there is none. */
function flightOf(flight: Flight, shown: Case): Flight | null {
  const has = (name: string) => {
    const threat = shown.threats.find((each) => each.name === name);
    return (
      threat?.launches.some((each) => each.name === flight.launch) &&
      threat.targets.some((each) => each.name === flight.target)
    );
  };
  if (has(flight.threat)) return flight;
  const threat = shown.threats.find((each) => has(each.name));
  return threat === undefined ? null : { ...flight, threat: threat.name };
}

function usualPanel(claim: string | null): Panel {
  return claim === null ? "levers" : "claim";
}

function readFlight(
  text: string,
  threat: string | undefined,
  missile: string | undefined,
): Flight | undefined {
  const arrow = text.indexOf(ARROW);
  if (arrow < 1) return undefined;
  const colon = text.indexOf(":");
  const named = colon > 0 && colon < arrow;
  const launch = text.slice(named ? colon + 1 : 0, arrow).trim();
  const target = text.slice(arrow + ARROW.length).trim();
  if (launch === "" || target === "") return undefined;
  return { threat: named ? text.slice(0, colon) : (threat ?? ""), launch, target, missile: missile ?? null };
}

function writeFlight(flight: Flight, threat: string | null): string {
  const places = `${flight.launch}${ARROW}${flight.target}`;
  return flight.threat === threat || threat === null ? places : `${flight.threat}:${places}`;
}

/** Latitude, longitude, height; and where it does not look straight down, its heading and pitch. */
function readCamera(given: number[]): CameraState | undefined {
  const [lat = 0, lon = 0, height_km = 0, heading, pitch] = given;
  if ((given.length !== 3 && given.length !== 5) || Math.abs(lat) > 90 || height_km <= 0) return undefined;
  if (heading === undefined || pitch === undefined) return { lat, lon, height_km };
  return Math.abs(pitch) > 90 ? undefined : { lat, lon, height_km, heading, pitch };
}

function writeCamera({ lat, lon, height_km, heading, pitch }: CameraState): string {
  const place = `${lat.toFixed(2)},${lon.toFixed(2)},${height_km.toFixed(0)}`;
  if (heading === undefined && pitch === undefined) return place;
  return `${place},${(heading ?? 0).toFixed(1)},${(pitch ?? -90).toFixed(1)}`;
}

/** Only what would end the word is escaped: an address is to be read. */
function escaped(text: string): string {
  return text
    .replaceAll(/[%&#+]/g, (each) => encodeURIComponent(each))
    .replaceAll(/[\s"<>`]/g, (each) => (each === " " ? "+" : encodeURIComponent(each)));
}

/** Whether a word of the address is about the page, rather than about how it is opened. */
function tells(name: string): boolean {
  return name !== "tour" && name !== "dossier";
}

function numbers(text: string): number[] {
  const found = text === "" ? [] : text.split(",").map(Number);
  return found.every(Number.isFinite) ? found : [];
}

function isQuantity(text: string | undefined): text is QuantityName {
  return text !== undefined && QUANTITIES.includes(text);
}

function isPanel(text: string | undefined): text is Panel {
  return text !== undefined && PANELS.includes(text);
}

/** Sets what is known, and leaves the rest out. */
function assign<K extends keyof Wish>(wish: Wish, name: K, value: Wish[K] | undefined): void {
  if (value !== undefined) wish[name] = value;
}
