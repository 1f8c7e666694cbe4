/** Runs of the shield: one that goes on now, steered as it goes, or a recorded one. */

import type { SceneAnswer } from "../protocol";
import { attribute, fill, h, text } from "../shell/dom";
import { save } from "../shell/downloads";
import { announce } from "../shell/notices";
import { counted } from "../shell/numbers";
import type { Stage } from "../shell/stage";
import { sees } from "../state";
import type { PageStore } from "../store";
import { Channel } from "./channel";
import { Controls, Mishaps, scoreOf } from "./controls";
import type { Feed } from "./feed";
import { StartForm } from "./form";
import { EventLog } from "./log";
import type { OperationAsk, OperationMessage, OperationStart } from "./protocol";
import { openRecord } from "./recorded";
import { type MissileLine, marked, Run } from "./run";

/** The folders that a live run has, but for what the page's own marks stand for. */
const FOLDERS = [
  { name: "fans", usual: false },
  { name: "coverage", usual: false },
  ...["places", "missiles", "interceptors", "beliefs", "looks"].map((name) => ({ name, usual: true })),
];

export class RunPanel {
  readonly element: HTMLElement;
  private run = new Run();
  private feed: Feed | null = null;
  private recorded: SceneAnswer | null = null;
  private readonly channel: Channel;
  private readonly form: StartForm;
  private readonly controls: Controls;
  private readonly mishaps: Mishaps;
  private readonly log: EventLog;
  private readonly told = h("p", { class: "run-told", role: "status" });
  private readonly wrong = h("p", { class: "lever-wrong", role: "alert", hidden: true });
  private readonly missiles = h("ul", { class: "run-missiles" });
  private readonly batteries = h("ul", { class: "run-batteries" });
  private readonly closing = h("div", { class: "run-summary" });
  private readonly going: HTMLElement;
  private drawing = false;
  /** Packets that came before there was anything to draw them. */
  private early: OperationMessage[] | null = null;

  constructor(
    private readonly store: PageStore,
    private readonly stage: Stage,
  ) {
    this.channel = new Channel(
      (message) => this.hear(message),
      () => this.lost(),
    );
    const send = (ask: OperationAsk) => {
      this.fault(null);
      this.channel.send(ask);
    };
    this.form = new StartForm(store, (ask) => this.start(ask));
    this.controls = new Controls(send);
    this.mishaps = new Mishaps(send);
    this.log = new EventLog((time_s) => this.stage.globe?.seek(time_s));
    const follow = h(
      "button",
      { type: "button", class: "link", onclick: () => this.feed?.follow() },
      "Follow the run",
    );
    const record = h(
      "button",
      { type: "button", class: "button", onclick: () => send({ do: "record" }) },
      "Download the record",
    );
    const leave = h(
      "button",
      { type: "button", class: "button", "data-action": "another", onclick: () => this.leave() },
      "Another run",
    );
    this.going = h(
      "div",
      { class: "run-going", hidden: true },
      this.controls.element,
      this.closing,
      h("section", { class: "run-state" }, h("h3", {}, "The raid"), this.missiles, this.batteries),
      this.mishaps.element,
      this.log.element,
      h("div", { class: "run-ends" }, record, leave, follow),
    );
    this.element = h(
      "div",
      { class: "run" },
      h("h2", {}, "The shield at work"),
      this.told,
      this.wrong,
      this.form.element,
      this.recordField(),
      this.going,
    );
    this.show();
    store.subscribe((page, before) => {
      if (page.panel !== before.panel) this.turn(page.panel === "run");
      if (page.hidden !== before.hidden || page.shown !== before.shown) this.feed?.fold();
    });
  }

  /** A record of an earlier run, to be played. */
  private recordField(): HTMLElement {
    const input = h("input", { type: "file", accept: ".jsonl", onchange: () => void this.open(input) });
    return h(
      "div",
      { class: "run-record" },
      h("p", { class: "note" }, "Or play the record of a run, as midcourse run --out run.jsonl writes it:"),
      h("label", { class: "button file-button" }, "Open a record", input),
    );
  }

  private start(ask: OperationStart): void {
    this.leave();
    this.run.phase = "preparing";
    this.fault(null);
    this.channel.send(ask);
    this.show();
  }

  private hear(message: OperationMessage): void {
    const { run } = this;
    if (message.type === "czml" && this.early !== null) {
      this.early.push(message);
      return;
    }
    run.hear(message);
    switch (message.type) {
      case "header":
        void this.begin();
        break;
      case "czml":
        this.feed?.add(
          message.packets,
          message.time_s,
          marked(run.events),
          run.state?.speed ?? 1,
          run.phase === "running",
        );
        break;
      case "event":
        if (message.kind === "destroyed" || message.kind === "impact") announce(message.text ?? scoreOf(run));
        break;
      case "summary":
        announce(message.finding ?? "The run was stopped.");
        break;
      case "record":
        save(new Blob([message.text], { type: "application/jsonl" }), message.name);
        break;
      case "error":
        this.fault(message.message);
        if (run.header === null) run.phase = "idle";
        break;
      case "dropped":
        this.fault(message.message);
        break;
      default:
    }
    this.draw();
  }

  private async begin(): Promise<void> {
    const { globe } = this.stage;
    const { run } = this;
    this.stage.lend({ scene: null });
    this.stage.folders(FOLDERS);
    if (globe === null) return;
    const waiting: OperationMessage[] = [];
    this.early = waiting;
    const { Feed } = await import("./feed");
    if (this.run !== run) return;
    const feed = new Feed(
      globe,
      (folder, usual) => sees(this.store.page, folder, usual),
      (why) => this.fault(`The globe cannot draw the run: ${why}`),
    );
    this.feed = feed;
    this.early = null;
    for (const each of waiting) if (each.type === "czml") this.hear(each);
    globe.frame(placesOf(run));
  }

  /** The run is the page's as long as its panel is open: elsewhere the globe shows the flight. */
  private turn(open: boolean): void {
    const live = this.run.header !== null;
    if (!live && this.recorded === null) return;
    this.feed?.show(open);
    this.stage.lend(open ? { scene: this.recorded } : null);
    if (open && live) this.stage.folders(FOLDERS);
  }

  private lost(): void {
    if (this.run.phase === "idle" || this.run.phase === "over") return;
    this.run.phase = this.run.header === null ? "idle" : "over";
    this.fault("The connection to the server was lost, and the run with it.");
    this.draw();
  }

  /** Away with the run, to make room for another. */
  private leave(): void {
    this.channel.close();
    this.feed?.destroy();
    this.feed = null;
    this.early = null;
    this.recorded = null;
    this.run = new Run();
    this.log.clear();
    this.stage.lend(null);
    this.fault(null);
    this.show();
  }

  private async open(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = "";
    if (file === undefined) return;
    this.leave();
    text(this.told, "The run is made again from its record …");
    attribute(this.element, "aria-busy", "true");
    try {
      this.recorded = await openRecord(await file.text(), this.store.case.key);
      this.stage.lend({ scene: this.recorded });
      text(this.told, this.recorded.finding);
    } catch (error) {
      text(this.told, "");
      this.fault(error instanceof Error ? error.message : String(error));
    } finally {
      attribute(this.element, "aria-busy", null);
    }
  }

  private fault(words: string | null): void {
    this.wrong.hidden = words === null;
    text(this.wrong, words ?? "");
  }

  /** Shows the run, once a frame however many messages come. */
  private draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.show();
    });
  }

  private show(): void {
    const { run } = this;
    const { phase, header, summary } = run;
    attribute(this.element, "data-run", phase);
    const idle = phase === "idle" && header === null;
    this.form.element.hidden = !idle;
    for (const part of this.element.querySelectorAll<HTMLElement>(".run-record")) part.hidden = !idle;
    this.going.hidden = header === null;
    if (header === null) {
      const told = phase === "preparing" ? `Making ready: ${run.stage || "the raid"} …` : "";
      if (told !== "" || this.recorded === null) text(this.told, told);
      return;
    }
    text(this.told, scoreOf(run));
    this.controls.show(run);
    this.mishaps.show(run);
    this.mishaps.element.hidden = phase === "over";
    this.log.show(run.events, [...run.missiles.keys()]);
    fill(this.missiles, ...[...run.missiles.values()].map(missileOf));
    fill(
      this.batteries,
      ...header.batteries.map((each) =>
        batteryOf(each.title, run.left.get(each.name) ?? 0, each.interceptors),
      ),
    );
    fill(
      this.closing,
      summary?.finding !== undefined && h("p", { class: "run-finding" }, summary.finding),
      summary !== null && !summary.finished && h("p", { class: "note" }, "The run was stopped."),
      phase === "over" &&
        h(
          "code",
          { class: "command-text", tabindex: 0, "aria-label": "The same run on the command line" },
          header.command,
        ),
    );
  }
}

function missileOf(each: MissileLine): HTMLElement {
  const way = each.start === "" ? each.name : `${each.name}: ${each.start} → ${each.target}`;
  return h(
    "li",
    { "data-missile": each.name, "data-ended": each.ended },
    h("span", { class: "run-way" }, way),
    h("span", { class: "run-stage" }, each.stage, each.shots > 0 && ` (${counted(each.shots, "shot")})`),
  );
}

function batteryOf(title: string, left: number, all: number): HTMLElement {
  const bar = h("span", { class: "share-fill" });
  bar.style.inlineSize = `${all === 0 ? 0 : (100 * left) / all}%`;
  return h(
    "li",
    {},
    h("span", { class: "run-way" }, title),
    h(
      "span",
      { class: "share" },
      h("span", { class: "share-track", "aria-hidden": "true" }, bar),
      `${left} of ${all} left`,
    ),
  );
}

function placesOf(run: Run): { lat: number; lon: number }[] {
  const { header } = run;
  return [...(header?.sensors ?? []), ...(header?.batteries ?? [])].map((each) => ({
    lat: each.lat_deg,
    lon: each.lon_deg,
  }));
}
