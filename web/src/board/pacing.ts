/** How often the newest of many wishes is sent: soon, but no sooner than the one before was first answered. */

const SOON_MS = 40;
const PATIENCE_MS = 2500;

export class Pacing<T> {
  private wanted: { what: T } | null = null;
  private timer: number | null = null;
  private sentAt: number | null = null;

  constructor(private readonly send: (what: T) => void) {}

  /** Have this sent in place of what was wanted before. */
  want(what: T): void {
    this.wanted = { what };
    this.timer ??= window.setTimeout(() => this.go(), SOON_MS);
  }

  /** What was sent last has been answered for the first time, or never will be. */
  answered(): void {
    this.sentAt = null;
    if (this.wanted !== null && this.timer === null) this.go();
  }

  private go(): void {
    this.timer = null;
    if (this.wanted === null) return;
    const left = this.sentAt === null ? 0 : this.sentAt + PATIENCE_MS - Date.now();
    if (left > 0) {
      this.timer = window.setTimeout(() => this.go(), left);
      return;
    }
    const { what } = this.wanted;
    this.wanted = null;
    this.sentAt = Date.now();
    this.send(what);
  }
}
