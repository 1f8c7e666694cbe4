/** The timeline of a scene: play and pause, a slider, its speed, and the events to jump to. */

import type { SceneEvent } from "../protocol";
import { clockKey, SPEEDS } from "./clock";
import type { Globe } from "./index";
import { innerOf } from "./inner";
import { element, report } from "./view";
import { clockText, spokenTime } from "./words";

const MARKS: Record<SceneEvent["kind"], string> = {
  launch: "✕",
  burnout: "◇",
  sight: "◆",
  commit: "!",
  interceptor: "▲",
  intercept: "★",
  impact: "●",
  other: "·",
};

export interface Timeline {
  destroy(): void;
}

/**
 * A timeline in an element, for a globe and for those linked to it. It is hidden while there is no scene.
 *
 * Keys in it: space plays and pauses, arrows go by 1 s and with shift by 10 s, [ and ] go from event to event.
 */
export function createTimeline(host: HTMLElement, globe: Globe): Timeline {
  const clock = innerOf(globe).clock();
  const root = element(host, "div", "timeline");
  root.role = "group";
  root.ariaLabel = "Time of the flight";

  const play = element(root, "button", "timeline-play");
  play.type = "button";
  const time = element(root, "output", "timeline-time");
  const track = element(root, "div", "timeline-track");
  const slider = element(track, "input", "timeline-slider");
  slider.type = "range";
  slider.step = "1";
  slider.ariaLabel = "Time after launch";
  const ticks = element(track, "div", "timeline-ticks");
  ticks.ariaHidden = "true";
  const label = element(root, "label", "timeline-speed", "Speed ");
  const speed = element(label, "select", "");
  for (const rate of SPEEDS) speed.append(new Option(`${rate}×`, String(rate)));
  const events = element(root, "div", "timeline-events");
  events.role = "group";
  events.ariaLabel = "Go to an event";

  let shown: SceneEvent[] | null = null;
  let span: [number, number] = [Number.NaN, Number.NaN];
  let marked = -1;
  const lay = () => {
    marked = -1;
    shown = clock.events;
    span = [...clock.span];
    const [first, last] = span;
    root.hidden = last <= first;
    slider.min = String(Math.floor(first));
    slider.max = String(Math.ceil(last));
    ticks.replaceChildren();
    events.replaceChildren();
    for (const event of shown) {
      const share = (event.time_s - first) / (last - first);
      const tick = element(ticks, "span", `timeline-tick timeline-${event.kind}`);
      tick.style.left = `${100 * share}%`;
      const button = element(events, "button", `timeline-event timeline-${event.kind}`);
      button.type = "button";
      element(button, "span", "timeline-mark", MARKS[event.kind]).ariaHidden = "true";
      const side = event.side === undefined ? "" : ` (${event.side})`;
      element(button, "span", "timeline-label", `${event.label}${side}`);
      element(button, "span", "timeline-when", `${Math.round(event.time_s)} s`);
      button.title = `${event.label}${side}`;
      button.addEventListener("click", () => clock.seek(event.time_s));
    }
  };

  const update = () => {
    if (shown !== clock.events || span[0] !== clock.span[0] || span[1] !== clock.span[1]) lay();
    play.textContent = clock.playing ? "❚❚" : "▶";
    play.ariaLabel = clock.playing ? "Pause" : "Play";
    time.textContent = clockText(clock.time);
    slider.value = String(Math.round(clock.time));
    slider.setAttribute("aria-valuetext", spokenTime(clock.time));
    const rate = String(clock.rate);
    if (speed.value !== rate) {
      if (![...speed.options].some((option) => option.value === rate))
        speed.append(new Option(`${rate}×`, rate));
      speed.value = rate;
    }
    report(root, "time", clock.time.toFixed(1));
    report(root, "playing", String(clock.playing));
    // What is due: the latest event that has come.
    let due = -1;
    shown?.forEach((event, i) => {
      if (event.time_s <= clock.time + 0.5) due = i;
    });
    if (due === marked) return;
    marked = due;
    [...events.children].forEach((child, i) => {
      child.classList.toggle("timeline-past", i <= due);
      if (i === due) child.setAttribute("aria-current", "step");
      else child.removeAttribute("aria-current");
    });
    const current = events.children[due];
    if (current instanceof HTMLElement) {
      events.scrollLeft = current.offsetLeft - (events.clientWidth - current.offsetWidth) / 2;
    }
  };

  play.addEventListener("click", () => (clock.playing ? clock.pause() : clock.play()));
  slider.addEventListener("input", () => clock.seek(Number(slider.value)));
  speed.addEventListener("change", () => clock.speed(Number(speed.value)));
  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { target, key } = event;
    // Buttons are pressed by space, and a list is gone through by arrows.
    if (target instanceof HTMLSelectElement && key !== "[" && key !== "]") return;
    if (target instanceof HTMLButtonElement && key === " ") return;
    if (clockKey(clock, key, event.shiftKey)) event.preventDefault();
  });

  const deaf = clock.listen(update);
  lay();
  update();
  return {
    destroy() {
      deaf();
      root.remove();
    },
  };
}
