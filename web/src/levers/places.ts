/** Where sites stand: each that can be moved, with its coordinates, the way back, and whether it was moved. */

import type { SiteText } from "../protocol";
import { attribute, freshId, h, text } from "../shell/dom";
import { icon } from "../shell/icons";
import { place, plain } from "../shell/numbers";
import { withFigures } from "../state";
import type { PageStore } from "../store";
import { numberIn } from "./figures";

export interface Standing {
  lat: number;
  lon: number;
  moved: boolean;
}

/** Where a site stands under the page's figures. */
export function standingOf(site: SiteText, set: Record<string, string>): Standing {
  const lat = numberIn(set[site.lat_path] ?? "", "deg");
  const lon = numberIn(set[site.lon_path] ?? "", "deg");
  return { lat: lat ?? site.lat, lon: lon ?? site.lon, moved: lat !== null || lon !== null };
}

/** A site's coordinates as figures to impose; back where it was, none. */
export function movedTo(site: SiteText, lat: number, lon: number): Record<string, string | null> {
  const degrees = (value: number, own: number) =>
    Math.abs(value - own) < 5e-4 ? null : `${plain(Number(value.toFixed(3)))} deg`;
  return { [site.lat_path]: degrees(lat, site.lat), [site.lon_path]: degrees(lon, site.lon) };
}

export class Places {
  readonly element: HTMLElement;
  private readonly rows: PlaceRow[];

  constructor(store: PageStore) {
    this.rows = Object.values(store.case.sites)
      .filter((each) => each.movable)
      .map((each) => new PlaceRow(each, store));
    this.element = h("div", { class: "places" }, ...this.rows.map((each) => each.element));
    this.show();
  }

  show(): void {
    for (const row of this.rows) row.show();
  }
}

class PlaceRow {
  readonly element: HTMLElement;
  private readonly lat: HTMLInputElement;
  private readonly lon: HTMLInputElement;
  private readonly reset: HTMLButtonElement;
  private readonly wrong = h("p", { class: "lever-wrong", role: "alert", hidden: true });

  constructor(
    private readonly site: SiteText,
    private readonly store: PageStore,
  ) {
    this.lat = this.box("Latitude");
    this.lon = this.box("Longitude");
    this.reset = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Move back: ${site.title}`,
        title: `Back to ${place(site.lat, site.lon)}`,
        onclick: () => this.move(site.lat, site.lon),
      },
      icon("reset"),
    );
    this.element = h(
      "div",
      { class: "lever place", "data-lever": `site.${site.name}`, role: "group", "aria-label": site.title },
      h(
        "div",
        { class: "lever-head" },
        h("span", { class: "lever-label" }, site.title),
        h("span", { class: "place-uses" }, site.uses.join(", ")),
      ),
      h(
        "div",
        { class: "lever-line" },
        this.lat,
        h("span", {}, "°N"),
        this.lon,
        h("span", {}, "°E"),
        this.reset,
      ),
      this.wrong,
    );
  }

  show(): void {
    const { lat, lon, moved } = standingOf(this.site, this.store.page.state.set);
    attribute(this.element, "data-by", moved ? "reader" : "dossier");
    this.reset.hidden = !moved;
    if (document.activeElement !== this.lat) this.lat.value = plain(Number(lat.toFixed(3)));
    if (document.activeElement !== this.lon) this.lon.value = plain(Number(lon.toFixed(3)));
  }

  private box(name: string): HTMLInputElement {
    return h("input", {
      id: freshId("place"),
      class: "lever-box",
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-label": `${name} of ${this.site.title}, degrees`,
      onchange: () => this.types(),
    });
  }

  private types(): void {
    const [lat, lon] = [Number(this.lat.value), Number(this.lon.value)];
    const sound = Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    this.wrong.hidden = sound;
    text(this.wrong, sound ? "" : "Latitudes run from −90 to 90 degrees, longitudes from −180 to 180.");
    if (sound) this.move(lat, lon);
  }

  private move(lat: number, lon: number): void {
    this.store.changeState(withFigures(this.store.page.state, movedTo(this.site, lat, lon)));
  }
}
