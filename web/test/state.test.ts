import { expect, test } from "vitest";
import {
  layerAsk,
  type Page,
  readFragment,
  sceneAsk,
  sees,
  settle,
  stateKey,
  withFolder,
  writeFragment,
} from "../src/state";
import { CASE } from "./sample";

const again = (page: Page) => settle(readFragment(`#${writeFragment(page, "third-site")}`), CASE).page;
const opened = (fragment: string) => settle(readFragment(fragment), CASE);

const FULL: Page = {
  state: {
    dossier: "third-site",
    viewpoint: "mda",
    set: { "doctrine.nominal.decision_delay": "200 s", "x.y": "100 % & a + b = c #1 “é”" },
  },
  claim: "too-slow",
  panel: "levers",
  quantity: "shots",
  architecture: "joint",
  against: "third-site",
  threat: "iran-us",
  launches: ["centre", "Barents Sea, west"],
  region: "us",
  altitude_km: 122.5,
  battery: "gbi@redzikowo",
  split: "third-site",
  flight: { threat: "russia-us", launch: "Barents Sea, west", target: "Washington, D.C.", missile: "icbm" },
  hidden: ["missiles", "looks"],
  shown: ["fans"],
  camera: { lat: 48.25, lon: -25.5, height_km: 9000 },
  time_s: 480,
};

test("the address holds the whole page", () => {
  expect(again(FULL)).toEqual(FULL);
});

test("a page with nothing on the globe stays so, also where a claim would bring a map", () => {
  const bare: Page = {
    ...FULL,
    claim: "can-engage",
    quantity: null,
    against: null,
    flight: null,
    launches: [],
    region: null,
    altitude_km: null,
    battery: null,
    split: null,
    hidden: [],
    shown: [],
    camera: null,
    time_s: null,
  };
  expect(again(bare)).toEqual(bare);
});

test("the address can be read, and is read as people write it", () => {
  expect(writeFragment(FULL, "third-site")).toContain("set=doctrine.nominal.decision_delay:200+s&");
  expect(writeFragment(FULL, "third-site")).toContain("flight=russia-us:Barents+Sea,+west→Washington,+D.C.");
  for (const space of [" ", "+", "%20"]) {
    const { set } = opened(`#set=doctrine.nominal.decision_delay:200${space}s`).page.state;
    expect(set).toEqual({ "doctrine.nominal.decision_delay": "200 s" });
  }
});

test("a claim alone brings its map, its flight and its panel", () => {
  const { page } = opened("#claim=can-engage");
  expect(page.panel).toBe("claim");
  expect(layerAsk(page)).toMatchObject({ quantity: "defended", architecture: "third-site", region: "us" });
  expect(sceneAsk(page)).toMatchObject({ threat: "russia-us", launch: "Kozelsk", target: "New York" });
});

test("an empty address shows the first claim's map, and no claim", () => {
  const { page } = opened("");
  expect(page.claim).toBeNull();
  expect(page.panel).toBe("levers");
  expect(page.quantity).toBe("defended");
});

test("what the dossier does not have is left out and told", () => {
  const { page, unknown } = opened("#claim=nope&viewpoint=nobody&arch=far&flight=Moon→Mars&layer=nonsense");
  expect(page.claim).toBeNull();
  expect(page.state.viewpoint).toBeNull();
  expect(page.architecture).toBe("third-site");
  expect(page.flight).toBeNull();
  expect(unknown).toEqual(["claim “nope”", "architecture “far”", "flight “Moon→Mars”", "viewpoint “nobody”"]);
});

test("a flight without its threat is found by its places", () => {
  expect(opened("#flight=centre→New+York").page.flight?.threat).toBe("iran-us");
});

test("a camera that looks aslant does so again", () => {
  const camera = { lat: 48.25, lon: -25.5, height_km: 900, heading: 31.5, pitch: -45 };
  expect(writeFragment({ ...FULL, camera }, "third-site")).toContain("camera=48.25,-25.50,900,31.5,-45.0&");
  expect(again({ ...FULL, camera }).camera).toEqual(camera);
  const turned = { lat: 1, lon: 2, height_km: 900, heading: 31.5 };
  expect(again({ ...FULL, camera: turned }).camera).toEqual({ ...turned, pitch: -90 });
});

test("nonsense in numbers is left out", () => {
  const { page } = opened("#camera=95,0,100&t=soon&altitude=high");
  expect([page.camera, page.time_s, page.altitude_km]).toEqual([null, null, null]);
  expect(opened("#camera=5,0,100,20").page.camera).toBeNull();
  expect(opened("#camera=5,0,100,20,95").page.camera).toBeNull();
});

test("a tour or a dossier alone share no state", () => {
  expect(readFragment("#tour=0").shared).toBe(false);
  expect(readFragment("#tour=0").tour).toBe(false);
  expect(readFragment("#dossier=pacific").shared).toBe(false);
  expect(readFragment("#claim=x").shared).toBe(true);
});

test("two globes compare by themselves: their maps are no differences", () => {
  expect(layerAsk({ ...FULL, split: null })?.against).toBe("third-site");
  expect(layerAsk(FULL)?.against).toBeNull();
});

test("states are told apart by their figures, not by the order of them", () => {
  const state = { dossier: "d", viewpoint: null };
  expect(stateKey({ ...state, set: { a: "1", b: "2" } })).toBe(
    stateKey({ ...state, set: { b: "2", a: "1" } }),
  );
  expect(stateKey({ ...state, set: { a: "1" } })).not.toBe(stateKey({ ...state, set: { a: "2" } }));
});

test("a folder is seen as usual unless the reader has said otherwise", () => {
  expect([sees(FULL, "fans", false), sees(FULL, "coverage", false), sees(FULL, "missiles", true)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(withFolder(FULL, "fans", false, false)).toEqual({ hidden: ["missiles", "looks"], shown: [] });
  expect(withFolder(FULL, "missiles", true, true)).toEqual({ hidden: ["looks"], shown: ["fans"] });
  expect(withFolder(FULL, "radars", false, true).hidden).toContain("radars");
});
