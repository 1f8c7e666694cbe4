/** Where a lever stands: at the dossier's figure, at that of a viewpoint, or at the reader's own. */

import type { Case, Lever, State } from "../protocol";
import { amount, asPublished, plain, withUnit } from "../shell/numbers";

export interface Figure {
  lever: Lever;
  /** As a number in the lever's unit; null for choices, and for what is written in another unit. */
  value: number | null;
  /** As it is shown: 840 kg. */
  text: string;
  by: "dossier" | "viewpoint" | "reader";
}

export function leverOf(shown: Case, path: string): Lever | undefined {
  return shown.levers.find((each) => each.path === path);
}

export function figureOf(lever: Lever, shown: Case, state: State): Figure {
  const own = state.set[lever.path];
  if (own !== undefined) return imposed(lever, own, "reader");
  const views = shown.viewpoints.find((each) => each.name === state.viewpoint)?.set[lever.path];
  if (views !== undefined) return imposed(lever, views, "viewpoint");
  return published(lever);
}

/** Where a figure stands without what the reader imposes on it. */
export function baseOf(lever: Lever, shown: Case, state: State): Figure {
  const { [lever.path]: _, ...set } = state.set;
  return figureOf(lever, shown, { ...state, set });
}

function imposed(lever: Lever, written: string, by: Figure["by"]): Figure {
  if (lever.kind === "choice") return { lever, value: null, text: labelOf(lever, written), by };
  const value = numberIn(written, lever.unit);
  return { lever, value, text: value === null ? written : withUnit(asPublished(value), lever.unit), by };
}

function published(lever: Lever): Figure {
  if (typeof lever.value === "string") {
    return { lever, value: null, text: labelOf(lever, lever.value), by: "dossier" };
  }
  return { lever, value: lever.value, text: withUnit(asPublished(lever.value), lever.unit), by: "dossier" };
}

function labelOf(lever: Lever, value: string): string {
  return lever.options.find((each) => each.value === value)?.label ?? value;
}

/** The number of a figure that is written in that unit; null when it is written otherwise. */
export function numberIn(written: string, unit: string): number | null {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i.exec(written.trim());
  if (found === null || found[2] !== bare(unit)) return null;
  return Number(found[1]);
}

/** A figure as --set takes it: 840 kg. */
export function written(value: number, unit: string): string {
  return bare(unit) === "" ? plain(value) : `${plain(value)} ${unit}`;
}

/** What a reader typed, as --set takes it: a bare number gets the lever's unit, all else goes as it is. */
export function typed(words: string, lever: Lever): string {
  const number = numberIn(
    words
      .trim()
      .replaceAll(/[,\u202f]/g, "")
      .replaceAll("\u2212", "-"),
    "",
  );
  return number === null ? words.trim() : written(number, lever.unit);
}

export function rangeOf(lever: Lever): string {
  if (lever.low === null || lever.high === null) return "";
  return `${amount(lever.low, "")} to ${withUnit(asPublished(lever.high), lever.unit)}`;
}

function bare(unit: string): string {
  return unit === "1" || unit === "dimensionless" ? "" : unit;
}
