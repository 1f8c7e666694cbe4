/** What the globe shows: the map and its architecture, the flight, the parts of its scene, and a second globe. */

import type { Case, QuantityName } from "../protocol";
import { type Page, sees, withFolder } from "../state";
import type { PageStore } from "../store";
import { attribute, fill, freshId, h } from "./dom";
import { ChoiceField, named, titled } from "./fields";
import type { Folder } from "./folders";
import { icon } from "./icons";
import { Popover } from "./popover";

/** Quantities that are looked up at a height. */
const AT_HEIGHT: readonly string[] = ["seen", "reach"];

const FOLDERS: Record<string, string> = {
  fans: "Radar fans",
  coverage: "Reach of interceptors",
  radars: "Radars",
  batteries: "Interceptor sites",
  places: "Launch places and targets",
  missiles: "Missiles",
  interceptors: "Interceptors",
  beliefs: "What command and control believes",
  looks: "Which radar holds what",
};

export class Toolbar {
  readonly element: HTMLElement;
  private readonly map: MapControls;
  private readonly flight: FlightControls;
  private readonly folders = h("div", { class: "checks" });
  private readonly show = new Popover("show", "eye", "Show", this.folders);
  private shown: readonly Folder[] = [];
  private readonly left: ArchitectureField;
  private readonly right: ArchitectureField;
  private readonly split: HTMLButtonElement;

  constructor(private readonly store: PageStore) {
    this.map = new MapControls(store);
    this.flight = new FlightControls(store);
    this.left = new ArchitectureField("Architecture", store, (name) =>
      store.change({ architecture: name, battery: null }),
    );
    this.right = new ArchitectureField("Architecture on the second globe", store, (name) =>
      store.change({ split: name }),
    );
    const alone = store.case.architectures.length < 2;
    this.split = h(
      "button",
      {
        type: "button",
        class: "button",
        "data-action": "split",
        "aria-disabled": alone && "true",
        "aria-label": "Compare on two globes",
        title: alone
          ? "This dossier has one architecture"
          : "Two globes, each with an architecture of its own",
        onclick: () => this.splits(),
      },
      icon("split"),
      h("span", { class: "button-words" }, "Compare"),
    );
    this.element = h(
      "div",
      { class: "toolbar", role: "group", "aria-label": "What the globe shows" },
      this.left.element,
      this.right.element,
      this.map.popover.element,
      this.flight.popover.element,
      this.show.element,
      this.split,
    );
    this.show.label("Show", "Show or hide parts of the flight");
    this.scene([]);
    this.update(store.page);
    store.subscribe((page) => this.update(page));
  }

  /** The folders that the scene on the globe has. */
  scene(folders: readonly Folder[]): void {
    const { store } = this;
    this.shown = folders;
    const known = Object.entries(FOLDERS).flatMap(([name, title]) => {
      const folder = folders.find((each) => each.name === name);
      return folder === undefined ? [] : [{ ...folder, title }];
    });
    if (known.length === 0) {
      fill(
        this.folders,
        h("p", { class: "note" }, "There is no flight on the globe: choose one under Flight."),
      );
      return;
    }
    const boxes = known.map(({ name, usual, title }) => {
      const box = h("input", {
        type: "checkbox",
        "data-folder": name,
        onchange: () => store.change(withFolder(store.page, name, box.checked, usual)),
      });
      box.checked = sees(store.page, name, usual);
      return h("label", { class: "check" }, box, title);
    });
    fill(this.folders, ...boxes);
  }

  private update(page: Page): void {
    this.map.update(page);
    this.flight.update(page);
    this.left.show(page.architecture);
    this.right.show(page.split);
    this.right.element.hidden = page.split === null;
    attribute(this.split, "aria-pressed", String(page.split !== null));
    for (const box of this.folders.querySelectorAll<HTMLInputElement>("input")) {
      const folder = this.shown.find((each) => each.name === box.dataset["folder"]);
      if (folder !== undefined) box.checked = sees(page, folder.name, folder.usual);
    }
  }

  private splits(): void {
    const { page, case: shown } = this.store;
    if (this.split.getAttribute("aria-disabled") === "true") return;
    if (page.split !== null) this.store.change({ split: null });
    else {
      const claim = shown.claims.find((each) => each.id === page.claim);
      const others = shown.architectures.filter((each) => each.name !== page.architecture);
      const wanted = [page.against, claim?.baseline].find((name) =>
        others.some((each) => each.name === name),
      );
      const other = wanted ?? others.find((each) => each.acts)?.name ?? others[0]?.name;
      if (other !== undefined) this.store.change({ split: other });
    }
  }
}

class ArchitectureField {
  readonly element: HTMLLabelElement;
  private readonly select: HTMLSelectElement;

  constructor(name: string, store: PageStore, choose: (name: string) => void) {
    this.select = h(
      "select",
      { "aria-label": name, title: name, onchange: () => choose(this.select.value) },
      ...store.case.architectures.map((each) => h("option", { value: each.name }, each.title)),
    );
    this.element = h("label", { class: "toolbar-architecture" }, this.select);
  }

  show(name: string | null): void {
    if (name !== null) this.select.value = name;
  }
}

class MapControls {
  readonly popover: Popover;
  private readonly radios: HTMLInputElement[] = [];
  private readonly against: ChoiceField;
  private readonly threat: ChoiceField;
  private readonly launch: ChoiceField;
  private readonly region: ChoiceField;
  private readonly battery: ChoiceField;
  private readonly altitude: HTMLInputElement;
  private readonly altitudeField: HTMLElement;

  constructor(private readonly store: PageStore) {
    const name = freshId("quantity");
    const { quantities } = store.case;
    this.against = new ChoiceField("Compared with", "nothing: the map itself", (against) =>
      store.change({ against }),
    );
    this.threat = new ChoiceField("Threat", null, (threat) => store.change({ threat, launches: [] }));
    this.launch = new ChoiceField("Launched from", "all its launch places", (from) =>
      store.change({ launches: from === null ? [] : [from] }),
    );
    this.region = new ChoiceField("Region", "as the threat suggests", (region) => store.change({ region }));
    this.battery = new ChoiceField("Interceptors of", "all sites", (battery) => store.change({ battery }));
    this.altitude = h("input", {
      type: "text",
      inputmode: "decimal",
      placeholder: "usual",
      onchange: () => {
        const km = Number(this.altitude.value);
        store.change({ altitude_km: this.altitude.value.trim() !== "" && km > 0 ? km : null });
      },
    });
    this.altitudeField = h(
      "label",
      { class: "field" },
      h("span", { class: "field-name" }, "Height, km"),
      this.altitude,
    );
    this.popover = new Popover(
      "map",
      "layers",
      "Map",
      h(
        "fieldset",
        { class: "choices" },
        h("legend", {}, "What the map shows"),
        this.quantity(name, "", "No map", ""),
        ...quantities.map((each) => this.quantity(name, each.name, each.title, each.help)),
      ),
      h(
        "div",
        { class: "fields" },
        this.against.element,
        this.threat.element,
        this.launch.element,
        this.battery.element,
        this.region.element,
        this.altitudeField,
      ),
    );
  }

  update(page: Page): void {
    const shown = this.store.case;
    const quantity = shown.quantities.find((each) => each.name === page.quantity);
    for (const radio of this.radios) radio.checked = radio.value === (page.quantity ?? "");
    const title = quantity?.title ?? "No map";
    this.popover.label(title, `Map: ${title}`);
    const others = shown.architectures.filter((each) => each.name !== page.architecture);
    this.against.show(page.quantity === null || page.split !== null ? [] : titled(others), page.against);
    this.threat.show(titled(shown.threats), page.threat);
    this.launch.show(
      named(shown.threats.find((each) => each.name === page.threat)?.launches ?? []),
      page.launches[0] ?? null,
    );
    this.region.show(titled(shown.regions), page.region);
    const batteries = shown.architectures.find((each) => each.name === page.architecture)?.batteries ?? [];
    this.battery.show(batteries.length > 1 ? sitesOf(batteries, shown) : [], page.battery);
    this.altitudeField.hidden = page.quantity === null || !AT_HEIGHT.includes(page.quantity);
    if (document.activeElement !== this.altitude) this.altitude.value = page.altitude_km?.toString() ?? "";
  }

  private quantity(name: string, value: QuantityName | "", title: string, help: string): HTMLElement {
    const radio = h("input", {
      type: "radio",
      name,
      value,
      onchange: () => this.store.change({ quantity: value === "" ? null : value }),
    });
    this.radios.push(radio);
    return h(
      "label",
      { class: "choice" },
      radio,
      h(
        "span",
        {},
        h("span", { class: "choice-title" }, title),
        help !== "" && h("span", { class: "choice-told" }, help),
      ),
    );
  }
}

class FlightControls {
  readonly popover: Popover;
  private readonly threat: ChoiceField;
  private readonly missile: ChoiceField;
  private readonly launch: ChoiceField;
  private readonly target: ChoiceField;

  constructor(private readonly store: PageStore) {
    this.threat = new ChoiceField("Threat", "no flight", (threat) => this.choose(threat));
    this.missile = new ChoiceField("Missile", null, (missile) => this.change({ missile }));
    this.launch = new ChoiceField("From", null, (launch) => launch !== null && this.change({ launch }));
    this.target = new ChoiceField("To", null, (target) => target !== null && this.change({ target }));
    this.popover = new Popover(
      "flight",
      "flight",
      "Flight",
      h(
        "div",
        { class: "fields" },
        this.threat.element,
        this.missile.element,
        this.launch.element,
        this.target.element,
      ),
    );
  }

  update(page: Page): void {
    const { threats } = this.store.case;
    const { flight } = page;
    const threat = threats.find((each) => each.name === flight?.threat);
    const words = flight === null ? "No flight" : `${flight.launch} → ${flight.target}`;
    this.popover.label(words, `Flight: ${words}`);
    this.threat.show(titled(threats), flight?.threat ?? null);
    const missiles = threat?.missiles ?? [];
    this.missile.show(
      missiles.length > 1 ? missiles.map((each) => ({ value: each, label: each })) : [],
      flight?.missile ?? missiles[0] ?? null,
    );
    this.launch.show(named(threat?.launches ?? []), flight?.launch ?? null);
    this.target.show(named(threat?.targets ?? []), flight?.target ?? null);
  }

  private change(patch: Partial<NonNullable<Page["flight"]>>): void {
    const { flight } = this.store.page;
    if (flight !== null) this.store.change({ flight: { ...flight, ...patch }, time_s: null });
  }

  private choose(name: string | null): void {
    const threat = this.store.case.threats.find((each) => each.name === name);
    const [launch, target] = [threat?.launches[0], threat?.targets[0]];
    if (threat === undefined || launch === undefined || target === undefined) {
      this.store.change({ flight: null });
      return;
    }
    const flight = { threat: threat.name, launch: launch.name, target: target.name, missile: null };
    this.store.change({ flight, time_s: null });
  }
}

function sitesOf(
  batteries: readonly { name: string; site: string }[],
  shown: Case,
): { value: string; label: string }[] {
  return batteries.map((each) => ({ value: each.name, label: shown.sites[each.site]?.title ?? each.name }));
}
