import { expect, test } from "vitest";
import { clockOf, scoreOf } from "../src/operation/controls";
import type { OperationEvent, OperationHeader, OperationMessage } from "../src/operation/protocol";
import { marked, Run } from "../src/operation/run";

const STATE = { type: "state", time_s: 0, speed: 20, running: true, over: false, lost_s: 0 } as const;

const HEADER: OperationHeader = {
  type: "header",
  protocol: 1,
  dossier: "third-site",
  title: "Third site",
  architecture: "third-site",
  seed: 0,
  run: 0,
  speed: 20,
  command: "midcourse run third-site",
  raid: ["M1", "M2"].map((missile) => ({
    missile,
    kind: "icbm",
    start: "east",
    target: "Chicago",
    launch_s: 0,
  })),
  sensors: [{ name: "emr@brdy", title: "Brdy", lat_deg: 49.7, lon_deg: 13.7, link: "national" }],
  batteries: [{ name: "gbi@redzikowo", title: "Redzikowo", lat_deg: 54.5, lon_deg: 17.1, interceptors: 10 }],
  threats: [],
  incidents: [],
  state: STATE,
};

let number = 0;
const event = (
  time_s: number,
  node: string,
  kind: string,
  more: Record<string, unknown> = {},
): OperationEvent => {
  number += 1;
  return { type: "event", event: number, time_s, node, kind, text: `${kind}.`, ...more };
};
const told = (...messages: OperationMessage[]) => {
  const run = new Run();
  for (const each of [HEADER, ...messages]) run.hear(each);
  return run;
};

test("what is done to a run that stands still shows at once, and once only", () => {
  const incident = { at_s: 30, do: "delay", what: "emr@brdy", by_s: 20 } as const;
  const run = told({ type: "accepted", do: "inject", incident });
  expect(run.part("emr@brdy").delay_s).toBe(20);
  run.hear(event(30, "incident", "delay", { what: "emr@brdy", by_s: 20 }));
  expect(run.part("emr@brdy").delay_s).toBe(20);
  // The same again is another.
  run.hear(event(40, "incident", "delay", { what: "emr@brdy", by_s: 20 }));
  expect(run.part("emr@brdy").delay_s).toBe(40);
});

test("a run is prepared, goes on, stands still and is over", () => {
  const run = new Run();
  run.hear({ type: "preparing", stage: "flights" });
  expect([run.phase, run.stage]).toEqual(["preparing", "flights"]);
  run.hear(HEADER);
  expect(run.phase).toBe("running");
  run.hear({ ...STATE, running: false });
  expect(run.phase).toBe("paused");
  run.hear({ type: "summary", finished: true, time_s: 1500, events: 2, incidents: [] });
  expect(run.phase).toBe("over");
  run.hear({ ...STATE, running: false });
  expect(run.phase).toBe("over");
});

test("each missile's line says how far the defence is with it", () => {
  const run = told(
    event(0, "M1", "launch", { missile: "M1" }),
    event(250, "emr@brdy", "found", { missile: "M1" }),
    event(300, "command", "launch ordered", { missile: "M1" }),
    event(310, "gbi@redzikowo", "launched", { missile: "M1", left: 9 }),
    event(700, "M1", "destroyed", { missile: "M1" }),
    event(800, "emr@brdy", "lost", { missile: "M1" }),
    event(1500, "M2", "impact", { missile: "M2", target: "Chicago" }),
  );
  expect(run.missiles.get("M1")).toMatchObject({ stage: "hit", ended: "hit", shots: 1 });
  expect(run.missiles.get("M2")).toMatchObject({ stage: "got through", ended: "through" });
  expect(run.left.get("gbi@redzikowo")).toBe(9);
  expect(scoreOf(run)).toBe("2 missiles: 1 hit, 1 got through");
  expect(run.time_s).toBe(1500);
});

test("a missile that joins the raid gets a line", () => {
  const run = told(event(60, "M3", "launch", { missile: "M3" }));
  expect([...run.missiles.keys()]).toEqual(["M1", "M2", "M3"]);
});

test("what befalls a part is known until it is undone", () => {
  const run = told(
    event(1, "incident", "fail", { what: "emr@brdy" }),
    event(2, "incident", "delay", { what: "emr@brdy", by_s: 30 }),
    event(3, "incident", "withdraw", { what: "emr@brdy" }),
  );
  expect(run.part("emr@brdy")).toEqual({ down: true, withdrawn: true, delay_s: 30 });
  run.hear(event(4, "incident", "restore", { what: "emr@brdy" }));
  run.hear(event(5, "incident", "share", { what: "emr@brdy" }));
  expect(run.part("emr@brdy")).toEqual({ down: false, withdrawn: false, delay_s: 30 });
  expect(run.part("thule@thule")).toEqual({ down: false, withdrawn: false, delay_s: 0 });
});

test("a timeline marks what counts: the first sight, not every one; of many events only the ends", () => {
  const few = [
    event(0, "M1", "launch", { missile: "M1" }),
    event(250, "emr@brdy", "found", { missile: "M1" }),
    event(260, "thule@thule", "found", { missile: "M1" }),
    event(265, "command", "believes", { missile: "M1" }),
    event(700, "I1", "hit", { missile: "M1" }),
  ];
  expect(marked(few).map((each) => each.kind)).toEqual(["launch", "sight", "intercept"]);
  const many = Array.from({ length: 30 }, (_, i) => [
    event(i, `M${i}`, "launch", { missile: `M${i}` }),
    event(900 + i, `M${i}`, "impact", { missile: `M${i}` }),
  ]).flat();
  expect(new Set(marked(many).map((each) => each.kind))).toEqual(new Set(["impact"]));
});

test("times are minutes and seconds", () => {
  expect([clockOf(0), clockOf(75.4), clockOf(1524)]).toEqual(["0:00", "1:15", "25:24"]);
});
