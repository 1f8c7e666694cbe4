/** A tour of the page in five steps, each beside what it is about. */

import { attribute, fill, freshId, h } from "./dom";

interface Step {
  /** What it points at; the first of these that can be seen. */
  at: string[];
  title: string;
  words: string;
  /** Brings the part into sight on a phone. */
  view: string;
}

const STEPS: readonly Step[] = [
  {
    at: ["#board"],
    view: "board",
    title: "Who is right?",
    words:
      "Each row is a claim that a party made, put as a test. The word and the bar say in how many worlds, drawn from all published figures, the claim holds.",
  },
  {
    at: ["#board li .row"],
    view: "board",
    title: "What decides it",
    words:
      "Every row names the figure that the verdict hangs on, and where it turns. Open a claim to see how it follows that figure, and whose figures make it true.",
  },
  {
    at: ["#side"],
    view: "levers",
    title: "Argue with it",
    words:
      "Move a figure, or take up a party's figures: verdicts, maps and flights are reckoned anew at once. What changed keeps its mark, and there is always a way back.",
  },
  {
    at: ["#stage .pane", "#stage"],
    view: "globe",
    title: "Move what stands on the ground",
    words:
      "Drag a radar or an interceptor site across the globe, or choose it and use the arrow keys. Turn the globe by dragging it anywhere else.",
  },
  {
    at: ["[data-action=share]"],
    view: "board",
    title: "Pass it on",
    words:
      "The address holds all that you see: send it, and others see the same. The command that gives these figures stands beside the levers.",
  },
];

const SEEN = "midcourse.tour";
const GAP = 12;

/** Whether the tour was seen to its end, or sent away, in this browser. */
export function tourSeen(): boolean {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    // Where nothing is remembered, the tour would come up at every visit.
    return true;
  }
}

export function startTour(show: (view: string) => void): void {
  if (document.querySelector("[data-dialog=tour]") !== null) return;
  const heading = freshId("tour");
  const light = h("div", { class: "tour-light", "aria-hidden": "true" });
  const card = h("div", { class: "tour-card" });
  const before = document.body.dataset["view"] ?? "board";
  let at = 0;
  const tour = h("dialog", { class: "tour", "data-dialog": "tour", "aria-labelledby": heading }, light, card);
  const lay = () => {
    const step = STEPS[at];
    if (step !== undefined) place(step, light, card);
  };
  const go = (to: number) => {
    const step = STEPS[to];
    if (step === undefined) {
      tour.close();
      return;
    }
    at = to;
    show(step.view);
    const last = to === STEPS.length - 1;
    const next = h(
      "button",
      { type: "button", class: "button button-main", onclick: () => go(to + 1) },
      last ? "Begin" : "Next",
    );
    fill(
      card,
      h("p", { class: "tour-count" }, `${to + 1} of ${STEPS.length}`),
      h("h2", { id: heading }, step.title),
      h("p", {}, step.words),
      h(
        "div",
        { class: "tour-buttons" },
        !last && h("button", { type: "button", class: "link", onclick: () => tour.close() }, "Skip the tour"),
        to > 0 && h("button", { type: "button", class: "button", onclick: () => go(to - 1) }, "Back"),
        next,
      ),
    );
    attribute(tour, "data-step", to + 1);
    lay();
    next.focus();
  };
  tour.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") go(at + 1);
    if (event.key === "ArrowLeft" && at > 0) go(at - 1);
  });
  tour.addEventListener("close", () => {
    removeEventListener("resize", lay);
    tour.remove();
    show(before);
    try {
      localStorage.setItem(SEEN, new Date().toISOString());
    } catch {
      // It is not remembered, then.
    }
  });
  addEventListener("resize", lay);
  document.body.append(tour);
  tour.showModal();
  go(0);
}

/** Lights up what a step is about, and puts the card where it covers none of it, if there is room. */
function place(step: Step, light: HTMLElement, card: HTMLElement): void {
  const target = step.at
    .map((each) => document.querySelector(each))
    .find((each) => each !== null && each.getBoundingClientRect().width > 0);
  const box = target?.getBoundingClientRect() ?? new DOMRect(innerWidth / 2, innerHeight / 2, 0, 0);
  const top = Math.max(0, box.top);
  const bottom = Math.min(innerHeight, box.bottom);
  light.style.insetInlineStart = `${box.left}px`;
  light.style.insetBlockStart = `${top}px`;
  light.style.inlineSize = `${box.width}px`;
  light.style.blockSize = `${Math.max(0, bottom - top)}px`;
  const { width, height } = card.getBoundingClientRect();
  const fits = (x: number) => x >= GAP && x + width <= innerWidth - GAP;
  const beside = [box.right + GAP, box.left - GAP - width].find(fits);
  const left =
    beside ?? Math.min(Math.max(GAP, box.left + (box.width - width) / 2), innerWidth - GAP - width);
  const below = bottom + GAP + height < innerHeight ? bottom + GAP : Math.max(GAP, top - GAP - height);
  const down = beside === undefined ? below : Math.min(Math.max(GAP, top + 24), innerHeight - GAP - height);
  // Where the target takes the whole screen, the card lies at its foot.
  const covered = beside === undefined && bottom - top > innerHeight - height - 4 * GAP;
  card.style.insetInlineStart = `${Math.max(GAP, left)}px`;
  card.style.insetBlockStart = `${covered ? innerHeight - height - 5 * GAP : Math.max(GAP, down)}px`;
}
