import { expect, test } from "vitest";
import { commandLine, quoted } from "../src/levers/command";
import { baseOf, figureOf, numberIn, typed, written } from "../src/levers/figures";
import { movedTo, standingOf } from "../src/levers/places";
import { Scale } from "../src/levers/scale";
import { CASE, lever } from "./sample";

const STATE = { dossier: "third-site", viewpoint: null, set: {} };

test("the command is that of a shell, with a viewpoint's figures under the reader's own", () => {
  expect(commandLine(STATE, CASE)).toBe("midcourse assess third-site");
  const set = { "interceptor.gbi.payload": "840 kg" };
  expect(commandLine({ ...STATE, viewpoint: "mda", set }, CASE)).toBe(
    "midcourse assess third-site --set 'interceptor.gbi.burnout_speed=6.3 km/s' --set 'interceptor.gbi.payload=840 kg'",
  );
});

test.each([
  ["third-site", "third-site"],
  ["a b", "'a b'"],
  ["it's", `'it'"'"'s'`],
  ["$HOME", "'$HOME'"],
  ["", "''"],
  ["x=1", "x=1"],
])("%s is quoted as %s", (word, text) => {
  expect(quoted(word)).toBe(text);
});

test("a figure stands at the reader's, else the viewpoint's, else the dossier's", () => {
  const own = { ...STATE, viewpoint: "mda", set: { "interceptor.gbi.payload": "900 kg" } };
  expect(figureOf(lever(), CASE, STATE)).toMatchObject({ value: 120, by: "dossier" });
  expect(figureOf(lever(), CASE, { ...STATE, viewpoint: "mda" })).toMatchObject({
    value: 844,
    by: "viewpoint",
  });
  expect(figureOf(lever(), CASE, own)).toMatchObject({ value: 900, by: "reader" });
  expect(baseOf(lever(), CASE, own)).toMatchObject({ value: 844, by: "viewpoint" });
});

test("a figure in another unit is shown as it was written", () => {
  const set = { "interceptor.gbi.payload": "0.84 t" };
  expect(figureOf(lever(), CASE, { ...STATE, set })).toMatchObject({ value: null, text: "0.84 t" });
});

test("numbers are read only in the unit asked for", () => {
  expect(numberIn("840 kg", "kg")).toBe(840);
  expect(numberIn("-2.5e1 deg", "deg")).toBe(-25);
  expect(numberIn("840", "kg")).toBeNull();
  expect(numberIn("0.5", "")).toBe(0.5);
  expect(numberIn("0.5", "1")).toBe(0.5);
});

test("what is typed gets the lever's unit, unless it has one", () => {
  expect(typed("1,040", lever())).toBe("1040 kg");
  expect(typed("0.84 t", lever())).toBe("0.84 t");
  expect(typed("−3", lever({ unit: "dB" }))).toBe("-3 dB");
  expect(written(0.53, "")).toBe("0.53");
});

test("a moved site imposes its coordinates; moved back, none", () => {
  const site = CASE.sites["redzikowo"];
  if (site === undefined) throw new Error("the sample has no such site");
  const figures = movedTo(site, 50.12345, 17.1);
  expect(figures).toEqual({ "site.redzikowo.lat": "50.123 deg", "site.redzikowo.lon": null });
  expect(standingOf(site, { "site.redzikowo.lat": "50.123 deg" })).toEqual({
    lat: 50.123,
    lon: 17.1,
    moved: true,
  });
  expect(standingOf(site, {})).toMatchObject({ moved: false });
});

test("a slider has both ends, and round figures between", () => {
  const scale = new Scale(64, 1050, 10);
  expect([scale.value(0), scale.value(scale.positions)]).toEqual([64, 1050]);
  expect(scale.value(scale.position(840))).toBe(840);
  expect(scale.share(64 + 986 / 4)).toBeCloseTo(0.25);
});

test("a range over several powers of ten is spread by ratio", () => {
  const scale = new Scale(0.04, 4, 0.01);
  expect(scale.share(0.4)).toBeCloseTo(0.5);
  expect(scale.value(scale.position(0.4))).toBeCloseTo(0.4);
});

test("a figure beyond its range is at the end of the slider", () => {
  const scale = new Scale(64, 1050, 10);
  expect(scale.position(5000)).toBe(scale.positions);
  expect(scale.position(1)).toBe(0);
});
