/** A widget's view: the globe with its timeline, the claims beside it, and what is to be said of it. */

import "../shell/base.css";
import "./notebook.css";
import files from "virtual:cesium-files";
import { createGlobe, createTimeline, type Globe } from "../globe";
import { innerOf } from "../globe/inner";
import { h, prefersLessMotion } from "../shell/dom";
import { Claims } from "./claims";
import { provide } from "./files";
import type { Close, Context } from "./model";
import { Said } from "./said";
import { Sharing } from "./sharing";

/** A globe is opened when it is this near to being seen: browsers draw few at a time. */
const NEAR = "200px";
/** Decimal places of degrees that a site is moved by: some ten metres. */
const PLACES = 4;

provide(files);

export async function render({ model, el }: Context): Promise<Close> {
  const shared = new Sharing(model);
  const stage = h("div", { class: "notebook-globe" });
  const time = h("div", { class: "notebook-time" });
  const claims = new Claims((id) => shared.tell("selected", id));
  const said = new Said();
  const root = h(
    "section",
    // JupyterLab's own keys, such as those that delete a cell, stay out.
    { class: "midcourse", "data-lm-suppress-shortcuts": "true" },
    h("div", { class: "notebook-show" }, claims.element, h("div", { class: "notebook-stage" }, stage, time)),
    said.element,
  );
  el.append(root);
  shared.follow("_title", (title) => root.setAttribute("aria-label", title));
  shared.follow("height", (height) => root.style.setProperty("--height", `${height}px`));
  shared.follow("_claims", (told) => claims.show(told));
  shared.follow("_layer", (layer) => said.layer(layer));
  shared.follow("_scene", (scene) => said.scene(scene));

  let close: Close = () => {};
  const watch = new IntersectionObserver(
    (seen) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      watch.disconnect();
      // Where it cannot be drawn it says so itself.
      open(stage, time, claims, shared).then((opened) => {
        if (root.isConnected) close = opened;
        else opened();
      }, console.warn);
    },
    { rootMargin: NEAR },
  );
  watch.observe(stage);
  return () => {
    watch.disconnect();
    shared.close();
    close();
    root.remove();
  };
}

/** Open the globe and let it go with the widget. */
async function open(stage: HTMLElement, time: HTMLElement, claims: Claims, shared: Sharing): Promise<Close> {
  const globe = await createGlobe(
    stage,
    {
      moved(site, lat, lon, final) {
        const place = { lat: rounded(lat), lon: rounded(lon) };
        globe.sites(
          shared
            .get("_marks")
            .map((mark) => (mark.site === site ? { ...mark, ...place, moved: true } : mark)),
        );
        if (final) shared.tell("moved", [site, place.lat, place.lon]);
      },
      picked: (id) => shared.tell("selected", id),
    },
    { reducedMotion: prefersLessMotion() },
  );
  const timeline = createTimeline(time, globe);
  shared.follow("_marks", (marks) => globe.sites(marks));
  shared.follow("_layer", (layer) => globe.layer(layer));
  shared.follow("_scene", (scene) => globe.scene(scene));
  shared.follow("_frame", (places) => globe.frame(places.map(([lat, lon]) => ({ lat, lon }))));
  shared.follow("selected", (id) => {
    claims.select(id);
    globe.pick(id);
  });
  const unclock = keepTime(globe, shared);
  return () => {
    unclock();
    timeline.destroy();
    globe.destroy();
  };
}

/** Let the clock go with the widget, both ways. */
function keepTime(globe: Globe, shared: Sharing): Close {
  const clock = innerOf(globe).clock();
  let span = "";
  shared.follow("speed", (speed) => globe.speed(speed));
  shared.follow("time_s", (time) => {
    // What another view tells of the same moment comes late.
    if (!clock.playing || Math.abs(time - clock.time) > clock.rate) globe.seek(time);
  });
  shared.follow("playing", (playing) => (playing ? globe.play() : globe.pause()));
  return clock.listen(() => {
    const loaded = clock.span.join(" ");
    if (loaded !== span) {
      // A scene has come: it stands at the widget's time, and plays if that does.
      span = loaded;
      globe.seek(shared.get("time_s"));
      if (shared.get("playing")) globe.play();
    }
    const [first, last] = clock.span;
    if (last <= first) return;
    shared.tell("playing", clock.playing);
    shared.tell("speed", clock.rate);
    shared.tellTime(() => clock.time);
  });
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(PLACES));
}
