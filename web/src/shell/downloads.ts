/** What can be taken away: the changed dossier, the report, the map and the flight as data, the globe as a picture. */

import { post } from "../link";
import { layerAsk, sceneAsk } from "../state";
import type { PageStore } from "../store";
import { notice } from "./notices";
import { MenuItem, Popover } from "./popover";
import type { Stage } from "./stage";

interface Kind {
  name: string;
  label: string;
  told: string;
  ending: string;
}

const KINDS: readonly Kind[] = [
  {
    name: "dossier",
    label: "Dossier",
    told: "TOML files with your changes written in, zipped",
    ending: "zip",
  },
  { name: "report", label: "Report", told: "One page that opens offline", ending: "html" },
  { name: "png", label: "Picture", told: "The globe with its legend, PNG", ending: "png" },
  { name: "geojson", label: "Map as data", told: "GeoJSON, for any GIS", ending: "geojson" },
  { name: "czml", label: "Flight as data", told: "CZML, for Cesium and others", ending: "czml" },
];

export class Downloads {
  readonly popover: Popover;
  private readonly items = new Map<string, MenuItem>();

  constructor(
    private readonly store: PageStore,
    private readonly stage: Stage,
  ) {
    for (const kind of KINDS) {
      this.items.set(kind.name, new MenuItem(kind.name, kind.label, kind.told, () => this.get(kind)));
    }
    this.popover = new Popover(
      "downloads",
      "download",
      "Download",
      ...[...this.items.values()].map((each) => each.element),
    );
    store.subscribe(() => this.update());
    this.update();
  }

  /** Says of each whether there is anything to take away. */
  update(): void {
    const { page } = this.store;
    this.items
      .get("geojson")
      ?.able(page.quantity === null ? "There is no map: choose one above the globe" : null);
    this.items
      .get("czml")
      ?.able(page.flight === null ? "There is no flight: choose one above the globe" : null);
    const { failure } = this.stage;
    this.items.get("png")?.able(failure === null ? null : "The globe cannot be drawn in this browser");
  }

  private async get(kind: Kind): Promise<void> {
    const item = this.items.get(kind.name);
    item?.busy("Being made …");
    try {
      const { blob, name } = kind.name === "png" ? await this.picture() : await this.file(kind);
      save(blob, name);
      this.popover.close();
      notice("download", null);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      notice("download", { words: `${kind.label}: ${words}`, kind: "error" });
    } finally {
      item?.busy(null);
      this.update();
    }
  }

  private async picture(): Promise<{ blob: Blob; name: string }> {
    const picture = this.stage.picture();
    if (picture === null) throw new Error("the globe is not there yet.");
    return { blob: await picture, name: `${this.store.page.state.dossier}.png` };
  }

  private async file(kind: Kind): Promise<{ blob: Blob; name: string }> {
    const { page } = this.store;
    const response = await post(`api/downloads/${kind.name}`, {
      state: page.state,
      layer: layerAsk(page),
      scene: sceneAsk(page),
    });
    const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
    return { blob: await response.blob(), name: named ?? `${page.state.dossier}.${kind.ending}` };
  }
}

/** Has the browser keep a file. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
