import { describe, expect, test } from "vitest";
import { axis, geometric, logAxis, round } from "../src/board/axis";
import { decidersUnder, worthNaming } from "../src/board/deciders";
import { binned } from "../src/board/distribution";
import { Results } from "../src/board/results";
import * as w from "../src/board/wording";
import { NARROW_SPACE } from "../src/shell/numbers";
import { CASE, claim, lever, verdict } from "./sample";

const shown = (text: string) => text.replaceAll(NARROW_SPACE, "_");

const PAYLOAD = {
  parameter: "interceptor.gbi.payload",
  label: "Payload of the interceptor",
  share: 0.87,
  share_ci: null,
  flips_at: 909.79,
  unit: "kg",
};

test("a claim's row in words", () => {
  expect(shown(w.test(claim()))).toBe("≥_10_%");
  expect(shown(w.valueText(claim(), verdict()))).toBe("94_%");
  expect(shown(w.rangeText(claim(), verdict()))).toBe("15 to 93_%");
  expect(shown(w.chanceText(verdict()))).toBe("holds in 96_% of 256 worlds");
  expect(w.chanceText(verdict({ probability: null }))).toBe("not yet judged");
});

test("rounding never carries a value across its threshold", () => {
  const near = verdict({ value: 9.96, low: 2, high: 30 });
  expect(shown(w.valueText(claim({ threshold: 10 }), near))).toBe("9.96_%");
});

test("where the verdict turns depends on which side the figure stands, and on what holds there", () => {
  expect(shown(w.turnText(PAYLOAD, true, 120, lever()))).toBe("fails above 910_kg");
  expect(shown(w.turnText(PAYLOAD, true, 1000, lever()))).toBe("fails below 910_kg");
  expect(shown(w.turnText(PAYLOAD, false, 120, lever()))).toBe("holds above 910_kg");
  expect(shown(w.turnText(PAYLOAD, null, 120, lever()))).toBe("turns at 910_kg");
  expect(w.turnText({ ...PAYLOAD, flips_at: null }, true, 120, lever())).toBe("");
});

test("what decides is the figure that turns the verdict, though another moves it more", () => {
  const mover = { ...PAYLOAD, label: "Thrust", share: 0.99, flips_at: null };
  const told = w.decidesText(verdict(), [mover, PAYLOAD], () => ({ lever: lever(), value: 120 }));
  expect(told).toMatchObject({ lead: "decided by", figure: "payload of the interceptor" });
  const moved = w.decidesText(verdict(), [mover], () => null);
  expect(moved).toEqual({ lead: "moved most by", figure: "thrust", turn: "" });
});

test("where nothing decides, that is said", () => {
  expect(w.decidesText(verdict(), [], () => null).figure).toBe("no figure alone moves it much");
  const still = verdict({ low: 0, high: 0 });
  expect(w.decidesText(still, [], () => null).figure).toBe("nothing published moves it");
});

describe("what decides under a state", () => {
  const state = { dossier: "d", viewpoint: null, set: {} };
  const delay = { ...PAYLOAD, parameter: "doctrine.delay", share: 0.1, flips_at: 165 };
  const held = { ...state, set: { "interceptor.gbi.payload": "840 kg" } };

  test("is what decides in the dossier where nothing is changed", () => {
    expect(decidersUnder(state, [delay, PAYLOAD], undefined)).toEqual([PAYLOAD, delay]);
  });

  test("keeps a figure that the reader holds, and where the verdict turns along it while it is the only one", () => {
    expect(decidersUnder(held, [PAYLOAD], undefined)).toEqual([PAYLOAD]);
    expect(decidersUnder(held, [PAYLOAD], [delay])).toEqual([PAYLOAD, delay]);
    const two = { ...held, set: { ...held.set, "x.y": "1" } };
    expect(decidersUnder(two, [PAYLOAD], [delay])).toEqual([{ ...PAYLOAD, flips_at: null }, delay]);
  });

  test("drops what decides no more once that is told, and until then where the verdict turned", () => {
    const other = { ...state, set: { "x.y": "1" } };
    expect(decidersUnder(other, [PAYLOAD], undefined)).toEqual([{ ...PAYLOAD, flips_at: null }]);
    expect(decidersUnder(other, [PAYLOAD], [delay])).toEqual([delay]);
    const moved = { ...PAYLOAD, flips_at: 500 };
    expect(decidersUnder(other, [PAYLOAD], [moved])).toEqual([moved]);
  });

  test("leaves out what explains next to nothing", () => {
    expect(worthNaming([{ ...PAYLOAD, share: 0.001, flips_at: null }])).toEqual([]);
  });
});

test("a change is told when a verdict turns, or when a figure moves by more than rounding", () => {
  const own = verdict();
  expect(w.change(own, verdict({ probability: 0.96, value: 94 }))).toBeNull();
  expect(w.change(own, verdict({ verdict: "undecided", probability: 0.6 }))).toMatchObject({
    verdict: ["supported", "undecided"],
    probability: [0.9648, 0.6],
  });
  expect(w.change(own, verdict({ value: 20 }))).toMatchObject({ verdict: null, value: [94.4, 20] });
  expect(w.change(undefined, own)).toBeNull();
});

test("changes are written alike on both sides", () => {
  expect(shown(w.shareChange(0.96, 0.41))).toBe("96 → 41_%");
  expect(shown(w.valueChange(claim(), 94.4, verdict({ value: 27.5 })))).toBe("94 → 28_%");
});

test("what has changed is said in a sentence", () => {
  const changed = { claim: claim(), from: "supported", to: "undecided" } as const;
  expect(w.changesText([changed])).toBe(
    "1 verdict changed: “Interceptors could be used against missiles” is now undecided.",
  );
  expect(w.changesText([])).toBe("No verdict changed.");
});

test("claims are grouped by the flights that they are about, else by the thing", () => {
  const groups = w.bySubject(CASE).map((each) => [each.title, each.claims.map(({ id }) => id)]);
  expect(groups).toEqual([
    ["Russia to the United States", ["can-engage", "too-slow"]],
    ["Ground-based interceptor", ["too-fast"]],
  ]);
  expect(w.byParty(CASE).map((each) => each.title)).toEqual(["Moscow", "MDA"]);
});

test("every bin lies on one side of the threshold, and none is lost", () => {
  const values = Array.from({ length: 200 }, (_, i) => i / 2);
  const bins = binned(values, claim(), 0, 100);
  expect(bins.reduce((sum, each) => sum + each.number, 0)).toBe(200);
  for (const bin of bins) expect(bin.passes).toBe((bin.from + bin.to) / 2 >= 10);
  const failing = bins.filter((each) => !each.passes).reduce((sum, each) => sum + each.number, 0);
  expect(failing).toBe(values.filter((each) => each < 10).length);
});

test("a value on the threshold counts on the side that the test puts it on", () => {
  const on = [10, 10, 10];
  expect(binned(on, claim({ holds: ">=" }), 0, 100)).toMatchObject([{ passes: true, number: 3 }]);
  expect(binned(on, claim({ holds: ">" }), 0, 100)).toMatchObject([{ passes: false, number: 3 }]);
  expect(binned(on, claim({ holds: "<=" }), 0, 100)).toMatchObject([{ passes: true, number: 3 }]);
  expect(binned(on, claim({ holds: "<" }), 0, 100)).toMatchObject([{ passes: false, number: 3 }]);
});

test("axes have round numbers", () => {
  expect(round(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(round(64, 1050, 4)).toEqual([500, 1000]);
  expect(axis(0, 10, 0, 100).at(5)).toBe(50);
  expect(logAxis(0.1, 10, 0, 100).at(1)).toBeCloseTo(50);
  expect(geometric([1, 2, 4, 8, 16])).toBe(true);
  expect(geometric([1, 2, 3, 4, 5])).toBe(false);
});

test("until worlds are answered the verdict before stands, and says so", () => {
  const results = new Results();
  results.hearOwn([verdict()]);
  results.hear([verdict()], [], true);
  results.await();
  expect(results.standing("can-engage")).toBe("awaited");
  const nominal = verdict({ value: 20, samples: 0, low: null, high: null, probability: null, verdict: null });
  results.hear([nominal], [], false);
  expect(results.standing("can-engage")).toBe("nominal");
  expect(results.now.get("can-engage")).toMatchObject({
    value: 20,
    probability: 0.9648,
    verdict: "supported",
  });
  results.hear([verdict({ probability: 0.4, verdict: "undecided", samples: 16 })], [], false);
  expect(results.standing("can-engage")).toBe("sampled");
  expect(results.now.get("can-engage")?.verdict).toBe("undecided");
});

test("claims that the state does not touch stand as in the dossier itself", () => {
  const results = new Results(256);
  results.hearOwn([verdict()]);
  results.await();
  results.hear([], ["can-engage"], false);
  expect(results.standing("can-engage")).toBe("final");
  expect(results.unaffected.has("can-engage")).toBe(true);
});

test("how far the worlds are is told from verdicts that are not the last", () => {
  const results = new Results(256);
  results.await();
  results.hear([verdict({ samples: 32 })], [], false);
  expect(results.progress).toMatchObject({ done: 32, total: 256 });
  results.hear([verdict()], [], true);
  expect(results.progress).toBeNull();
  expect(results.state).toBe("ready");
});
