/** The head of the page: the dossier, what the reader has changed, and what can be done with it all. */

import { capital } from "../board/wording";
import { resetAll } from "../levers/changes";
import { getJson } from "../link";
import type { DossierName } from "../protocol";
import { isOwn } from "../state";
import type { PageStore } from "../store";
import { byId, fill, h, text } from "./dom";
import { Downloads } from "./downloads";
import { openAbout, openKeys } from "./help";
import { icon } from "./icons";
import { counted } from "./numbers";
import { MenuItem, Popover } from "./popover";
import { shareButton } from "./share";
import type { Stage } from "./stage";
import { openUpload } from "./upload";

export interface HeaderActs {
  open(dossier: string): void;
  tour(): void;
  levers(): void;
}

export class Header {
  private readonly changes: HTMLElement;
  private readonly changesText = h("span", {});
  private readonly downloads: Downloads;

  constructor(
    private readonly store: PageStore,
    stage: Stage,
    acts: HeaderActs,
  ) {
    const { case: shown } = store;
    text(byId("title"), shown.title);
    this.downloads = new Downloads(store, stage);
    this.changes = h(
      "div",
      { class: "top-changes", hidden: true },
      h(
        "button",
        { type: "button", class: "link", "data-action": "changes", onclick: () => acts.levers() },
        this.changesText,
      ),
      h(
        "button",
        { type: "button", class: "button", "data-action": "reset", onclick: () => resetAll(store) },
        icon("reset"),
        "Reset",
      ),
    );
    const help = new Popover(
      "help",
      "help",
      "Help",
      new MenuItem("tour", "Tour", "Five steps round the page", () => later(help, acts.tour)).element,
      new MenuItem("about", "About this dossier", "What the verdicts mean", () =>
        later(help, () => openAbout(shown)),
      ).element,
      new MenuItem("keys", "Keys", "What can be done without a mouse", () => later(help, openKeys)).element,
    );
    fill(
      byId("actions"),
      this.changes,
      dossiers(shown.key, acts),
      this.downloads.popover.element,
      shareButton(store),
      help.element,
    );
    store.subscribe((page, before) => {
      if (page.state !== before.state) this.show();
      if (page.claim !== before.claim) this.name();
    });
    this.show();
    this.name();
  }

  /** Bring up to date what can be downloaded. */
  update(): void {
    this.downloads.update();
  }

  /** Names the window, as history and tabs do, by the claim that is open. */
  private name(): void {
    const { page, case: shown } = this.store;
    const claim = shown.claims.find((each) => each.id === page.claim);
    document.title = `${claim?.statement ?? shown.title} · midcourse`;
  }

  private show(): void {
    const { state } = this.store.page;
    const view = this.store.case.viewpoints.find((each) => each.name === state.viewpoint);
    const figures = Object.keys(state.set).length;
    const parts = [
      ...(view === undefined ? [] : [`figures of ${view.title.split(":")[0]}`]),
      ...(figures === 0 ? [] : [`${counted(figures, "figure")} changed`]),
    ];
    this.changes.hidden = isOwn(state);
    text(this.changesText, capital(parts.join("; ")));
  }
}

function later(popover: Popover, act: () => void): void {
  popover.close();
  act();
}

/** The dossiers that the server has, and the way to one of the reader's own. */
function dossiers(current: string, acts: HeaderActs): HTMLElement {
  const list = h("div", { class: "menu" });
  const popover: Popover = new Popover("dossiers", "list", "Dossiers", list);
  const own = new MenuItem("upload", "Open your own …", "A folder of TOML files", () =>
    later(popover, () => openUpload(acts.open)),
  );
  const show = async () => {
    fill(list, h("p", { class: "note" }, "Looking …"));
    try {
      const found = await getJson<DossierName[]>("api/dossiers");
      const items = found.map((each) => {
        const told = `${each.date}${each.uploaded ? ", uploaded" : ""}${each.key === current ? ", shown now" : ""}`;
        return new MenuItem(`dossier-${each.key}`, each.title, told, () =>
          later(popover, () => acts.open(each.key)),
        ).element;
      });
      fill(list, ...items, own.element);
    } catch (error) {
      fill(
        list,
        h(
          "p",
          { class: "lever-wrong", role: "alert" },
          error instanceof Error ? error.message : String(error),
        ),
      );
    }
  };
  popover.button.addEventListener("click", () => {
    if (!popover.panel.hidden) void show();
  });
  return popover.element;
}
