/**
 * Numbers as people read them: no more digits than the published figures carry, always with a unit.
 *
 * The one place where a number becomes text for a reader; the command line's rules in output/numbers.py, with
 * three digits at most.
 */

export const NO_VALUE = "no value";
export const MINUS = "\u2212";
/** Between a number and its unit: keeps both on one line. */
export const NARROW_SPACE = "\u202f";

type Maybe = number | null | undefined;

const MOST_DIGITS = 3;
/** Units that lose their s beside a one. */
const COUNTED = new Set(["shots", "missiles", "flights", "targets"]);
const LARGEST_ROUNDED = 1e15;
/** A range is told in at least so many steps. */
const STEPS_IN_RANGE = 15;
/** Of the spread, what is told as zero. */
const NEXT_TO_NOTHING = 0.01;

/** Decimal places to show values with, the first of them the one that matters; negative rounds to tens and so on. */
export function decimals(...values: Maybe[]): number {
  const known = values.filter(isKnown);
  const largest = Math.max(0, ...known.map(Math.abs));
  if (largest === 0) return 0;
  const leading = magnitude(largest);
  let places = MOST_DIGITS - 1 - leading;
  const spread = Math.max(...known) - Math.min(...known);
  if (spread > largest * 1e-9) {
    places = -magnitude(spread / STEPS_IN_RANGE);
    const first = Math.abs(values[0] ?? 0);
    if (Number.isFinite(first) && first >= NEXT_TO_NOTHING * spread) {
      places = Math.max(places, 1 - magnitude(first));
    }
  }
  return Math.min(places, MOST_DIGITS - 1 - leading);
}

/** The power of ten of a positive number's first digit. */
export function magnitude(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

/** A number with the digits that its range allows, thousands separated: 8.63, 2,480, −12. */
export function significant(value: Maybe, low?: Maybe, high?: Maybe, places?: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE;
  if (!Number.isFinite(value)) return value > 0 ? "unbounded" : `${MINUS}unbounded`;
  if (Math.abs(value) >= LARGEST_ROUNDED) return scientific(value);
  const shown = places ?? decimals(value, low, high);
  const rounded = roundTo(value, shown);
  if (rounded !== 0 && (Math.abs(rounded) >= 1e7 || Math.abs(rounded) < 1e-4)) return scientific(rounded);
  const text = separated(Math.abs(rounded), Math.max(shown, 0));
  const alone = places === undefined && [low, high].every((end) => !isKnown(end) || end === value);
  return signed(rounded, alone ? withoutZeros(text) : text);
}

/** An input as its source prints it, without the rounding that is due to results: 16,202. */
export function asPublished(value: Maybe): string {
  if (!isKnown(value)) return significant(value);
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)) return scientific(value);
  const places = value === 0 ? 0 : Math.max(0, 5 - magnitude(Math.abs(value)));
  return signed(value, withoutZeros(separated(Math.abs(value), places)));
}

/** A value with its unit, in the digits its range allows: 8.63 km/s. */
export function amount(value: Maybe, unit: string, low?: Maybe, high?: Maybe, places?: number): string {
  return withUnit(significant(value, low, high, places), unit);
}

/** A range with its unit: 8.41 to 9.08 km/s. `near` is the value it surrounds and is written like. */
export function interval(low: number, high: number, unit: string, near?: Maybe): string {
  if (low === high) return amount(low, unit);
  const places = decimals(low, high, near);
  const [from, to] = [significant(low, null, null, places), significant(high, null, null, places)];
  return withUnit(from === to ? from : `${from} to ${to}`, unit);
}

/** A share of one in per cent; neither certainty nor impossibility is rounded into being. */
export function share(value: Maybe): string {
  if (!isKnown(value)) return NO_VALUE;
  if (value > 0 && value < 0.01) return `<1${NARROW_SPACE}%`;
  if (value > 0.99 && value < 1) return `>99${NARROW_SPACE}%`;
  return `${Math.round(100 * value)}${NARROW_SPACE}%`;
}

/** A range of shares: 94 to 99 %. */
export function shareInterval(low: number, high: number): string {
  const [from, to] = [share(low), share(high)];
  return from === to ? from : `${from.replace(`${NARROW_SPACE}%`, "")} to ${to}`;
}

/** A value of a figure, to a hundredth of the range that it stands in; two digits at least, for a range may be wide. */
export function within(value: number, unit: string, low?: Maybe, high?: Maybe): string {
  const most = value === 0 ? 0 : MOST_DIGITS - 1 - magnitude(Math.abs(value));
  if (!isKnown(low) || !isKnown(high) || low === high) return amount(value, unit, null, null, most);
  const fine = -magnitude(Math.abs(high - low) / 100);
  return amount(value, unit, null, null, Math.min(most, Math.max(fine, most - 1)));
}

/** A unit as it is printed: m², kg/m²; nothing for a bare number. */
export function unitName(unit: string): string {
  if (["1", "", "dimensionless", "count"].includes(unit)) return "";
  const shown = { deg: "°", degree: "°", percent: "%" }[unit] ?? unit;
  return shown
    .replaceAll(/\^-1/g, "⁻¹")
    .replaceAll(/(?:\^|\*\*)2/g, "²")
    .replaceAll(/(?:\^|\*\*)3/g, "³")
    .replaceAll("*", "·");
}

/** A number's text and its unit; an angle's sign stands close. */
export function withUnit(text: string, unit: string): string {
  const name = unitName(unit);
  if (name === "" || text === NO_VALUE) return text;
  if (name === "°") return `${text}${name}`;
  return `${text}${NARROW_SPACE}${text === "1" && COUNTED.has(name) ? name.slice(0, -1) : name}`;
}

/** So many of a thing: 1 shot, 2 shots. */
export function counted(number: number, noun: string): string {
  return `${separated(number, 0)} ${noun}${number === 1 ? "" : "s"}`;
}

/** A moment after launch: 12 min 30 s. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.trunc(whole / 60);
  const rest = Math.abs(whole % 60);
  return minutes === 0 ? `${whole}${NARROW_SPACE}s` : `${minutes}${NARROW_SPACE}min ${rest}${NARROW_SPACE}s`;
}

/** A place on the ground: 54.48° N, 17.1° E. */
export function place(lat: number, lon: number): string {
  const one = (value: number, positive: string, negative: string) =>
    `${withoutZeros(Math.abs(value).toFixed(2))}° ${value < 0 ? negative : positive}`;
  return `${one(lat, "N", "S")}, ${one(lon, "E", "W")}`;
}

/** A number as --set takes it: no separators, no more digits than a figure carries. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function scientific(value: number): string {
  const [mantissa = "", exponent = ""] = Math.abs(value).toExponential(2).split("e");
  const power = [...String(Number(exponent))]
    .map((each) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(each)])
    .join("");
  return signed(value, `${withoutZeros(mantissa)}×10${power}`);
}

function signed(value: number, text: string): string {
  return value < 0 ? `${MINUS}${text}` : text;
}

function separated(value: number, places: number): string {
  const [whole = "", fraction] = value.toFixed(places).split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function withoutZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A number rounded to so many decimals; negative ones round to tens, hundreds and so on. */
export function roundTo(value: number, places: number): number {
  if (places > 15) return value;
  const scale = 10 ** Math.abs(places);
  return places >= 0 ? Math.round(value * scale) / scale : Math.round(value / scale) * scale;
}

function isKnown(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}
