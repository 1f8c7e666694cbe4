/** A run as it stands, put together of the messages so far. */

import type { SceneEvent } from "../protocol";
import type {
  OperationEvent,
  OperationHeader,
  OperationIncident,
  OperationMessage,
  OperationState,
  OperationSummary,
} from "./protocol";

export type Phase = "idle" | "preparing" | "running" | "paused" | "over";

export interface MissileLine {
  name: string;
  start: string;
  target: string;
  /** How far the defence is with it, in words. */
  stage: string;
  ended: "hit" | "through" | null;
  shots: number;
}

export interface Part {
  down: boolean;
  withdrawn: boolean;
  /** How much later what it says arrives [s]. */
  delay_s: number;
}

/** What nodes call the satellites, command and control, and those who interfere. */
const INCIDENT = "incident";

export class Run {
  phase: Phase = "idle";
  /** What is being made ready. */
  stage = "";
  header: OperationHeader | null = null;
  state: OperationState | null = null;
  summary: OperationSummary | null = null;
  readonly events: OperationEvent[] = [];
  readonly missiles = new Map<string, MissileLine>();
  /** What has failed or been withdrawn, by name. */
  readonly parts = new Map<string, Part>();
  /** Interceptors left, by battery. */
  readonly left = new Map<string, number>();
  /** What was done while the run stood still: it is shown at once, and told as an event when the run goes on. */
  private readonly foreseen: string[] = [];

  hear(message: OperationMessage): void {
    switch (message.type) {
      case "preparing":
        this.phase = "preparing";
        this.stage = message.stage;
        break;
      case "header":
        this.begin(message);
        break;
      case "event":
        this.events.push(message);
        this.note(message);
        break;
      case "accepted":
        if (message.incident !== undefined) {
          this.foreseen.push(keyOf(message.incident));
          this.suffer(message.incident);
        }
        break;
      case "state":
        this.take(message);
        break;
      case "summary":
        this.summary = message;
        this.phase = "over";
        break;
      default:
    }
  }

  /** The latest moment that is known [s]. */
  get time_s(): number {
    return Math.max(this.state?.time_s ?? 0, this.events.at(-1)?.time_s ?? 0);
  }

  get through(): number {
    return [...this.missiles.values()].filter((each) => each.ended === "through").length;
  }

  get hit(): number {
    return [...this.missiles.values()].filter((each) => each.ended === "hit").length;
  }

  part(name: string): Part {
    return this.parts.get(name) ?? { down: false, withdrawn: false, delay_s: 0 };
  }

  private begin(header: OperationHeader): void {
    this.header = header;
    for (const each of header.raid) {
      const { missile: name, start, target } = each;
      this.missiles.set(name, { name, start, target, stage: "not launched yet", ended: null, shots: 0 });
    }
    for (const each of header.batteries) this.left.set(each.name, each.interceptors);
    for (const each of header.incidents) if (each.at_s <= 0) this.suffer(each);
    this.take(header.state);
  }

  private take(state: OperationState): void {
    this.state = state;
    if (this.summary === null) this.phase = state.over ? "over" : state.running ? "running" : "paused";
  }

  private note(event: OperationEvent): void {
    if (event.node === INCIDENT) {
      const incident = incidentOf(event);
      const at = this.foreseen.indexOf(keyOf(incident));
      if (at === -1) this.suffer(incident);
      else this.foreseen.splice(at, 1);
      return;
    }
    const left = event["left"];
    if (event.kind === "launched" && typeof left === "number") this.left.set(event.node, left);
    if (event.missile === undefined) return;
    const line = this.lineOf(event);
    if (line.ended !== null) return;
    const stage = stageOf(event);
    if (event.kind === "launch ordered") line.shots += 1;
    if (stage !== null) line.stage = stage;
    if (event.kind === "destroyed") line.ended = "hit";
    if (event.kind === "impact") line.ended = "through";
  }

  /** A missile's line; one that has joined the raid gets one. */
  private lineOf(event: OperationEvent): MissileLine {
    const name = event.missile ?? "";
    const found = this.missiles.get(name);
    if (found !== undefined) return found;
    const made: MissileLine = { name, start: "", target: "", stage: "launched", ended: null, shots: 0 };
    this.missiles.set(name, made);
    return made;
  }

  private suffer(incident: OperationIncident): void {
    const { do: what } = incident;
    const part = { ...this.part(incident.what) };
    if (what === "fail") part.down = true;
    if (what === "restore") part.down = false;
    if (what === "withdraw") part.withdrawn = true;
    if (what === "share") part.withdrawn = false;
    if (what === "delay") part.delay_s += incident.by_s ?? 0;
    this.parts.set(incident.what, part);
  }
}

/** What an event says of how far the defence is with its missile; null where nothing. */
function stageOf(event: OperationEvent): string | null {
  switch (event.kind) {
    case "launch":
      return "launched";
    case "launch declared":
      return "launch declared";
    case "found":
      return `found by ${event.node}`;
    case "track taken over":
      return "tracked";
    case "held back":
      return "no interceptor to spare";
    case "launch ordered":
      return "interceptor ordered";
    case "left":
      return "interceptor on its way";
    case "missed":
    case "wrong object":
    case "target outside its view":
    case "out of divert":
      return event.kind === "wrong object" ? "another object was met" : "missed";
    case "destroyed":
      return "hit";
    case "impact":
      return "got through";
    default:
      return null;
  }
}

const KINDS: Record<string, SceneEvent["kind"]> = {
  launch: "launch",
  found: "sight",
  "launch ordered": "commit",
  left: "interceptor",
  hit: "intercept",
  impact: "impact",
};

/** Of so many events a timeline shows no more than the ends. */
const MOST_MARKED = 40;

/** The events that a timeline marks: the ends of missiles, and what led to them as long as that is few. */
export function marked(events: readonly OperationEvent[]): SceneEvent[] {
  const seen = new Set<string>();
  const found = events.flatMap((event) => {
    const kind = KINDS[event.kind];
    if (kind === undefined || event.missile === undefined) return [];
    // A missile is found by one radar after the other: the first is the one that counts.
    const key = `${event.kind} ${event.missile}`;
    if (kind === "sight" && seen.has(key)) return [];
    seen.add(key);
    return [{ kind, event }];
  });
  const ends = found.filter(({ kind }) => kind === "intercept" || kind === "impact");
  return (found.length > MOST_MARKED ? ends : found).slice(-MOST_MARKED).map(({ kind, event }) => ({
    time_s: event.time_s,
    kind,
    label: `${event.missile}: ${labelOf(event)}`,
    lat: null,
    lon: null,
    altitude_km: null,
  }));
}

function labelOf(event: OperationEvent): string {
  return event.kind === "left" ? "interceptor left" : event.kind;
}

/** By which an incident that was commanded is known again in the record. */
function keyOf(incident: OperationIncident): string {
  return `${incident.do} ${incident.what} ${incident.by_s ?? ""}`;
}

function incidentOf(event: OperationEvent): OperationIncident {
  const by = event["by_s"];
  return {
    at_s: event.time_s,
    do: event.kind as OperationIncident["do"],
    what: String(event["what"]),
    ...(typeof by === "number" ? { by_s: by } : {}),
  };
}
