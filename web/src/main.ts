/** What the browser runs first. It stays small: the globe, with all of Cesium, is fetched once the board stands. */

import "./shell/base.css";
import "./shell/layout.css";
import "./shell/controls.css";
import "./board/board.css";
import "./board/claim.css";
import "./levers/levers.css";
import "./operation/operation.css";
import "./shell/stage.css";
import "./shell/overlays.css";
import "./shell/print.css";
import { Asking } from "./board/asking";
import { Board } from "./board/board";
import { ClaimPanel } from "./board/claim";
import { Results } from "./board/results";
import { Verdicts } from "./board/verdicts";
import { LeverPanel } from "./levers/panel";
import { getJson, Link, postJson, socketAddress } from "./link";
import { RunPanel } from "./operation/panel";
import type { Case } from "./protocol";
import { byId, fill } from "./shell/dom";
import { Faults } from "./shell/faults";
import { Header } from "./shell/header";
import { listenToKeys } from "./shell/keys";
import { loadCase } from "./shell/loading";
import { announce, notice } from "./shell/notices";
import { offlineNotice } from "./shell/offline";
import { Side } from "./shell/side";
import { Stage } from "./shell/stage";
import { startTour, tourSeen } from "./shell/tour";
import { readFragment, settle, shownBy, type Wish } from "./state";
import { PageStore } from "./store";

/** The globe is not waited for any longer than this once the board has been drawn [ms]. */
const BOARD_FIRST_MS = 1500;

function start(shown: Case, served: string, wish: Wish, link: Link): void {
  const { page, unknown } = settle(wish, shown);
  const store = new PageStore(page, shown, served, () => location.reload());
  const results = new Results(shown.samples);

  const open = (id: string) => {
    const claim = shown.claims.find((each) => each.id === id);
    if (claim === undefined) return;
    store.change({ claim: id, panel: "claim", ...shownBy(claim, shown), time_s: null });
    side.view("claim");
    // Where the claim has taken the board's place the reader goes along.
    if (side.single) claimPanel.focus();
  };
  const close = () => {
    const { claim } = store.page;
    store.change({ claim: null, panel: "levers" });
    side.view("board");
    board.focusRow(claim);
  };
  const openDossier = (key: string) => {
    location.hash = key === served ? "" : `dossier=${encodeURIComponent(key)}`;
    location.reload();
  };
  const tour = () => startTour((view) => side.view(view));

  const board = new Board(store, results, open);
  const claimPanel = new ClaimPanel(store, results, open, close);
  const levers = new LeverPanel(store, (state) => postJson("api/board", { state }));
  const stage = new Stage(store, announce, () => header.update());
  const run = new RunPanel(store, stage);
  const side = new Side(store, [
    { panel: "claim", label: "Claim", body: claimPanel.element },
    { panel: "levers", label: "Levers", body: levers.element },
    { panel: "run", label: "Run", body: run.element },
  ]);
  const header = new Header(store, stage, {
    open: openDossier,
    tour,
    levers: () => {
      store.change({ panel: "levers" }, "replace");
      side.view("levers");
    },
  });
  fill(byId("board"), board.element);
  board.reveal();
  fill(byId("stage"), stage.element);

  const faults = new Faults(store, () => [...levers.levers, ...claimPanel.levers]);
  const asking = new Asking(
    link,
    store,
    results,
    {
      layer: (...told) => stage.layer(...told),
      scene: (...told) => stage.scene(...told),
      progress: (topic, progress) => {
        if (topic.includes(":")) stage.progress(topic, progress);
      },
      fault: (topic, fault, state) => {
        if (topic.includes(":")) stage.fault(topic, fault);
        else if (fault === null) faults.clear(topic, state);
        else faults.tell(topic, fault, state);
      },
    },
    () => board.inSight(),
  );
  const verdicts = new Verdicts(store, results);
  verdicts.onDeciders((paths) => levers.lead(paths));
  results.subscribe((happening) => {
    document.body.dataset["state"] = results.state;
    if (happening === "settled") {
      const words = verdicts.settled();
      if (words !== "") announce(words);
    }
  });
  const learn = async () => {
    // Which levers decide is known once the dossier has been assessed.
    if (shown.levers.some((each) => each.decides > 0)) return;
    const { levers: known } = await getJson<Case>(`api/cases/${encodeURIComponent(shown.key)}`);
    shown.levers = known;
    levers.build();
  };
  results.subscribe((happening) => {
    // Without it the page knows less, and goes on.
    if (happening === "baseline") learn().catch(() => {});
    if (happening === "baseline" || happening === "settled") notice("first-run", null);
  });
  offlineNotice(link, (lost) => {
    results.hearLost(lost);
    if (!lost) asking.again();
  });
  asking.follow();

  if (unknown.length > 0) {
    notice("unknown", {
      words: `This address names what the dossier does not have: ${unknown.join(", ")}.`,
      kind: "warning",
    });
  }
  listenToKeys({
    "?": tour,
    "/": () => {
      side.view("board");
      board.focusSearch();
    },
    j: () => board.step(1),
    k: () => board.step(-1),
    l: () => store.change({ panel: "levers" }, "replace"),
    c: () => store.change({ panel: "claim" }, "replace"),
    g: () => stage.focus(),
    Escape: () => {
      if (store.page.claim !== null) close();
    },
  });

  const globe = once(async () => {
    await stage.load();
    asking.withGlobe();
  });
  results.subscribe((happening) => {
    if (happening === "verdicts" && results.now.size > 0) afterPaint(globe);
  });
  setTimeout(globe, BOARD_FIRST_MS);
  const wanted = wish.tour ?? (!wish.shared && !tourSeen());
  if (wanted) afterPaint(tour);
}

function afterPaint(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act));
}

function once(act: () => Promise<void>): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    void act();
  };
}

document.querySelector(".skip")?.addEventListener("click", (event) => {
  // An address of its own would take the place of the page's.
  event.preventDefault();
  byId("board").focus();
});

const wish = readFragment(location.hash);
const link = new Link(socketAddress("api/socket"));
void loadCase(wish.dossier).then((loaded) => {
  if (loaded === null) link.close();
  else start(loaded.case, loaded.served, wish, link);
});
