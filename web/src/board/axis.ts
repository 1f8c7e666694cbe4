/** Axes of small charts: where a value lies on one, and round numbers along it. */

export interface Axis {
  /** Where a value lies, in px. */
  at(value: number): number;
  ticks: number[];
}

/** An axis from one value to another over a length; values between ticks are round numbers. */
export function axis(low: number, high: number, from: number, to: number, most = 5): Axis {
  const span = high - low || 1;
  return { at: (value) => from + ((value - low) / span) * (to - from), ticks: round(low, high, most) };
}

/** One on which equal ratios are equally far apart. */
export function logAxis(low: number, high: number, from: number, to: number): Axis {
  const line = axis(Math.log(low), Math.log(high), from, to);
  return { at: (value) => line.at(Math.log(value)), ticks: decades(low, high) };
}

/** Round numbers within two ends, no more than so many. */
export function round(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + 1e-9 * step; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return ticks;
}

function decades(low: number, high: number): number[] {
  const found: number[] = [];
  for (const steps of [[1], [1, 3], [1, 2, 5]]) {
    found.length = 0;
    for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
      found.push(...steps.map((each) => each * power).filter((each) => each >= low && each <= high));
    }
    if (found.length >= 3) break;
  }
  return found.map((each) => Number(each.toPrecision(6)));
}

/** Whether values grow by an even factor rather than by an even step. */
export function geometric(values: readonly number[]): boolean {
  const [first, second, third] = values;
  const last = values.at(-1);
  if (first === undefined || second === undefined || third === undefined || last === undefined) return false;
  if (first <= 0 || last / first < 4) return false;
  return Math.abs(second / first - third / second) < Math.abs(second - first - (third - second)) / first;
}
