/** What the server and the page say to each other. */

/** What the argument stands at: all that verdicts depend on. */
export interface State {
  dossier: string;
  viewpoint: string | null;
  /** PATH -> "VALUE unit", as --set takes it. */
  set: Record<string, string>;
}

/** GET /api/health */
export interface Health {
  version: string;
  page: boolean;
  dossier: string;
  /** Whether the physics is being compiled, which takes a minute or two. */
  first_run: boolean;
}

/** GET /api/dossiers: built-in ones, the served one, uploads of this session. */
export interface DossierName {
  key: string;
  title: string;
  date: string;
  served: boolean;
  uploaded: boolean;
}

/** GET /api/cases/{dossier} */
export interface Case {
  key: string;
  title: string;
  summary: string;
  date: string;
  hash: string;
  version: string;
  samples: number;
  claims: ClaimText[];
  architectures: ArchitectureText[];
  threats: ThreatText[];
  viewpoints: ViewpointText[];
  levers: Lever[];
  regions: RegionText[];
  quantities: QuantityText[];
  /** By the dossier's site name. */
  sites: Record<string, SiteText>;
}

export interface ClaimText {
  id: string;
  party: string;
  statement: string;
  source: string;
  source_url: string | null;
  reason: string;
  method: string;
  quantity: string;
  unit: string;
  /** ">=", ">", "<=" or "<". */
  holds: string;
  threshold: number;
  architecture: string | null;
  baseline: string | null;
  threat: string | null;
  radar: string | null;
  interceptor: string | null;
  /** The map that shows it best, if any. */
  layer: LayerAsk | null;
  scene: SceneAsk | null;
}

export interface SiteText {
  name: string;
  title: string;
  lat: number;
  lon: number;
  altitude_m: number;
  movable: boolean;
  /** What stands there: "emr (radar)", "gbi-2-stage". */
  uses: string[];
  lat_path: string;
  lon_path: string;
}

export interface ArchitectureText {
  name: string;
  title: string;
  /** Whether it has interceptors and a doctrine. */
  acts: boolean;
  sensors: SensorText[];
  batteries: BatteryText[];
}

export interface SensorText {
  /** emr@brdy */
  name: string;
  radar: string;
  title: string;
  site: string;
  azimuths: number[];
  half_width: number;
  min_elevation: number;
  max_elevation: number;
  /** Against the nominal warhead. */
  range_km: number;
  link: string | null;
}

export interface BatteryText {
  name: string;
  interceptor: string;
  title: string;
  site: string;
  inventory: number;
  inventory_path: string;
}

export interface ThreatText {
  name: string;
  title: string;
  missiles: string[];
  launches: PlaceText[];
  targets: PlaceText[];
}

export interface PlaceText {
  name: string;
  lat: number;
  lon: number;
}

export interface ViewpointText {
  name: string;
  title: string;
  source: string;
  set: Record<string, string>;
}

export interface Lever {
  path: string;
  /** "Interceptor", "Command", "Radar", "Missile", "Inventory", "Threat". */
  group: string;
  label: string;
  unit: string;
  kind: "number" | "choice";
  value: number | string;
  low: number | null;
  high: number | null;
  step: number | null;
  options: { value: string; label: string }[];
  source: string;
  note: string | null;
  undisclosed: boolean;
  /** Claims that it decides, 0 if unknown. */
  decides: number;
  quick: boolean;
}

export interface RegionText {
  name: string;
  title: string;
  /** South, west, north, east in degrees. */
  box: [number, number, number, number];
}

export type QuantityName = "defended" | "shots" | "warning" | "seen" | "reach";

export interface QuantityText {
  name: QuantityName;
  title: string;
  unit: string;
  help: string;
}

export type VerdictWord = "supported" | "refuted" | "undecided";

export interface Verdict {
  id: string;
  value: number | null;
  /** At nominal figures. */
  holds: boolean | null;
  samples: number;
  low: number | null;
  high: number | null;
  probability: number | null;
  probability_ci: [number, number] | null;
  verdict: VerdictWord | null;
}

export interface Standpoint {
  viewpoint: string;
  title: string;
  touches: boolean;
  value: number;
  low: number;
  high: number;
  verdict: string;
  probability: number;
  probability_ci: [number, number];
  samples: number;
}

export interface DecidedBy {
  parameter: string;
  label: string;
  share: number;
  share_ci: [number, number] | null;
  flips_at: number | null;
  unit: string;
}

export interface Curve {
  x_label: string;
  x_unit: string;
  y_label: string;
  y_unit: string;
  x: number[];
  /** Null where there is no value. */
  y: (number | null)[];
}

export interface Told extends Verdict {
  decided_by: DecidedBy[];
  standpoints: Standpoint[];
  detail: { label: string; text: string }[];
  sampled_values: number[];
  curve: Curve | null;
}

/** The dossier's own assessment: every claim told under its own figures, and what decides most of them. */
export interface Baseline {
  told: Told[];
  deciders: { parameter: string; label: string; share: number; claims: string[] }[];
  /** What publishing a figure would take off the number of verdicts expected wrong. */
  disclosures: {
    parameter: string;
    label: string;
    drop: number;
    claims: { id: string; drop: number }[];
  }[];
  undecidedness: number;
}

/** What is asked over /api/socket. A later ask on a topic cancels the earlier one. */
export type Ask = { topic: string; id: number } & AskBody;

export type AskBody =
  /** `first`: claims to answer first, eight at most. */
  | { ask: "board"; state: State; first: string[] }
  | { ask: "claim"; state: State; claim: string }
  | { ask: "layer"; state: State; layer: LayerAsk }
  | { ask: "scene"; state: State; scene: SceneAsk }
  | { ask: "cancel" };

export interface LayerAsk {
  quantity: QuantityName;
  architecture: string;
  /** Makes it the difference of two. */
  against?: string | null;
  threat?: string | null;
  launches?: string[];
  region?: string | null;
  /** Degrees, coarse first. */
  steps?: number[];
  altitude_km?: number;
  battery?: string | null;
}

/** By names of the threat's places. */
export interface SceneAsk {
  kind: "flight";
  architecture: string;
  threat: string;
  missile?: string | null;
  launch: string;
  target: string;
}

/** Every answer repeats topic and id; answers to a superseded id are not sent. */
export type Answer = { topic: string; id: number } & AnswerBody;

export type AnswerBody =
  | { type: "progress"; stage: string; done: number; total: number; left_s: number | null }
  /** `unaffected` of the state: as in the dossier itself. */
  | { type: "verdicts"; verdicts: Verdict[]; unaffected: string[]; final: boolean }
  /** Of an untouched state, before its final verdicts. */
  | { type: "baseline"; baseline: Baseline }
  | { type: "told"; told: Told; final: boolean }
  | { type: "layer"; layer: Layer; final: boolean }
  | { type: "scene"; scene: SceneAnswer; final: boolean }
  | { type: "error"; message: string; where: string | null; path: string | null }
  | { type: "done"; seconds: number };

export interface Layer {
  quantity: string;
  title: string;
  unit: string;
  architecture: string;
  against: string | null;
  south: number;
  west: number;
  step: number;
  rows: number;
  cols: number;
  /** Base64 of little-endian Float32, row by row from the south-west; NaN where there is none. */
  values: string;
  kind: "classes" | "ramp" | "difference";
  legend: LegendEntry[];
  /** What a value is of: "warning". */
  noun: string;
  /** What it means that there is no value. */
  missing: string;
  summary: string;
  seconds: number;
}

/** Classes and differences: exact values; ramps: stops from low to high. */
export interface LegendEntry {
  value: number;
  label: string;
  colour: string;
}

export interface SceneAnswer {
  czml: unknown[];
  /** Seconds. */
  span: [number, number];
  events: SceneEvent[];
  finding: string;
  rows: { label: string; text: string }[];
}

export interface SceneEvent {
  time_s: number;
  kind: "launch" | "burnout" | "sight" | "commit" | "interceptor" | "intercept" | "impact" | "other";
  label: string;
  lat: number | null;
  lon: number | null;
  altitude_km: number | null;
  side?: "left" | "right";
}

/** What every refused request says: {"error": ...}. */
export interface Refused {
  message: string;
  where: string | null;
  path: string | null;
  file: string | null;
  line: number | null;
}
