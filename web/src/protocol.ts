/** What server and page say to each other. */

/** What the argument stands at: all that verdicts depend on. */
export interface State {
  dossier: string;
  viewpoint: string | null;
  set: Record<string, string>;
} // set: PATH -> "VALUE unit", as --set takes it

// GET /api/health -> { version: string, page: boolean, dossier: string }
// GET /api/dossiers -> DossierName[]     built-in ones, the served one, uploads of this session
export interface DossierName {
  key: string;
  title: string;
  date: string;
  served: boolean;
  uploaded: boolean;
}
// GET /api/cases/{dossier} -> Case
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
  sites: Record<string, SiteText>; // by the dossier's site name
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
  holds: string /* ">=" … */;
  threshold: number;
  architecture: string | null;
  baseline: string | null;
  threat: string | null;
  radar: string | null;
  interceptor: string | null;
  layer: LayerAsk | null /* the map that shows it best, if any */;
  scene: SceneAsk | null;
}
export interface SiteText {
  name: string;
  title: string;
  lat: number;
  lon: number;
  altitude_m: number;
  movable: boolean;
  uses: string[] /* "emr (radar)" , "gbi-2-stage" */;
  lat_path: string;
  lon_path: string;
}
export interface ArchitectureText {
  name: string;
  title: string;
  acts: boolean /* has interceptors and a doctrine */;
  sensors: SensorText[];
  batteries: BatteryText[];
}
export interface SensorText {
  name: string /* emr@brdy */;
  radar: string;
  title: string;
  site: string;
  azimuths: number[];
  half_width: number;
  min_elevation: number;
  max_elevation: number;
  range_km: number /* against the nominal warhead */;
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
  group: string /* "Interceptor", "Command", "Radar", "Missile", "Inventory", "Threat" */;
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
  decides: number /* claims it decides, 0 if unknown */;
  quick: boolean;
}
export interface RegionText {
  name: string;
  title: string;
  box: [number, number, number, number] /* south west north east */;
}
export interface QuantityText {
  name: "defended" | "shots" | "warning" | "seen" | "reach";
  title: string;
  unit: string;
  help: string;
}

// The board
export interface Verdict {
  id: string;
  value: number | null;
  holds: boolean | null /* at nominal figures */;
  samples: number;
  low: number | null;
  high: number | null;
  probability: number | null;
  probability_ci: [number, number] | null;
  verdict: "supported" | "refuted" | "undecided" | null;
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
export interface Told extends Verdict {
  decided_by: DecidedBy[];
  standpoints: Standpoint[];
  detail: { label: string; text: string }[];
  sampled_values: number[];
  curve: {
    x_label: string;
    x_unit: string;
    y_label: string;
    y_unit: string;
    x: number[];
    y: number[];
  } | null;
}

// One WebSocket, /api/socket. Every ask has a topic; a later ask on the same topic of the same connection cancels the earlier one. Topics: "board", "claim", "layer:left", "layer:right", "scene:left", "scene:right".
export type Ask =
  | { topic: string; id: number; ask: "board"; state: State; first: string[] /* claims to answer first */ }
  | { topic: string; id: number; ask: "claim"; state: State; claim: string } // everything about one claim
  | { topic: string; id: number; ask: "layer"; state: State; layer: LayerAsk }
  | { topic: string; id: number; ask: "scene"; state: State; scene: SceneAsk }
  | { topic: string; id: number; ask: "cancel" };
export interface LayerAsk {
  quantity: "defended" | "shots" | "warning" | "seen" | "reach";
  architecture: string;
  against?: string | null /* difference of two */;
  threat?: string | null;
  launches?: string[];
  region?: string | null;
  steps?: number[] /* degrees, coarse first; default [4, 1] */;
  altitude_km?: number;
  battery?: string | null;
}
export interface SceneAsk {
  kind: "flight";
  architecture: string;
  threat: string;
  missile?: string | null;
  launch: string;
  target: string;
} // names of the threat's places
export type Answer =
  // every answer repeats topic and id; answers to a superseded id are not sent
  | {
      topic: string;
      id: number;
      type: "progress";
      stage: string;
      done: number;
      total: number;
      left_s: number | null;
    }
  | {
      topic: string;
      id: number;
      type: "verdicts";
      verdicts: Verdict[];
      unaffected: string[] /* of the state: as in the dossier itself */;
      final: boolean;
    }
  | { topic: string; id: number; type: "told"; told: Told; final: boolean }
  | { topic: string; id: number; type: "layer"; layer: Layer; final: boolean }
  | { topic: string; id: number; type: "scene"; scene: SceneAnswer; final: boolean }
  | { topic: string; id: number; type: "error"; message: string; where: string | null; path: string | null }
  | { topic: string; id: number; type: "done"; seconds: number };
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
  values: string /* base64 little-endian Float32, row by row from the south-west; NaN where there is none */;
  kind: "classes" | "ramp" | "difference";
  legend: LegendEntry[];
  noun: string;
  summary: string;
  seconds: number;
}
export interface LegendEntry {
  value: number;
  label: string;
  colour: string;
} // classes and differences: exact values; ramps: stops from low to high
export interface SceneAnswer {
  czml: unknown[];
  span: [number, number] /* s */;
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
