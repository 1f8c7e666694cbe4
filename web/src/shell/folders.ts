/** The folders of a scene: packets that others are in. */

import type { SceneAnswer } from "../protocol";

export interface Folder {
  name: string;
  /** Whether it is shown unless the reader says otherwise. */
  usual: boolean;
}

export function foldersOf(scene: SceneAnswer | null): Folder[] {
  const packets = (scene?.czml ?? []).filter(isPacket);
  const parents = new Set(packets.flatMap(({ parent }) => parent ?? []));
  return [...parents].map((name) => {
    const packet = packets.find(({ id }) => id === name);
    return { name, usual: packet?.properties?.["shown"] !== false };
  });
}

interface Packet {
  id?: string;
  parent?: string;
  properties?: Record<string, unknown>;
}

function isPacket(packet: unknown): packet is Packet {
  return typeof packet === "object" && packet !== null;
}
