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

/** Where beside its mark a label stands, best first. */
export type Side = "right" | "left" | "above" | "below";
const SIDES: readonly Side[] = ["right", "left", "above", "below"];
const GAP = 3;

function boxOf(wish: Wish, side: Side): Box {
  const { x, y, width, height } = wish;
  const off = wish.radius + GAP;
  const left = side === "right" ? x + off : side === "left" ? x - off - width : x - width / 2;
  const top = side === "above" ? y - off - height : side === "below" ? y + off : y - height / 2;
  return { left, top, right: left + width, bottom: top + height };
}

const meets = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Where each label goes, by its key. `taken` is what no label may cover; `before` is where labels stood last,
 * which is tried first, so that they do not jump.
 */
export function placeLabels(
  wishes: Wish[],
  taken: Box[],
  before: Map<string, Side>,
): Map<string, [Side, Box]> {
  const placed = new Map<string, [Side, Box]>();
  const full = [...taken];
  for (const wish of [...wishes].sort((a, b) => b.rank - a.rank)) {
    const last = before.get(wish.key);
    const order = last === undefined ? SIDES : [last, ...SIDES.filter((side) => side !== last)];
    const free = order.find((side) => !full.some((box) => meets(box, boxOf(wish, side))));
    const side = free ?? (wish.must ? order[0] : undefined);
    if (side === undefined) continue;
    const box = boxOf(wish, side);
    full.push(box);
    placed.set(wish.key, [side, box]);
  }
  return placed;
}
