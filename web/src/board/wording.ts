/** Verdicts in words, the same in every place of the page. */

import type { Case, ClaimText, DecidedBy, Lever, Verdict, VerdictWord } from "../protocol";
import {
  amount,
  asPublished,
  counted,
  decimals,
  interval,
  NARROW_SPACE,
  roundTo,
  share,
  shareInterval,
  significant,
  within,
  withUnit,
} from "../shell/numbers";

export const VERDICTS: readonly VerdictWord[] = ["supported", "undecided", "refuted"];

const COMPARISONS: Record<string, string> = { ">=": "≥", ">": ">", "<=": "≤", "<": "<" };
const COMPARE: Record<string, (value: number, threshold: number) => boolean> = {
  ">=": (value, threshold) => value >= threshold,
  ">": (value, threshold) => value > threshold,
  "<=": (value, threshold) => value <= threshold,
  "<": (value, threshold) => value < threshold,
};
/** A change of probability that is worth telling. */
const LEAST_MOVE = 0.02;
/** A change of value that is worth telling, of what it was. */
const LEAST_SHIFT = 0.02;
const MOST_EXTRA_DIGITS = 4;

/** The test in short: ≥ 7.7 km/s. */
export function test(claim: ClaimText): string {
  return `${COMPARISONS[claim.holds] ?? claim.holds}${NARROW_SPACE}${withUnit(asPublished(claim.threshold), claim.unit)}`;
}

export function passes(claim: ClaimText, value: number): boolean {
  return COMPARE[claim.holds]?.(value, claim.threshold) ?? false;
}

/** The value with its unit; with a digit more where rounding would carry it across the threshold. */
export function valueText(claim: ClaimText, verdict: Verdict): string {
  const { value, low, high } = verdict;
  if (value === null || !Number.isFinite(value)) return amount(value, claim.unit);
  const usual = decimals(value, low, high);
  for (let places = usual; places < usual + MOST_EXTRA_DIGITS; places += 1) {
    if (passes(claim, roundTo(value, places)) !== passes(claim, value)) continue;
    return places === usual
      ? amount(value, claim.unit, low, high)
      : amount(value, claim.unit, null, null, places);
  }
  return amount(value, claim.unit, low, high);
}

/** The 5-95 % range; empty when the published ranges do not move the value. */
export function rangeText(claim: ClaimText, verdict: Verdict): string {
  const { value, low, high } = verdict;
  return low === null || high === null || low === high ? "" : interval(low, high, claim.unit, value);
}

/** In how many worlds it holds: holds in 96 % of 256 worlds. */
export function chanceText(verdict: Verdict): string {
  if (verdict.probability === null) return "not yet judged";
  return `holds in ${share(verdict.probability)} of ${counted(verdict.samples, "world")}`;
}

export function chanceInterval(verdict: Verdict): string {
  return verdict.probability_ci === null ? "" : shareInterval(...verdict.probability_ci);
}

/** Where the verdict turns along a figure that stands at a value: fails above 910 kg. Empty where it does not. */
export function turnText(
  decider: DecidedBy,
  holds: boolean | null,
  at: number | null,
  lever?: Lever,
): string {
  if (decider.flips_at === null) return "";
  const figure = within(decider.flips_at, decider.unit, lever?.low, lever?.high);
  if (holds === null || at === null || at === decider.flips_at) return `turns at ${figure}`;
  return `${holds ? "fails" : "holds"} ${at < decider.flips_at ? "above" : "below"} ${figure}`;
}

export interface Decides {
  lead: string;
  figure: string;
  /** Where the verdict turns along it; empty where it turns nowhere. */
  turn: string;
}

/** What decides a claim; or else what moves it most, or that nothing does. */
export function decidesText(
  verdict: Verdict,
  deciders: readonly DecidedBy[],
  figureAt: (path: string) => { lever: Lever; value: number | null } | null,
): Decides {
  const first = deciders.find((each) => each.flips_at !== null) ?? deciders[0];
  if (first === undefined) {
    const moved = verdict.low !== verdict.high;
    return {
      lead: "",
      figure: moved ? "no figure alone moves it much" : "nothing published moves it",
      turn: "",
    };
  }
  const found = figureAt(first.parameter);
  const turn = turnText(first, verdict.holds, found?.value ?? null, found?.lever);
  return { lead: turn === "" ? "moved most by" : "decided by", figure: uncapital(first.label), turn };
}

export interface Change {
  /** From what to what. */
  verdict: [VerdictWord, VerdictWord] | null;
  probability: [number, number] | null;
  value: [number, number] | null;
}

/** What has changed against the dossier's own figures; null where nothing worth telling. */
export function change(own: Verdict | undefined, now: Verdict | undefined): Change | null {
  if (own === undefined || now === undefined) return null;
  const verdict = own.verdict !== null && now.verdict !== null && own.verdict !== now.verdict;
  const moved = (from: number | null, to: number | null, least: number) =>
    from !== null && to !== null && Math.abs(to - from) > least;
  const probability = moved(own.probability, now.probability, verdict ? 0 : LEAST_MOVE);
  const value = moved(own.value, now.value, LEAST_SHIFT * Math.abs(own.value ?? 0));
  if (!verdict && !probability && !value) return null;
  return {
    verdict: verdict ? [own.verdict as VerdictWord, now.verdict as VerdictWord] : null,
    probability: probability ? [own.probability as number, now.probability as number] : null,
    value: value ? [own.value as number, now.value as number] : null,
  };
}

/** From one share to another in few letters: 96 → 41 %. */
export function shareChange(from: number, to: number): string {
  const [before, after] = [share(from), share(to)];
  return before === after ? after : `${before.replace(`${NARROW_SPACE}%`, "")} → ${after}`;
}

/** From one value to another, written alike: 94 → 20 %. */
export function valueChange(claim: ClaimText, from: number, now: Verdict): string {
  const places = decimals(now.value, from);
  const after = significant(now.value, null, null, places);
  const crossed =
    now.value !== null && passes(claim, roundTo(now.value, places)) !== passes(claim, now.value);
  return `${significant(from, null, null, places)} → ${crossed ? valueText(claim, now) : withUnit(after, claim.unit)}`;
}

/** What a reader who cannot see the board is told when it has settled: how many verdicts changed, and which. */
export function changesText(
  changed: readonly { claim: ClaimText; from: VerdictWord; to: VerdictWord }[],
): string {
  if (changed.length === 0) return "No verdict changed.";
  const named = changed
    .slice(0, 3)
    .map(({ claim, to }) => `“${claim.statement.replace(/\.$/, "")}” is now ${to}`);
  const rest = changed.length > 3 ? `; and ${changed.length - 3} more` : "";
  return `${counted(changed.length, "verdict")} changed: ${named.join("; ")}${rest}.`;
}

export interface Group {
  title: string;
  claims: ClaimText[];
}

/** Claims by what they are about: the flights in question, else the interceptor or the radar. In the dossier's order. */
export function bySubject(shown: Case): Group[] {
  return grouped(shown.claims, (claim) => subject(claim, shown));
}

export function byParty(shown: Case): Group[] {
  return grouped(shown.claims, (claim) => claim.party);
}

function subject(claim: ClaimText, shown: Case): string {
  const threat = shown.threats.find((each) => each.name === claim.threat);
  if (threat !== undefined) return threat.title;
  for (const architecture of shown.architectures) {
    const battery = architecture.batteries.find((each) => each.interceptor === claim.interceptor);
    if (battery !== undefined) return battery.title;
    const sensor = architecture.sensors.find((each) => each.radar === claim.radar);
    if (sensor !== undefined) return sensor.title;
  }
  return "Other";
}

function grouped(claims: readonly ClaimText[], titled: (claim: ClaimText) => string): Group[] {
  const groups = new Map<string, ClaimText[]>();
  for (const claim of claims) {
    const title = titled(claim);
    groups.set(title, [...(groups.get(title) ?? []), claim]);
  }
  return [...groups].map(([title, held]) => ({ title, claims: held }));
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A label inside a sentence; names that are written in capitals stay so. */
export function uncapital(words: string): string {
  return /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}
