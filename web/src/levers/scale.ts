/** A slider's positions, and the figures that they stand for. */

/** From so many times the least on, equal ratios are equally far apart. */
const LOGARITHMIC = 30;
const FEWEST = 40;
const MOST = 1000;
const USUAL = 200;

export class Scale {
  /** Positions are whole numbers from 0 to this. */
  readonly positions: number;
  private readonly logarithmic: boolean;

  constructor(
    readonly low: number,
    readonly high: number,
    private readonly step: number | null,
  ) {
    this.logarithmic = low > 0 && high / low >= LOGARITHMIC;
    const steps = step === null || step <= 0 ? USUAL : Math.round((high - low) / step);
    this.positions = this.logarithmic
      ? USUAL
      : Math.min(MOST, Math.max(steps < FEWEST && step !== null ? steps : FEWEST, steps));
  }

  /** How far along a figure lies, from 0 to 1. */
  share(value: number): number {
    const [low, high, at] = this.logarithmic
      ? [Math.log(this.low), Math.log(this.high), Math.log(Math.max(value, this.low))]
      : [this.low, this.high, value];
    return Math.min(1, Math.max(0, (at - low) / (high - low)));
  }

  position(value: number): number {
    return Math.round(this.share(value) * this.positions);
  }

  /** The figure at a position; both ends are exact. */
  value(position: number): number {
    if (position <= 0) return this.low;
    if (position >= this.positions) return this.high;
    const share = position / this.positions;
    if (this.logarithmic) return Number((this.low * (this.high / this.low) ** share).toPrecision(3));
    const value = this.low + share * (this.high - this.low);
    if (this.step === null || this.step <= 0) return Number(value.toPrecision(3));
    // On round multiples of the step, wherever the range begins.
    return Number((Math.round(value / this.step) * this.step).toPrecision(6));
  }
}
