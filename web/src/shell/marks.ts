/** What stands on the ground, as the globe marks it: the sites of an architecture, and the ends of the flight. */

import type { SiteMark } from "../globe";
import { standingOf } from "../levers/places";
import type { Case, RegionText, SiteText } from "../protocol";
import type { Page } from "../state";

export function siteMarks(shown: Case, page: Page, architecture: string): SiteMark[] {
  const found = shown.architectures.find((each) => each.name === architecture);
  const marks = new Map<string, SiteMark>();
  const stand = (name: string, kind: "radar" | "battery", title: string) => {
    const site = shown.sites[name];
    if (site === undefined) return;
    const before = marks.get(name);
    // A site with both is marked as where interceptors stand.
    marks.set(name, markOf(site, before?.kind === "battery" ? "battery" : kind, title, page));
  };
  for (const each of found?.sensors ?? []) stand(each.site, "radar", each.title);
  for (const each of found?.batteries ?? []) stand(each.site, "battery", each.title);
  return [...marks.values(), ...flightMarks(shown, page)];
}

/** Both ends of the flight. */
export function flightMarks(shown: Case, page: Page): SiteMark[] {
  const { flight } = page;
  const threat = shown.threats.find((each) => each.name === flight?.threat);
  const launch = threat?.launches.find((each) => each.name === flight?.launch);
  const target = threat?.targets.find((each) => each.name === flight?.target);
  const fixed = { movable: false, moved: false };
  return [
    ...(launch
      ? [
          {
            site: `from/${launch.name}`,
            title: launch.name,
            lat: launch.lat,
            lon: launch.lon,
            kind: "launch" as const,
            ...fixed,
          },
        ]
      : []),
    ...(target
      ? [
          {
            site: `to/${target.name}`,
            title: target.name,
            lat: target.lat,
            lon: target.lon,
            kind: "target" as const,
            ...fixed,
          },
        ]
      : []),
  ];
}

/** A flight so long that its two ends fill the view [deg]. */
const FAR = 60;

/** Places that should be in sight: both ends of the flight and what the map is about, else what stands on the ground. */
export function worthSeeing(shown: Case, page: Page): { lat: number; lon: number }[] {
  const flight = flightMarks(shown, page);
  // Of a flight round a quarter of the world both ends are to be seen, more than all of what it is aimed at.
  if (spread(flight) > FAR) return flight;
  const places = [...flight, ...(page.quantity === null ? [] : mapped(shown, page))];
  return places.length > 0 ? places : siteMarks(shown, page, page.architecture);
}

/** The widest angle between two places, at the Earth's centre [deg]. */
function spread(places: { lat: number; lon: number }[]): number {
  const [radians, degrees] = [Math.PI / 180, 180 / Math.PI];
  const apart = (a: { lat: number; lon: number }, b: { lat: number; lon: number }) =>
    Math.sin(a.lat * radians) * Math.sin(b.lat * radians) +
    Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.cos((a.lon - b.lon) * radians);
  const cosines = places.flatMap((a) => places.map((b) => apart(a, b)));
  return Math.acos(Math.max(-1, Math.min(1, ...cosines))) * degrees;
}

/** What a map covers: its region, else what the threat is aimed at. */
function mapped(shown: Case, page: Page): { lat: number; lon: number }[] {
  const region = shown.regions.find((each) => each.name === page.region);
  if (region !== undefined) return cornersOf(region.box);
  return shown.threats.find((each) => each.name === page.threat)?.targets ?? [];
}

/** The corners of a region; none of one that goes round half the world or more. */
function cornersOf([south, west, north, east]: RegionText["box"]): { lat: number; lon: number }[] {
  if (east - west >= 180) return [];
  return [south, north].flatMap((lat) => [west, east].map((lon) => ({ lat, lon })));
}

function markOf(site: SiteText, kind: "radar" | "battery", title: string, page: Page): SiteMark {
  const { lat, lon, moved } = standingOf(site, page.state.set);
  const origin = { lat: site.lat, lon: site.lon };
  return {
    site: site.name,
    title: `${site.title}: ${title}`,
    lat,
    lon,
    kind,
    movable: site.movable,
    moved,
    origin,
  };
}
