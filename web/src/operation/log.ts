/** What happens in a run, sentence by sentence, the latest first. */

import { fill, h } from "../shell/dom";
import { clockOf } from "./controls";
import type { OperationEvent } from "./protocol";

/** So many are shown; all are in the record. */
const MOST = 300;

export class EventLog {
  readonly element: HTMLElement;
  private readonly list = h("ol", { class: "run-log", reversed: true });
  private readonly missile = h("select", { "aria-label": "Events of one missile" });
  private events: readonly OperationEvent[] = [];
  private shown = 0;
  private named = "";

  constructor(seek: (time_s: number) => void) {
    this.missile.addEventListener("change", () => this.rebuild());
    this.list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const time = button?.dataset["time"];
      if (time !== undefined) seek(Number(time));
    });
    this.element = h(
      "section",
      { class: "run-events" },
      h("div", { class: "run-events-head" }, h("h3", {}, "What happens"), this.missile),
      this.list,
    );
  }

  show(events: readonly OperationEvent[], missiles: readonly string[]): void {
    this.events = events;
    const named = missiles.join(" ");
    if (named !== this.named) {
      this.named = named;
      const { value } = this.missile;
      fill(
        this.missile,
        h("option", { value: "" }, "all missiles"),
        ...missiles.map((each) => h("option", { value: each }, each)),
      );
      this.missile.value = value;
    }
    const added = events.slice(this.shown).flatMap((each) => this.line(each) ?? []);
    this.shown = events.length;
    this.list.prepend(...added.reverse());
    while (this.list.childElementCount > MOST) this.list.lastElementChild?.remove();
  }

  clear(): void {
    this.events = [];
    this.shown = 0;
    fill(this.list);
  }

  private rebuild(): void {
    this.shown = 0;
    fill(this.list);
    this.show(this.events, this.named === "" ? [] : this.named.split(" "));
  }

  private line(event: OperationEvent): HTMLElement | null {
    if (event.text === null) return null;
    if (this.missile.value !== "" && event.missile !== this.missile.value) return null;
    return h(
      "li",
      { "data-kind": event.kind, "data-event": event.event },
      h(
        "button",
        {
          type: "button",
          class: "run-when",
          "data-time": event.time_s,
          title: "Show this moment on the globe",
        },
        clockOf(event.time_s),
      ),
      h("span", {}, event.text),
    );
  }
}
