import { describe, expect, test } from "vitest";
import * as n from "../src/shell/numbers";

/** Narrow spaces, which cannot be told from others in a test, as underscores. */
const shown = (text: string) => text.replaceAll(n.NARROW_SPACE, "_");

test.each([
  [94.4, 14.7, 92.9, "94"],
  [8.692731, 6.308, 8.6255, "8.7"],
  [0.954, 0.42, 1.349, "0.95"],
  [232.788, 199.75, 268.579, "233"],
  [2454.9, 1429.7, 4107.1, "2,500"],
  [-0.7733, -0.887, 0.0165, "−0.77"],
  [120, null, null, "120"],
  [0.1, null, null, "0.1"],
  [1234567, null, null, "1,230,000"],
  [0, null, null, "0"],
])("%s within %s to %s is written %s", (value, low, high, text) => {
  expect(n.significant(value, low, high)).toBe(text);
});

test("what is no number is told", () => {
  expect(n.significant(null)).toBe(n.NO_VALUE);
  expect(n.significant(Number.NaN)).toBe(n.NO_VALUE);
  expect(n.significant(Number.POSITIVE_INFINITY)).toBe("unbounded");
});

test("very large and very small numbers get powers of ten", () => {
  expect(n.asPublished(1e-6)).toBe("1×10⁻⁶");
  expect(n.significant(3.2e18)).toBe("3.2×10¹⁸");
});

test("inputs keep the digits that their source prints", () => {
  expect(n.asPublished(16202)).toBe("16,202");
  expect(n.asPublished(42.5)).toBe("42.5");
});

test.each([
  [8.69, "km/s", "8.69_km/s"],
  [2, "deg", "2°"],
  [0.4, "m^2", "0.4_m²"],
  [10, "%", "10_%"],
  [1, "shots", "1_shot"],
  [0.53, "", "0.53"],
])("%s %s is written %s", (value, unit, text) => {
  expect(shown(n.amount(value, unit))).toBe(text);
});

describe("shares", () => {
  test.each([
    [0.9648, "96_%"],
    [0, "0_%"],
    [1, "100_%"],
    [0.004, "<1_%"],
    [0.9961, ">99_%"],
  ])("%s is written %s: no certainty is rounded into being", (value, text) => {
    expect(shown(n.share(value))).toBe(text);
  });

  test("a range of them has one sign", () => {
    expect(shown(n.shareInterval(0.944, 0.978))).toBe("94 to 98_%");
    expect(shown(n.shareInterval(1, 1))).toBe("100_%");
  });
});

test("a range of values is written alike at both ends", () => {
  expect(shown(n.interval(14.7, 92.9, "%", 94.4))).toBe("15 to 93_%");
  expect(shown(n.interval(5, 5, "km"))).toBe("5_km");
});

test("where a verdict turns is told to a hundredth of the figure's range", () => {
  expect(shown(n.within(909.79, "kg", 64, 1050))).toBe("910_kg");
  expect(shown(n.within(164.501, "s", 20, 180))).toBe("165_s");
  expect(shown(n.within(0.18706, "deg", 0.03, 0.3))).toBe("0.187°");
  expect(shown(n.within(0.55613, "m^2", 0.04, 4))).toBe("0.56_m²");
});

test("numbers for --set have no separators and no more than six digits", () => {
  expect(n.plain(1234.5678)).toBe("1234.57");
  expect(n.plain(840)).toBe("840");
});
