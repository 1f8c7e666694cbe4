/** What of the globe can be tried without drawing it. */

import { describe, expect, test } from "vitest";
import type { Layer, SceneEvent } from "../protocol";
import { Clock, clockKey } from "./clock";
import { amount, cellAt, painter, tell, unpack } from "./grid";
import { placeLabels, type Side, type Wish } from "./labels";
import { clockText, placeText } from "./words";

function layer(values: number[], with_: Partial<Layer> = {}): Layer {
  const bytes = new Uint8Array(new Float32Array(values).buffer);
  return {
    quantity: "shots",
    title: "Shots",
    unit: "shots",
    architecture: "third-site",
    against: null,
    south: 40,
    west: -10,
    step: 5,
    rows: 2,
    cols: values.length / 2,
    values: btoa(String.fromCharCode(...bytes)),
    kind: "classes",
    legend: [
      { value: 0, label: "none", colour: "#e8e8e8" },
      { value: 1, label: "1 shot", colour: "#0072b2" },
      { value: 2, label: "2 shots and more", colour: "#e69f00" },
    ],
    noun: "shots",
    missing: "no land",
    summary: "",
    seconds: 0,
    ...with_,
  };
}

describe("a layer's grid", () => {
  const grid = unpack(layer([0, 1, 2, 3, Number.NaN, 1]));

  test("lies row by row from the south-west", () => {
    expect(tell(grid, 42, -8)).toBe("no shots");
    expect(tell(grid, 44.9, -2)).toBe("1 shot");
    expect(tell(grid, 45, -10)).toBe("2 shots and more");
  });

  test("says where it has no value, and nothing beside itself", () => {
    expect(tell(grid, 47, -3)).toBe("no data: no land");
    expect(tell(grid, 39.9, -8)).toBeNull();
    expect(tell(grid, 42, 5)).toBeNull();
  });

  test("counts longitudes round the world, and has the pole", () => {
    const world = layer(Array(4).fill(0), { south: -90, west: -180, step: 90, cols: 2 });
    world.cols = 4;
    expect(cellAt(world, 10, 190)).toBe(4);
    expect(cellAt(world, 90, 179)).toBe(7);
    const pacific = layer(Array(4).fill(0), { west: 175 });
    expect(cellAt(pacific, 42, -179)).toBe(1);
  });

  test("refuses values that are not as many as its cells", () => {
    expect(() => unpack(layer([1, 2, 3, 4], { cols: 3 }))).toThrow("2 by 3 cells came with 4 values");
  });
});

describe("colours", () => {
  test("of classes are their own, greys lighter", () => {
    const paint = painter(layer([]));
    expect(paint(1)).toEqual([0, 114, 178, 255]);
    expect(paint(5)).toEqual([230, 159, 0, 255]);
    expect(paint(0)?.[3]).toBeLessThan(255);
    expect(paint(-1)).toBeNull();
  });

  test("of ramps run from stop to stop and stay beyond the last", () => {
    const legend = [
      { value: 100, label: "", colour: "#000000" },
      { value: 200, label: "", colour: "#c86400" },
    ];
    const paint = painter(layer([], { kind: "ramp", legend }));
    expect(paint(150)).toEqual([100, 50, 0, 255]);
    expect(paint(50)).toEqual([0, 0, 0, 255]);
    expect(paint(200)).toEqual([200, 100, 0, 255]);
    expect(paint(900)).toEqual([200, 100, 0, 255]);
  });
});

test("numbers have the digits that they can carry, and a unit", () => {
  expect(amount(748.31, "s")).toBe("748 s");
  expect(amount(-1066.4, "s")).toBe("−1,066 s");
  expect(amount(12.34, "%")).toBe("12.3%");
  expect(amount(3, "")).toBe("3");
});

test("places and times are told", () => {
  expect(placeText(54.479, 197.107)).toBe("54.5° N 162.9° W");
  expect(clockText(412.4)).toBe("T+ 412 s");
});

describe("labels", () => {
  const wish = (key: string, x: number, rank: number, must = false): Wish => {
    return { key, x, y: 100, radius: 5, width: 60, height: 16, rank, must };
  };

  const page = { left: 0, top: 0, right: 400, bottom: 200 };

  test("leave room to those of higher rank", () => {
    const placed = placeLabels([wish("low", 130, 1), wish("high", 100, 2)], page, [], new Map());
    const [first, second] = [placed.get("high"), placed.get("low")];
    expect(first?.[0]).toEqual([1, 0]);
    expect(second?.[0]).not.toEqual([-1, 0]);
    const [a, b] = [first?.[1], second?.[1]];
    const apart =
      a && b && (a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
    expect(apart).toBe(true);
  });

  test("stay where they were while there is room, and give way to boxes", () => {
    const left: Side = [-1, 0];
    expect(placeLabels([wish("a", 100, 1)], page, [], new Map([["a", left]])).get("a")?.[0]).toEqual(left);
    const everywhere = [{ left: 0, top: 0, right: 300, bottom: 300 }];
    // There is no room to the right of the mark.
    expect(placeLabels([wish("a", 380, 1)], page, [], new Map()).get("a")?.[0]).toEqual(left);
    expect(placeLabels([wish("a", 100, 1)], page, everywhere, new Map()).has("a")).toBe(false);
    expect(placeLabels([wish("a", 100, 1, true)], page, everywhere, new Map()).has("a")).toBe(true);
  });
});

describe("a clock", () => {
  const event = (time_s: number): SceneEvent => {
    return { time_s, kind: "other", label: "", lat: null, lon: null, altitude_km: null };
  };
  const scene = { span: [0, 1000] as [number, number], events: [event(500), event(100)] };

  test("goes by the time on the wall, and stops at the end", () => {
    const clock = new Clock();
    clock.load({}, scene);
    clock.play();
    const start = performance.now();
    clock.advance(start + 1000);
    expect(clock.time).toBeCloseTo(20, 0);
    clock.speed(200);
    for (let i = 2; i < 10; i++) clock.advance(start + 1000 * i);
    expect([clock.time, clock.playing]).toEqual([1000, false]);
    clock.play();
    expect(clock.time).toBe(0);
  });

  test("spans all scenes that it is for, and keeps a time that fits", () => {
    const clock = new Clock();
    const [one, other] = [{}, {}];
    clock.load(one, scene);
    clock.load(other, { span: [-50, 2000], events: [event(300)] });
    expect(clock.span).toEqual([-50, 2000]);
    expect(clock.events.map((each) => each.time_s)).toEqual([100, 300, 500]);
    clock.seek(1500);
    clock.load(other, null);
    expect([clock.span, clock.time]).toEqual([[0, 1000], 0]);
    clock.seek(400);
    clock.load(one, scene);
    expect(clock.time).toBe(400);
  });

  test("tells of two globes apart what differs", () => {
    const clock = new Clock();
    const seen = (side: "left" | "right", time_s: number) => ({ ...event(time_s), label: "seen", side });
    clock.load({}, { span: [0, 1000], events: [seen("right", 50), seen("right", 70)] });
    clock.load({}, { span: [0, 1000], events: [seen("left", 60), seen("left", 50)] });
    expect(clock.events.map((each) => [each.time_s, each.side])).toEqual([
      [50, undefined],
      [60, "left"],
      [70, "right"],
    ]);
  });

  test("answers keys", () => {
    const clock = new Clock();
    clock.load({}, scene);
    const press = (key: string, shift = false) => {
      expect(clockKey(clock, key, shift)).toBe(true);
      return clock.time;
    };
    expect(press("ArrowRight")).toBe(1);
    expect(press("ArrowRight", true)).toBe(11);
    expect(press("]")).toBe(100);
    expect(press("]")).toBe(500);
    expect(press("[")).toBe(100);
    expect(press("End")).toBe(1000);
    expect(clockKey(clock, "x", false)).toBe(false);
  });
});
