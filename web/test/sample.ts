/** A small dossier for tests, in the server's words. */

import type { Case, ClaimText, Lever, Verdict } from "../src/protocol";

export function claim(more: Partial<ClaimText> = {}): ClaimText {
  return {
    id: "can-engage",
    party: "Moscow",
    statement: "Interceptors could be used against missiles.",
    source: "A paper",
    source_url: null,
    reason: "",
    method: "",
    quantity: "engageable_share",
    unit: "%",
    holds: ">=",
    threshold: 10,
    architecture: "third-site",
    baseline: null,
    threat: "russia-us",
    radar: null,
    interceptor: null,
    layer: { quantity: "defended", architecture: "third-site", threat: "russia-us", region: "us" },
    scene: {
      kind: "flight",
      architecture: "third-site",
      threat: "russia-us",
      launch: "Kozelsk",
      target: "New York",
    },
    ...more,
  };
}

export function verdict(more: Partial<Verdict> = {}): Verdict {
  return {
    id: "can-engage",
    value: 94.4,
    holds: true,
    samples: 256,
    low: 14.7,
    high: 92.9,
    probability: 0.9648,
    probability_ci: [0.94, 0.98],
    verdict: "supported",
    ...more,
  };
}

export function lever(more: Partial<Lever> = {}): Lever {
  return {
    path: "interceptor.gbi.payload",
    group: "Interceptor",
    label: "Payload of the interceptor",
    unit: "kg",
    kind: "number",
    value: 120,
    low: 64,
    high: 1050,
    step: 10,
    options: [],
    source: "",
    note: null,
    undisclosed: true,
    decides: 11,
    quick: true,
    ...more,
  };
}

const place = (name: string) => ({ name, lat: 50, lon: 30 });

export const CASE: Case = {
  key: "third-site",
  title: "The third site",
  summary: "",
  date: "2008-03-18",
  hash: "f539",
  version: "0.1.0",
  samples: 256,
  claims: [
    claim(),
    claim({ id: "too-fast", threat: null, interceptor: "gbi", layer: null, scene: null, party: "MDA" }),
    claim({ id: "too-slow", holds: "<", party: "MDA" }),
  ],
  architectures: [
    {
      name: "third-site",
      title: "Third site",
      acts: true,
      sensors: [],
      batteries: [
        {
          name: "gbi@redzikowo",
          interceptor: "gbi",
          title: "Ground-based interceptor",
          site: "redzikowo",
          inventory: 10,
          inventory_path: "",
        },
      ],
    },
    { name: "joint", title: "Both radars", acts: true, sensors: [], batteries: [] },
  ],
  threats: [
    {
      name: "russia-us",
      title: "Russia to the United States",
      missiles: ["icbm"],
      launches: [place("Kozelsk"), place("Barents Sea, west")],
      targets: [place("New York"), place("Washington, D.C.")],
    },
    {
      name: "iran-us",
      title: "Iran to the United States",
      missiles: ["icbm"],
      launches: [place("centre")],
      targets: [place("New York")],
    },
  ],
  viewpoints: [
    {
      name: "mda",
      title: "MDA, 2007: 6.3 km/s",
      source: "",
      set: { "interceptor.gbi.burnout_speed": "6.3 km/s", "interceptor.gbi.payload": "844 kg" },
    },
  ],
  levers: [lever()],
  regions: [{ name: "us", title: "United States", box: [24, -126, 50, -66] }],
  quantities: [],
  sites: {
    redzikowo: {
      name: "redzikowo",
      title: "Redzikowo",
      lat: 54.48,
      lon: 17.1,
      altitude_m: 50,
      movable: true,
      uses: ["gbi"],
      lat_path: "site.redzikowo.lat",
      lon_path: "site.redzikowo.lon",
    },
  },
};
