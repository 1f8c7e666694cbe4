/** Asking the server whatever the page has come to need, and handing on what it answers. */

import type { Link } from "../link";
import type { AnswerBody, AskBody, Layer, LayerAsk, SceneAnswer, SceneAsk, State } from "../protocol";
import { isOwn, layerAsk, type Page, sceneAsk, stateKey } from "../state";
import type { PageStore } from "../store";
import { Pacing } from "./pacing";
import type { Progress, Results } from "./results";

export type Side = "left" | "right";

export interface Fault {
  message: string;
  where: string | null;
  path: string | null;
}

/** So many claims can be asked to be answered first. */
const MOST_FIRST = 8;

/** Whoever shows what was answered. */
export interface Shows {
  layer(side: Side, layer: Layer | null, final: boolean): void;
  scene(side: Side, scene: SceneAnswer | null): void;
  /** What a topic is at; null when it is done. */
  progress(topic: string, progress: Progress | null): void;
  /** Something could not be answered; null when it can again. */
  fault(topic: string, fault: Fault | null, state: State): void;
}

export class Asking {
  private readonly paces = new Map<string, Pacing<() => void>>();
  private readonly asked = new Map<string, string>();
  private globe = false;

  constructor(
    private readonly link: Link,
    private readonly store: PageStore,
    private readonly results: Results,
    private readonly shows: Shows,
    /** Claims that are in sight, to be answered first. */
    private readonly inSight: () => string[],
  ) {
    store.subscribe(() => this.follow());
  }

  /** Ask what the page needs and was not asked yet. */
  follow(): void {
    const { page } = this.store;
    if (!isOwn(page.state) && this.results.own.size === 0) this.askOwn(page.state.dossier);
    if (this.want("board", stateKey(page.state), () => this.askBoard())) this.results.begin();
    const key = page.claim && JSON.stringify([page.claim, stateKey(page.state)]);
    this.want("claim", key, () => this.askClaim());
    if (this.globe) this.followGlobe(page);
  }

  /** From now on there is a globe to ask layers and scenes for. */
  withGlobe(): void {
    this.globe = true;
    this.follow();
  }

  /** Ask again, whatever was answered before: the board after the server was lost, or what failed. */
  again(topic = "board"): void {
    this.asked.delete(topic);
    this.follow();
  }

  private followGlobe(page: Page): void {
    const layer = layerAsk(page);
    const scene = sceneAsk(page);
    const { split } = page;
    this.wantLayer("left", page.state, layer);
    this.wantScene("left", page.state, scene);
    this.wantLayer(
      "right",
      page.state,
      split === null || layer === null ? null : { ...layer, architecture: split },
    );
    this.wantScene(
      "right",
      page.state,
      split === null || scene === null ? null : { ...scene, architecture: split },
    );
  }

  /** Has something sent on a topic, unless it was sent already; nothing wanted cancels the topic. */
  private want(topic: string, key: string | null, send: () => void): boolean {
    if (this.asked.get(topic) === (key ?? undefined)) return false;
    if (key === null) {
      this.asked.delete(topic);
      this.pace(topic).want(() => this.link.cancel(topic));
      this.shows.progress(topic, null);
      this.shows.fault(topic, null, this.store.page.state);
      return true;
    }
    this.asked.set(topic, key);
    this.pace(topic).want(send);
    return true;
  }

  private pace(topic: string): Pacing<() => void> {
    let pace = this.paces.get(topic);
    if (pace === undefined) {
      pace = new Pacing((send) => send());
      this.paces.set(topic, pace);
    }
    return pace;
  }

  private askOwn(dossier: string): void {
    const state = { dossier, viewpoint: null, set: {} };
    if (this.asked.has("own")) return;
    this.asked.set("own", "");
    this.link.ask("own", { ask: "board", state, first: this.first() }, (answer) => {
      if (answer.type === "verdicts") this.results.hearOwn(answer.verdicts);
      if (answer.type === "baseline") this.results.hearBaseline(answer.baseline);
    });
  }

  private askBoard(): void {
    const { state } = this.store.page;
    this.results.await();
    this.send("board", { ask: "board", state, first: this.first() }, state, (answer) => {
      // The page may have moved on, and not asked again yet.
      const current = stateKey(this.store.page.state) === stateKey(state);
      if (answer.type === "verdicts") {
        if (isOwn(state)) this.results.hearOwn(answer.verdicts);
        this.results.hear(answer.verdicts, answer.unaffected, answer.final && current);
      } else if (answer.type === "baseline") this.results.hearBaseline(answer.baseline);
      else if (answer.type === "progress") this.results.hearProgress(answer);
      else if (current && (answer.type === "error" || answer.type === "done")) this.results.stop();
    });
  }

  /** The open claim and those in sight. */
  private first(): string[] {
    const { claim } = this.store.page;
    return [...new Set([...(claim === null ? [] : [claim]), ...this.inSight()])].slice(0, MOST_FIRST);
  }

  private askClaim(): void {
    const { state, claim } = this.store.page;
    if (claim === null) return;
    this.send("claim", { ask: "claim", state, claim }, state, (answer) => {
      if (answer.type === "told") this.results.hearTold(state, answer.told, answer.final);
    });
  }

  private wantLayer(side: Side, state: State, layer: LayerAsk | null): void {
    const topic = `layer:${side}`;
    const key = layer && JSON.stringify([layer, stateKey(state)]);
    const changed = this.want(topic, key, () => {
      if (layer === null) return;
      this.send(topic, { ask: "layer", state, layer }, state, (answer) => {
        if (answer.type === "layer") this.shows.layer(side, answer.layer, answer.final);
      });
    });
    if (changed && layer === null) this.shows.layer(side, null, true);
  }

  private wantScene(side: Side, state: State, scene: SceneAsk | null): void {
    const topic = `scene:${side}`;
    const key = scene && JSON.stringify([scene, stateKey(state)]);
    const changed = this.want(topic, key, () => {
      if (scene === null) return;
      this.send(topic, { ask: "scene", state, scene }, state, (answer) => {
        if (answer.type === "scene") this.shows.scene(side, answer.scene);
      });
    });
    if (changed && scene === null) this.shows.scene(side, null);
  }

  /** Sends an ask, and tells its progress and its faults wherever they are shown. */
  private send(topic: string, body: AskBody, state: State, hear: (answer: AnswerBody) => void): void {
    this.shows.progress(topic, { stage: "", done: 0, total: 0, left_s: null });
    this.link.ask(topic, body, (answer) => {
      if (answer.type !== "progress") this.pace(topic).answered();
      if (answer.type === "progress") this.shows.progress(topic, answer);
      if (answer.type === "error") this.shows.fault(topic, answer, state);
      else if (answer.type !== "progress") this.shows.fault(topic, null, state);
      if (answer.type === "error" || answer.type === "done") this.shows.progress(topic, null);
      hear(answer);
    });
  }
}
