/** Steering a run: its clock, and what befalls the shield meanwhile. */

import { attribute, fill, h, text } from "../shell/dom";
import { counted } from "../shell/numbers";
import { SPEEDS } from "./form";
import type { OperationAsk } from "./protocol";
import type { Run } from "./run";

const STEP_S = 10;
const DELAY_S = 30;

export class Controls {
  readonly element: HTMLElement;
  private readonly time = h("output", { class: "run-time" });
  private readonly pause: HTMLButtonElement;
  private readonly steps: HTMLButtonElement[];
  private readonly speed = h("select", { "aria-label": "Speed" });
  private readonly stop: HTMLButtonElement;

  constructor(send: (ask: OperationAsk) => void) {
    this.pause = this.button("Pause", () => send({ do: this.pausing ? "pause" : "resume" }));
    this.steps = [
      this.button("Next event", () => send({ do: "step" })),
      this.button(`+${STEP_S} s`, () => send({ do: "step", seconds: STEP_S })),
    ];
    this.stop = this.button("Stop", () => send({ do: "stop" }));
    fill(this.speed, ...SPEEDS.map((each) => h("option", { value: each }, `${each} ×`)));
    this.speed.addEventListener("change", () => send({ do: "speed", speed: Number(this.speed.value) }));
    this.element = h(
      "div",
      { class: "run-controls", role: "group", "aria-label": "The run's clock" },
      this.time,
      this.pause,
      ...this.steps,
      this.speed,
      this.stop,
    );
  }

  private pausing = true;

  show(run: Run): void {
    const { phase, state } = run;
    this.pausing = phase === "running";
    text(this.time, clockOf(run.time_s));
    text(this.pause, this.pausing ? "Pause" : "Go on");
    const over = phase === "over";
    for (const each of [this.pause, ...this.steps, this.stop, this.speed]) each.hidden = over;
    if (document.activeElement !== this.speed && state !== null) {
      const known = [...this.speed.options].some((each) => Number(each.value) === state.speed);
      if (!known) this.speed.append(h("option", { value: state.speed }, `${state.speed} ×`));
      this.speed.value = String(state.speed);
    }
  }

  private button(label: string, act: () => void): HTMLButtonElement {
    return h("button", { type: "button", class: "button", onclick: act }, label);
  }
}

/** The parts of the shield, each with what can befall it. */
export class Mishaps {
  readonly element: HTMLElement;
  private readonly list = h("ul", { class: "run-parts" });
  private readonly threat = h("select", { "aria-label": "Threat of the missile that joins" });
  private readonly waits = h(
    "p",
    { class: "note" },
    "The run stands still: this takes effect when it goes on.",
  );
  private shown = "";

  constructor(private readonly send: (ask: OperationAsk) => void) {
    this.element = h(
      "details",
      { class: "fold run-mishaps" },
      h(
        "summary",
        {},
        h("span", { class: "fold-title" }, "Interfere"),
        h("span", { class: "fold-told" }, "let parts fail, withdraw what they share"),
      ),
      this.waits,
      this.list,
      h(
        "div",
        { class: "run-launch" },
        this.threat,
        h(
          "button",
          { type: "button", class: "button", onclick: () => this.inject(`launch ${this.threat.value}`) },
          "Launch one more",
        ),
      ),
    );
  }

  show(run: Run): void {
    const { header } = run;
    if (header === null) return;
    this.waits.hidden = run.phase !== "paused";
    const key = JSON.stringify([header.sensors.map((each) => each.name), [...run.parts]]);
    if (key === this.shown) return;
    this.shown = key;
    fill(
      this.list,
      ...header.sensors.map((each) =>
        this.part(run, each.name, `${each.title}: ${each.name.split("@")[0]}`, true),
      ),
      ...header.batteries.map((each) => this.part(run, each.name, each.title, false)),
      this.part(run, "satellite", "Early-warning satellites", false),
      this.part(run, "command", "Command and control", false),
    );
    fill(this.threat, ...header.threats.map((each) => h("option", { value: each.name }, each.title)));
  }

  private part(run: Run, name: string, title: string, tells: boolean): HTMLElement {
    const { down, withdrawn, delay_s } = run.part(name);
    const told = [down && "down", withdrawn && "not shared", delay_s > 0 && `${delay_s} s late`].filter(
      Boolean,
    );
    const act = (label: string, incident: string) =>
      h(
        "button",
        {
          type: "button",
          class: "button",
          "data-incident": incident,
          "aria-label": `${label}: ${title}`,
          onclick: () => this.inject(incident),
        },
        label,
      );
    const element = h(
      "li",
      { "data-part": name },
      h(
        "span",
        { class: "run-part" },
        title,
        told.length > 0 && h("span", { class: "run-part-told" }, told.join(", ")),
      ),
      h(
        "span",
        { class: "run-part-acts" },
        act(down ? "Restore" : "Fail", `${down ? "restore" : "fail"} ${name}`),
        tells && act(withdrawn ? "Share" : "Withdraw", `${withdrawn ? "share" : "withdraw"} ${name}`),
        tells && act(`Delay ${DELAY_S} s`, `delay ${name} ${DELAY_S} s`),
      ),
    );
    attribute(element, "data-down", down || withdrawn);
    return element;
  }

  private inject(incident: string): void {
    this.send({ do: "inject", incident });
  }
}

/** Minutes and seconds after the raid begins. */
export function clockOf(time_s: number): string {
  const whole = Math.max(0, Math.round(time_s));
  return `${Math.trunc(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** How many of a raid got through, in a line. */
export function scoreOf(run: Run): string {
  const { size } = run.missiles;
  const open = size - run.hit - run.through;
  const parts = [`${run.hit} hit`, `${run.through} got through`];
  if (open > 0) parts.push(`${open} in the air or to come`);
  return `${counted(size, "missile")}: ${parts.join(", ")}`;
}
