/** What the browser runs first. It stays small: the globe, with all of Cesium, is fetched after the first paint. */

import "./page.css";

const place = document.querySelector<HTMLElement>("#globe");
if (place === null) throw new Error("index.html has no #globe");

const { openGlobe } = await import("./globe/globe");
openGlobe(place);
