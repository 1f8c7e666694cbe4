/** Labels that leave each other room: each goes beside its mark where there is a free place, or is left out. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A label to be placed beside the mark at (x, y); pixels. */
export interface Wish {
  key: string;
  x: number;
  y: number;
  /** How far the mark itself reaches. */
  radius: number;
  width: number;
  height: number;
  /** Who chooses first: the highest. */
  rank: number;
  /** Whether it is shown even where nothing is free. */
  must: boolean;
}

/** Where beside its mark a label stands: to the right (1) or left (-1), below (1) or above (-1), or in the middle. */
export type Side = readonly [across: -1 | 0 | 1, down: -1 | 0 | 1];
/** Best first. */
const SIDES: readonly Side[] = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
];
const GAP = 3;

function boxOf({ x, y, radius, width, height }: Wish, [across, down]: Side): Box {
  // At a corner a label may come nearer, as the mark is round.
  const off = across !== 0 && down !== 0 ? 0.7 * radius + GAP : radius + GAP;
  const left = x + across * (off + width / 2) - width / 2;
  const top = y + down * (off + height / 2) - height / 2;
  return { left, top, right: left + width, bottom: top + height };
}

const meets = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const lies = (box: Box, { left, top, right, bottom }: Box) =>
  box.left >= left && box.top >= top && box.right <= right && box.bottom <= bottom;

/**
 * Where each label goes, by its key. `page` is where there is room at all, and `taken` what no label may cover;
 * `before` is where labels stood last, which is tried first, so that they do not jump.
 */
export function placeLabels(
  wishes: Wish[],
  page: Box,
  taken: Box[],
  before: Map<string, Side>,
): Map<string, [Side, Box]> {
  const placed = new Map<string, [Side, Box]>();
  const full = [...taken];
  for (const wish of [...wishes].sort((a, b) => b.rank - a.rank)) {
    const last = before.get(wish.key);
    const order = last === undefined ? SIDES : [last, ...SIDES.filter((side) => side !== last)];
    const within = order.filter((side) => lies(boxOf(wish, side), page));
    const free = within.find((side) => !full.some((box) => meets(box, boxOf(wish, side))));
    const side = free ?? (wish.must ? (within[0] ?? order[0]) : undefined);
    if (side === undefined) continue;
    const box = boxOf(wish, side);
    full.push(box);
    placed.set(wish.key, [side, box]);
  }
  return placed;
}
