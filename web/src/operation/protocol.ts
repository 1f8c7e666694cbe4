/** What a live run of the shield and the page say to each other over /api/operations. */

import type { State } from "../protocol";

/** What the page sends: one JSON object a message. */
export type OperationAsk =
  | OperationStart
  /** End the run where it is; the connection stays, and may start another. */
  | { do: "stop" }
  | { do: "pause" }
  | { do: "resume" }
  | { do: "state" }
  /** Run on by so many simulated seconds, or to the next event, and stand still. */
  | { do: "step"; seconds?: number }
  | { do: "speed"; speed: number }
  /** "fail emr@brdy", "restore emr@brdy", "delay emr@brdy 30 s", "withdraw gabala@gabala", "launch THREAT" ... */
  | { do: "inject"; incident: string }
  /** The record so far, as a file. */
  | { do: "record" };

export interface OperationStart {
  do: "start";
  state: State;
  architecture: string;
  /** That which the dossier names for the architecture if left out. */
  threat?: string | null;
  /** 1 to 50. */
  missiles?: number;
  /** Between two launches; 0: all at once. */
  spacing_s?: number;
  /** Times the clock. */
  speed?: number;
  seed?: number;
  paused?: boolean;
}

/** What the page is sent. All times are simulated seconds after the raid begins. */
export type OperationMessage =
  /** Flights and fly-out tables are being made. */
  | { type: "preparing"; stage: string }
  | OperationHeader
  /** Everything up to `time_s`. */
  | { type: "czml"; time_s: number; packets: unknown[] }
  | OperationEvent
  | OperationState
  | OperationSummary
  | { type: "accepted"; do: string; incident?: OperationIncident }
  /** `whole`: false while the run goes on, and of one that was stopped. */
  | { type: "record"; name: string; whole: boolean; text: string }
  /** The run goes on, if there is one. */
  | { type: "error"; message: string; where?: string | null; path?: string | null }
  /** Too far behind: the connection is closed. */
  | { type: "dropped"; message: string };

export interface OperationHeader {
  type: "header";
  protocol: number;
  dossier: string;
  title: string;
  architecture: string;
  seed: number;
  run: number;
  speed: number;
  /** The same run on the command line. */
  command: string;
  raid: { missile: string; kind: string; start: string; target: string; launch_s: number }[];
  sensors: {
    name: string;
    title: string;
    lat_deg: number;
    lon_deg: number;
    link: string | null;
  }[];
  batteries: { name: string; title: string; lat_deg: number; lon_deg: number; interceptors: number }[];
  /** What "launch THREAT" takes. */
  threats: { name: string; title: string }[];
  incidents: OperationIncident[];
  state: OperationState;
}

export interface OperationState {
  type: "state";
  time_s: number;
  speed: number;
  running: boolean;
  over: boolean;
  lost_s: number;
}

export interface OperationIncident {
  at_s: number;
  do: "fail" | "restore" | "withdraw" | "share" | "delay" | "launch";
  what: string;
  by_s?: number;
}

export interface OperationEvent {
  type: "event";
  event: number;
  time_s: number;
  node: string;
  kind: string;
  missile?: string;
  cause?: number;
  /** As a sentence; null where it is but a step on the way. */
  text: string | null;
  /** What it carries besides, units in the names (docs/run-record.md). */
  [carried: string]: unknown;
}

export interface OperationSummary {
  type: "summary";
  finished: boolean;
  time_s: number;
  events: number;
  incidents: OperationIncident[];
  /** These only of a run that has ended. */
  finding?: string;
  leaked?: number;
  causes?: Record<string, number>;
  spent?: Record<string, number>;
  left?: Record<string, number>;
  ends?: Record<string, number>;
  fates?: {
    missile: string;
    start: string;
    target: string;
    launched_s: number;
    ended_s: number;
    cause: string;
    shots: number;
  }[];
}
