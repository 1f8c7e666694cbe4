/** What stands on the ground: marks with labels, some of which can be moved by mouse, finger and keyboard. */

import { Cartesian3, type CesiumWidget } from "@cesium/engine";
import { drawGlyph, drawHandle, KIND_NAMES, type Kind, REACH } from "./glyphs";
import { CHOSEN, INK, type Label, type Part } from "./overlay";
import { distance, element, groundAt, onEarth, type Place, type Projection, report, type Spot } from "./view";
import { placeText } from "./words";

/** Something that stands on the ground. Several may share a site: they move together. */
export interface SiteMark {
  site: string;
  /** Its name; after a colon, what it is, which is told when it is pointed at. */
  title: string;
  lat: number;
  lon: number;
  kind: Kind;
  movable: boolean;
  moved: boolean;
  /** Where it stands in the dossier, if it has been moved; else it is taken from when it had not been. */
  origin?: { lat: number; lon: number };
}

interface SiteEvents {
  moved(site: string, lat: number, lon: number, final: boolean): void;
  picked(site: string): void;
  /** Draw what lies over the globe. */
  dirty(): void;
}

/** All marks of one site, as they are drawn. */
interface Post {
  site: string;
  place: Place;
  origin: Place | null;
  kinds: Kind[];
  titles: string[];
  movable: boolean;
  moved: boolean;
  button: HTMLButtonElement | null;
  spot: Spot | null;
}

// Pixels that a pointer moves before it drags, and below which two posts count as one place on the screen.
const SLACK = 3;
const TOGETHER = 9;
/** Between glyphs that stand side by side [px]. */
const BESIDE = 19;
/** Glyphs of one place beyond which they are drawn one on the other. */
const MOST_BESIDE = 4;
/** Degrees that an arrow key moves a site by, and with shift. */
const STEP = 0.1;
const STRIDE = 1;
/** After the last key, a move by keyboard counts as done [ms]. */
const SETTLED = 500;
const RANKS: Record<Kind, number> = { radar: 6, battery: 7, launch: 3, target: 2 };
/** Parts of a line over the ground. */
const PARTS = 24;

export class Sites implements Part {
  #widget: CesiumWidget;
  #place: HTMLElement;
  #events: SiteEvents;
  #posts: Post[] = [];
  #origins = new Map<string, Place>();
  #chosen: string | null = null;
  #hovered: string | null = null;
  #dragged: string | null = null;
  #pending = 0;
  #settling = 0;

  /** `place` holds a button for each mark that can be reached by keyboard. */
  constructor(widget: CesiumWidget, place: HTMLElement, events: SiteEvents) {
    this.#widget = widget;
    this.#place = place;
    this.#events = events;
  }

  get kinds(): Set<Kind> {
    return new Set(this.#posts.flatMap((post) => post.kinds));
  }

  /** What stands where, in words. */
  get summary(): string {
    return this.#posts
      .filter(stands)
      .map(
        ({ titles, place }) =>
          `${[...new Set(titles.map(nameOf))].join(" and ")} at ${placeText(place.lat, place.lon)}`,
      )
      .join(", ");
  }

  show(marks: SiteMark[]): void {
    const before = new Map(this.#posts.map((post) => [post.site, post]));
    const posts = new Map<string, Post>();
    for (const mark of marks) {
      const { site, lat, lon } = mark;
      if (mark.origin !== undefined) this.#origins.set(site, mark.origin);
      else if (!mark.moved) this.#origins.set(site, { lat, lon });
      // What is being moved stays under the hand that moves it.
      const held = this.#dragged === site || (this.#settling !== 0 && this.#chosen === site);
      const known = before.get(site);
      const post = posts.get(site) ?? {
        site,
        place: held && known !== undefined ? known.place : { lat, lon },
        origin: this.#origins.get(site) ?? null,
        kinds: [],
        titles: [],
        movable: false,
        moved: false,
        button: known?.button ?? null,
        spot: null,
      };
      post.movable ||= mark.movable;
      post.moved ||= mark.moved || held;
      if (!post.kinds.includes(mark.kind)) post.kinds.push(mark.kind);
      if (!post.titles.includes(mark.title)) post.titles.push(mark.title);
      posts.set(site, post);
    }
    for (const [site, post] of before) if (!posts.has(site)) post.button?.remove();
    this.#posts = [...posts.values()].sort((a, b) => rankOf(a) - rankOf(b));
    for (const post of this.#posts) {
      if (post.button === null && (post.movable || stands(post))) this.#give(post);
      this.#describe(post);
    }
    if (this.#chosen !== null && !posts.has(this.#chosen)) this.#chosen = null;
    this.#events.dirty();
  }

  /** Move the site that is chosen by so many degrees; whether there is one. */
  moveChosen(dLat: number, dLon: number): boolean {
    const post = this.#posts.find(({ site }) => site === this.#chosen);
    if (post === undefined || !post.movable) return false;
    this.#put(post, { lat: post.place.lat + dLat, lon: post.place.lon + dLon });
    const { lat, lon } = post.place;
    this.#events.moved(post.site, lat, lon, false);
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      this.#settling = 0;
      this.#finish(post);
    }, SETTLED);
    return true;
  }

  /** The site whose mark is at a point of the page, or null. */
  at({ x, y }: Spot): string | null {
    const near = this.#posts.findLast(
      ({ spot }) => spot !== null && Math.hypot(spot.x - x, spot.y - y) < TOGETHER + SLACK,
    );
    return near?.site ?? null;
  }

  /** Choose a site, or none: it is lit, and moved by the arrow keys. */
  choose(site: string | null): void {
    if (this.#chosen === site) return;
    this.#chosen = site;
    this.#events.dirty();
  }

  draw(pen: CanvasRenderingContext2D, projection: Projection): Label[] {
    const groups: { spot: Spot; posts: Post[] }[] = [];
    for (const post of this.#posts) {
      const spot = projection.at(onEarth(post.place));
      post.spot = spot;
      if (spot === null) continue;
      const near = groups.find(
        (group) =>
          Math.hypot(group.spot.x - spot.x, group.spot.y - spot.y) < TOGETHER &&
          stands(post) === stands(group.posts[0] ?? post) &&
          ![post, ...group.posts].some(({ site }) => site === this.#dragged),
      );
      if (near === undefined) groups.push({ spot, posts: [post] });
      else near.posts.push(post);
    }
    for (const post of this.#posts) if (post.moved) this.#drawWay(pen, projection, post);
    const labels = groups.map((group) => this.#drawGroup(pen, group.spot, group.posts));
    for (const post of this.#posts) this.#lay(post);
    return labels;
  }

  /** Glyphs side by side, and one label for them. */
  #drawGroup(pen: CanvasRenderingContext2D, middle: Spot, posts: Post[]): Label {
    const count = posts.reduce((sum, post) => sum + post.kinds.length, 0);
    const apart = count > MOST_BESIDE ? 0 : BESIDE;
    let radius = 0;
    let column = -(count - 1) / 2;
    for (const post of posts) {
      const first = column;
      const lit = [this.#chosen, this.#hovered, this.#dragged].includes(post.site);
      for (const kind of post.kinds) {
        const spot = { x: middle.x + column * apart, y: middle.y };
        drawGlyph(pen, kind, spot, lit ? "chosen" : "plain");
        radius = Math.max(radius, Math.abs(column) * apart + REACH[kind]);
        column += 1;
      }
      post.spot = { x: middle.x + ((first + column - 1) / 2) * apart, y: middle.y };
      if (post.movable && post.kinds.length === 1) {
        drawHandle(pen, post.spot, lit);
        radius = Math.max(radius, Math.abs(post.spot.x - middle.x) + 16);
      }
    }
    const moving = posts.find((post) => post.moved && post.origin !== null);
    const lines = [namesOf(posts)];
    const lit = posts.filter(({ site }) => [this.#chosen, this.#hovered].includes(site));
    lines.push(...lit.flatMap(({ titles }) => titles).flatMap((title) => detailOf(title) ?? []));
    if (moving?.origin != null) {
      const far = distance(moving.origin, moving.place);
      lines.push(`moved ${Math.round(far).toLocaleString("en-GB")} km`);
    }
    const chosen = posts.some(({ site }) => site === this.#chosen || site === this.#dragged);
    const rank = chosen ? 20 : Math.max(...posts.map((post) => rankOf(post) + (post.moved ? 8 : 0)));
    const key = posts[0]?.site ?? "";
    return { key, spot: middle, radius, lines, rank, must: chosen };
  }

  /** Where a site stood, and the line from there. */
  #drawWay(pen: CanvasRenderingContext2D, projection: Projection, { origin, place, kinds }: Post): void {
    if (origin === null) return;
    const [from, to] = [onEarth(origin), onEarth(place)];
    if (Cartesian3.distance(from, to) < 1) return;
    for (const [width, colour, dash] of [
      [4, INK, []],
      [2, CHOSEN, [6, 5]],
    ] as const) {
      pen.setLineDash([...dash]);
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.beginPath();
      let down = false;
      for (let i = 0; i <= PARTS; i++) {
        const between = Cartesian3.lerp(from, to, i / PARTS, new Cartesian3());
        const length = Cartesian3.magnitude(from) / Cartesian3.magnitude(between);
        const spot = projection.at(Cartesian3.multiplyByScalar(between, length, between));
        if (spot === null) down = false;
        else if (down) pen.lineTo(spot.x, spot.y);
        else {
          pen.moveTo(spot.x, spot.y);
          down = true;
        }
      }
      pen.stroke();
    }
    const spot = projection.at(from);
    const kind = kinds[0];
    if (spot !== null && kind !== undefined) drawGlyph(pen, kind, spot, "ghost");
  }

  /** Put a post's button over its glyphs. */
  #lay({ button, spot }: Post): void {
    if (button === null) return;
    // Hidden buttons cannot be focused, so one that has the focus stays.
    button.classList.toggle("globe-mark-away", spot === null);
    if (spot !== null) button.style.transform = `translate(${spot.x}px, ${spot.y}px) translate(-50%, -50%)`;
  }

  #describe({ button, titles, kinds, place, movable, moved }: Post): void {
    if (button === null) return;
    const what = kinds.map((kind) => KIND_NAMES[kind]).join(" and ");
    const how = movable ? `. ${moved ? "Moved. " : ""}Arrow keys move it` : "";
    button.ariaLabel = `${titles.join(", ")}: ${what}, ${placeText(place.lat, place.lon)}${how}`;
    button.classList.toggle("globe-mark-movable", movable);
  }

  #give(post: Post): void {
    const button = element(this.#place, "button", "globe-mark");
    button.type = "button";
    report(button, "site", post.site);
    post.button = button;
    const { site } = post;
    const now = () => this.#posts.find((each) => each.site === site);
    button.addEventListener("focus", () => this.choose(site));
    button.addEventListener("click", () => this.#events.picked(site));
    button.addEventListener("pointerenter", () => this.#hover(site));
    button.addEventListener("pointerleave", () => this.#hover(null));
    button.addEventListener("pointerdown", (event) => {
      const found = now();
      if (found?.movable && event.button === 0) this.#drag(found, event);
    });
    button.addEventListener("keydown", (event) => {
      const by = arrow(event);
      if (by === null || !this.moveChosen(...by)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    // The globe goes on to be zoomed where a mark lies under the pointer.
    button.addEventListener("wheel", (event) => {
      this.#widget.canvas.dispatchEvent(new WheelEvent("wheel", event));
      event.preventDefault();
    });
  }

  #hover(site: string | null): void {
    this.#hovered = site;
    this.#events.dirty();
  }

  #drag(grabbed: Post, down: PointerEvent): void {
    const { button, site, place: start, spot } = grabbed;
    if (button === null || spot === null) return;
    const post = () => this.#posts.find((each) => each.site === site) ?? grabbed;
    const frame = this.#place.getBoundingClientRect();
    const off = { x: spot.x - (down.clientX - frame.left), y: spot.y - (down.clientY - frame.top) };
    const controller = this.#widget.scene.screenSpaceCameraController;
    const deaf = new AbortController();
    const listen = { signal: deaf.signal };
    button.setPointerCapture(down.pointerId);
    controller.enableInputs = false;
    const end = (place: Place | null) => {
      deaf.abort();
      controller.enableInputs = true;
      cancelAnimationFrame(this.#pending);
      this.#pending = 0;
      const dragged = this.#dragged !== null;
      this.#dragged = null;
      if (!dragged) return;
      if (place !== null) this.#put(post(), place);
      this.#finish(post());
    };
    button.addEventListener(
      "pointermove",
      (event) => {
        if (event.pointerId !== down.pointerId) return;
        const far = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
        if (this.#dragged === null && far < SLACK) return;
        this.#dragged = site;
        const at = { x: event.clientX - frame.left + off.x, y: event.clientY - frame.top + off.y };
        const place = groundAt(this.#widget, at);
        if (place === null) return;
        this.#put(post(), place);
        if (this.#pending !== 0) return;
        this.#pending = requestAnimationFrame(() => {
          this.#pending = 0;
          const { lat, lon } = post().place;
          this.#events.moved(site, lat, lon, false);
        });
      },
      listen,
    );
    button.addEventListener("pointerup", () => end(null), listen);
    button.addEventListener("pointercancel", () => end(start), listen);
    button.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        end(start);
      },
      listen,
    );
  }

  #put(post: Post, { lat, lon }: Place): void {
    const east = ((((lon + 180) % 360) + 360) % 360) - 180;
    post.place = { lat: rounded(Math.min(Math.max(lat, -89), 89)), lon: rounded(east) };
    post.moved = true;
    this.#events.dirty();
  }

  #finish(post: Post): void {
    const { site, place } = post;
    this.#describe(post);
    this.#events.dirty();
    this.#events.moved(site, place.lat, place.lon, true);
  }
}

/** Degrees as finely as a hand can place: a hundredth is a kilometre. */
function rounded(degrees: number): number {
  return Math.round(degrees * 100) / 100;
}

function rankOf({ kinds }: Post): number {
  return Math.max(...kinds.map((kind) => RANKS[kind]));
}

/** Whether it is part of a shield, which has a label before a place on the way of a missile has. */
function stands(post: Post): boolean {
  return rankOf(post) > RANKS.launch;
}

function namesOf(posts: Post[]): string {
  const titles = [...new Set(posts.toReversed().flatMap((post) => post.titles.map(nameOf)))];
  const shown = titles.slice(0, 3).join(" · ");
  return titles.length > 3 ? `${shown} and ${titles.length - 3} more` : shown;
}

/** Of a title such as "Brdy, Czech Republic: European Midcourse Radar" the place, and what stands there. */
function nameOf(title: string): string {
  return title.split(": ", 1)[0] ?? title;
}

function detailOf(title: string): string | null {
  const name = nameOf(title);
  return name === title ? null : title.slice(name.length + 2);
}

/** The degrees that an arrow key stands for. */
function arrow({ key, shiftKey }: KeyboardEvent): [number, number] | null {
  const by = shiftKey ? STRIDE : STEP;
  if (key === "ArrowUp") return [by, 0];
  if (key === "ArrowDown") return [-by, 0];
  if (key === "ArrowRight") return [0, by];
  if (key === "ArrowLeft") return [0, -by];
  return null;
}
