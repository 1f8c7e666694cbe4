/** What a notebook's widget and its view share (src/midcourse/notebook/widget.py), and how. */

import type { SiteMark } from "../globe";
import type { Layer, SceneAnswer, VerdictWord } from "../protocol";

/** A claim with its verdict, in the words of the report. */
export interface ClaimLine {
  id: string;
  statement: string;
  party: string;
  verdict: VerdictWord;
  probability: number;
  probability_ci: [number, number];
  chance: string;
  value: string;
  test: string;
  decides: string;
}

export interface State {
  /** What it is about, for those who do not see it. */
  _title: string;
  _layer: Layer | null;
  _scene: SceneAnswer | null;
  _claims: ClaimLine[] | null;
  _marks: SiteMark[];
  /** What is to be in sight. */
  _frame: [lat: number, lon: number][];
  /** In pixels. */
  height: number;
  time_s: number;
  playing: boolean;
  speed: number;
  selected: string | null;
  moved: [site: string, lat: number, lon: number] | null;
}

/** The model that anywidget gives, which front ends make each in their own way. */
export interface Model {
  get<K extends keyof State>(name: K): State[K];
  set<K extends keyof State>(name: K, value: State[K]): void;
  save_changes(): void;
  on(event: `change:${keyof State}`, hear: () => void): void;
  off(event: `change:${keyof State}`, hear: () => void): void;
}

export interface Context {
  model: Model;
  el: HTMLElement;
}

/** Undoes what a view did. */
export type Close = () => void;
