"use strict";
(async () => {
const RAD = Math.PI / 180, SEA = 0xffffffff, LAND = 0xffe6e6e6, PERIOD = 12, STRIPE = 3, SHADE = 0.65;
const header = JSON.parse(document.getElementById("header").textContent);
const canvas = document.getElementById("map"), pen = canvas.getContext("2d"), probe = document.getElementById("probe");

// The data: one compressed block, its arrays one after the other.
const packed = Uint8Array.from(atob(document.getElementById("block").textContent), c => c.charCodeAt(0));
let buffer;
try {
  buffer = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
} catch (error) {
  probe.textContent = "This browser cannot unpack the map; the table below stands without it.";
  return;
}
const TYPES = { f8: Float64Array, f4: Float32Array, u4: Uint32Array, i2: Int16Array, u2: Uint16Array, u1: Uint8Array };
const data = {};
let offset = 0;
for (const [name, type, length] of header.arrays) {
  data[name] = new TYPES[type](buffer, offset, length);
  offset += data[name].byteLength;
}
const { edges, counts, points, bounds, border } = data, rows = counts.length;
const starts = new Uint32Array(rows + 1);
for (let i = 0; i < rows; i++) starts[i + 1] = starts[i] + counts[i];
const even = (edges[rows] - edges[0]) / rows;
const values = header.quantities.map((_, i) => data[header.arrays[i + 1][0]]);

function cellAt(lat, lon) {
  if (!(lat >= edges[0] && lat <= edges[rows])) return -1;
  const along = ((lon - header.west) % 360 + 360) % 360;
  if (along > header.east - header.west) return -1;
  let row = Math.min(rows - 1, Math.floor((lat - edges[0]) / even));  // near; exact where rows are even
  while (row > 0 && lat < edges[row]) row--;
  while (row < rows - 1 && lat >= edges[row + 1]) row++;
  const column = Math.floor(along * counts[row] / (header.east - header.west));
  return starts[row] + Math.min(column, counts[row] - 1);
}
function isLand(lat, lon) {
  const g = header.land, row = Math.floor((lat - g.south) / g.size);
  const column = Math.floor((((lon - g.west) % 360 + 360) % 360) / g.size);
  if (row < 0 || row >= g.rows || column >= g.columns) return false;
  const bit = row * g.columns + column;
  return (data.land[bit >> 3] >> (7 - (bit & 7))) & 1;
}

// Projections of the unit sphere (Snyder 1987, eq. 24-2 to 24-4 and 20-14 to 20-18; Equal Earth: Šavrič et al. 2018).
const view0 = header.view, sinC = Math.sin(view0.lat * RAD), cosC = Math.cos(view0.lat * RAD);
const A = [1.340264, -0.081106, 0.000893, 0.003796], M = Math.sqrt(3) / 2;
const turned = lon => ((lon - view0.lon + 180) % 360 + 360) % 360 - 180;
const free = view0.projection === "laea" ? (lat, lon) => {
  const l = turned(lon) * RAD, s = Math.sin(lat * RAD), c = Math.cos(lat * RAD);
  const cosine = sinC * s + cosC * c * Math.cos(l);
  if (cosine < -0.2) return null;
  const k = Math.sqrt(2 / (1 + cosine));
  return [k * c * Math.sin(l), k * (cosC * s - sinC * c * Math.cos(l))];
} : (lat, lon) => {
  const t = Math.asin(M * Math.sin(lat * RAD)), t2 = t * t, t6 = t2 * t2 * t2;
  return [turned(lon) * RAD * Math.cos(t) / (M * (A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2))),
    t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))];
};
// Beyond the rim of a cap round a pole nothing is drawn.
const rim = header.round && view0.projection === "laea";
const project = (lat, lon) => rim && (lat < edges[0] - 1e-9 || lat > edges[rows] + 1e-9) ? null : free(lat, lon);
const place = [0, 0];  // latitude and longitude that `invert` found
const invert = view0.projection === "laea" ? (x, y) => {
  const rho = Math.hypot(x, y);
  if (rho > 2) return false;
  if (rho < 1e-12) { place[0] = view0.lat; place[1] = view0.lon; return true; }
  const c = 2 * Math.asin(rho / 2), s = Math.sin(c), k = Math.cos(c);
  place[0] = Math.asin(Math.max(-1, Math.min(1, k * sinC + y * s * cosC / rho))) / RAD;
  place[1] = view0.lon + Math.atan2(x * s, rho * cosC * k - y * sinC * s) / RAD;
  return true;
} : (x, y) => {
  let t = y;
  for (let i = 0; i < 8; i++) {
    const t2 = t * t, t6 = t2 * t2 * t2;
    t -= (t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2)) - y) / (A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2));
  }
  const sine = Math.sin(t) / M, t2 = t * t, t6 = t2 * t2 * t2;
  if (Math.abs(sine) > 1) return false;
  const lon = M * x * (A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2)) / Math.cos(t) / RAD;
  if (Math.abs(lon) > 180) return false;
  place[0] = Math.asin(sine) / RAD; place[1] = view0.lon + lon;
  return true;
};

// Colours as little-endian ABGR, as image data hold them.
const abgr = (hex, shade) => [5, 3, 1].reduce((sum, i) => sum * 256 + Math.round(parseInt(hex.substr(i, 2), 16) * shade), 255);
const plain = header.classes.map(c => abgr(c.colour, 1) >>> 0);
const striped = header.classes.map(c => abgr(c.colour, c.hatched ? SHADE : 1) >>> 0);

let [left, right, bottom, top] = view0.box;
const whole = { x: (left + right) / 2, y: (bottom + top) / 2, span: right - left };
const shape = (top - bottom) / (right - left);
const look = { ...whole };
let ratio = 1, width = 0, height = 0, waiting = null;
const toPx = p => [width / 2 + (p[0] - look.x) / look.span * width, height / 2 - (p[1] - look.y) / look.span * width];
const fromPx = (x, y) => [look.x + (x - width / 2) / width * look.span, look.y - (y - height / 2) / width * look.span];

// The outlines, projected once.
const flat = new Float32Array(points.length).fill(NaN);
for (let i = 0; i < points.length; i += 2) {
  const p = project(points[i + 1] / 100, points[i] / 100);
  if (p) { flat[i] = p[0]; flat[i + 1] = p[1]; }
}

function paint(step) {
  const across = Math.ceil(width / step), down = Math.ceil(height / step);
  const image = new ImageData(across, down), pixels = new Uint32Array(image.data.buffer);
  for (let j = 0; j < down; j++) for (let i = 0; i < across; i++) {
    const [x, y] = fromPx((i + 0.5) * step, (j + 0.5) * step);
    if (!invert(x, y) || rim && (place[0] < edges[0] || place[0] > edges[rows])) continue;
    const cell = cellAt(place[0], place[1]), kind = cell < 0 ? 255 : data.class[cell];
    pixels[j * across + i] = kind === 255 ? (isLand(place[0], place[1]) ? LAND : SEA)
      : ((i + j) * step % (PERIOD * ratio) < STRIPE * ratio ? striped : plain)[kind];
  }
  if (step === 1) { pen.putImageData(image, 0, 0); return; }
  const small = new OffscreenCanvas(across, down);
  small.getContext("2d").putImageData(image, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, across * step, down * step);
}
function line(each) {
  pen.beginPath();
  each((p, begin) => { const [x, y] = toPx(p); if (begin) pen.moveTo(x, y); else pen.lineTo(x, y); });
  pen.stroke();
}
function outlines(wanted) {
  line(add => {
    for (let arc = 0; arc + 1 < bounds.length; arc++) {
      if (border[arc] !== wanted) continue;
      let last = NaN;
      for (let i = bounds[arc]; i < bounds[arc + 1]; i++) {
        const x = flat[2 * i];
        // A leap from one edge of the world to the other is no line.
        if (x === x) add([x, flat[2 * i + 1]], !(Math.abs(x - last) < 1));
        last = x;
      }
    }
  });
}
function graticule() {
  const degrees = look.span / RAD, step = [1, 2, 5, 10, 15, 30].find(s => degrees / s <= 9) || 30;
  line(add => {
    const run = (n, at) => {
      let last = null;
      for (let i = 0; i <= n; i++) {
        const p = project(...at(i / n));
        if (p) add(p, !last || Math.abs(p[0] - last[0]) > 1);
        last = p;
      }
    };
    for (let lat = -90 + step; lat < 90; lat += step) run(240, t => [lat, view0.lon - 179.99 + t * 359.98]);
    for (let lon = -180; lon < 180; lon += step) run(120, t => [-90 + t * 180, lon]);
  });
}
// The region's edge: of the world its outermost meridians, of a cap round a pole its parallel.
function edge() {
  const W = header.west, E = header.east, south = edges[0], north = edges[rows];
  const sides = header.round && view0.projection === "laea" ? [t => [Math.abs(south) < 90 ? south : north, 360 * t]]
    : header.round ? [t => [180 * t - 90, view0.lon - 179.999], t => [180 * t - 90, view0.lon + 179.999],
      t => [90, view0.lon - 179.999 + 359.998 * t], t => [-90, view0.lon - 179.999 + 359.998 * t]]
    : [t => [south, W + (E - W) * t], t => [north, W + (E - W) * t], t => [south + (north - south) * t, W], t => [south + (north - south) * t, E]];
  line(add => {
    for (const side of sides) for (let i = 0; i <= 240; i++) {
      const p = project(...side(i / 240));
      if (p) add(p, i === 0);
    }
  });
}
function marks() {
  pen.font = `${13 * ratio}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  const taken = [];
  const spots = header.places.map(p => ({ p, at: project(p.lat, p.lon) })).filter(s => s.at).map(s => ({ p: s.p, xy: toPx(s.at) }));
  const r = 6 * ratio;
  for (const { xy: [x, y] } of spots) taken.push([x - r, y - r, x + r, y + r]);
  for (const { p, xy: [x, y] } of spots) {
    pen.beginPath();
    if (p.role === "interceptor") { pen.moveTo(x, y - r); pen.lineTo(x + r, y + r * 0.8); pen.lineTo(x - r, y + r * 0.8); pen.closePath(); }
    else if (p.role === "radar") { pen.moveTo(x, y - r); pen.lineTo(x + r, y); pen.lineTo(x, y + r); pen.lineTo(x - r, y); pen.closePath(); }
    else if (p.role === "compared") pen.rect(x - r * 0.7, y - r * 0.7, r * 1.4, r * 1.4);
    else if (p.role === "aim") pen.arc(x, y, r * 0.7, 0, 7);
    else { pen.moveTo(x - r * 0.8, y - r * 0.8); pen.lineTo(x + r * 0.8, y + r * 0.8); pen.moveTo(x - r * 0.8, y + r * 0.8); pen.lineTo(x + r * 0.8, y - r * 0.8); }
    pen.fillStyle = "#fff";
    if (p.role === "launch") { pen.strokeStyle = "#fff"; pen.lineWidth = 5 * ratio; pen.stroke(); } else pen.fill();
    pen.strokeStyle = "#1a1a1a"; pen.lineWidth = 2 * ratio; pen.stroke();
  }
  const named = new Set();
  for (const { p, xy: [x, y] } of spots) {
    if (named.has(p.name)) continue;
    named.add(p.name);
    const w = pen.measureText(p.name).width, h = 8 * ratio, gap = r + 4 * ratio;
    const spot = [[x + gap, y], [x - gap - w, y], [x + gap, y - 2 * h], [x + gap, y + 2 * h], [x - gap - w, y - 2 * h], [x - gap - w, y + 2 * h]]
      .find(([a, b]) => a > 0 && a + w < width && !taken.some(([l, t, k, u]) => a < k && a + w > l && b - h < u && b + h > t));
    if (!spot) continue;
    taken.push([spot[0], spot[1] - h, spot[0] + w, spot[1] + h]);
    pen.strokeStyle = "#fff"; pen.lineWidth = 4 * ratio; pen.strokeText(p.name, ...spot);
    pen.fillStyle = "#1a1a1a"; pen.fillText(p.name, ...spot);
  }
}
function draw(step) {
  paint(step);
  pen.lineWidth = 0.6 * ratio; pen.strokeStyle = "#9aa7b0"; graticule();
  pen.lineWidth = 0.6 * ratio; pen.strokeStyle = "#6f6f6f"; outlines(1);
  pen.lineWidth = 0.9 * ratio; pen.strokeStyle = "#3c3c3c"; outlines(0);
  pen.lineWidth = 0.8 * ratio; pen.strokeStyle = "#1a1a1a"; edge();
  marks();
  canvas.dataset.drawn = String(step);
}
// Coarse at once, fine when the hand rests.
function redraw() {
  draw(Math.max(2, Math.round(2 * ratio)));
  clearTimeout(waiting);
  waiting = setTimeout(() => draw(1), 120);
}
function fit() {
  ratio = Math.min(2, window.devicePixelRatio || 1);
  const wide = canvas.parentElement.clientWidth, high = Math.min(wide * shape, Math.max(320, window.innerHeight * 0.85));
  canvas.style.height = `${high}px`;
  width = canvas.width = Math.round(wide * ratio);
  height = canvas.height = Math.round(high * ratio);
  const zoomed = look.span / whole.span;  // what is looked at stays when the window changes
  whole.span = (view0.box[1] - view0.box[0]) * Math.max(1, wide * shape / high);
  look.span = whole.span * zoomed;
  draw(1);
}
function zoom(factor, x = width / 2, y = height / 2) {
  const before = fromPx(x, y), span = Math.min(whole.span * 1.5, Math.max(whole.span / 60, look.span * factor));
  look.span = span;
  const after = fromPx(x, y);
  look.x += before[0] - after[0]; look.y += before[1] - after[1];
  redraw();
}
function move(dx, dy) { look.x -= dx / width * look.span; look.y += dy / width * look.span; redraw(); }

const number = v => {
  const text = Math.abs(v).toLocaleString("en", { maximumSignificantDigits: 4 });
  return v < 0 ? `−${text}` : text;
};
const degrees = (v, plus, minus) => `${Math.abs(v).toFixed(1)}° ${v >= 0 ? plus : minus}`;
function read(x, y) {
  const [a, b] = fromPx(x, y);
  if (!invert(a, b)) { probe.textContent = "Off the Earth."; return; }
  const lat = place[0], lon = (place[1] + 540) % 360 - 180, cell = cellAt(lat, lon);
  const parts = [`${degrees(lat, "N", "S")} ${degrees(lon, "E", "W")}`];
  if (cell < 0) parts.push("outside the map's region");
  else {
    if (header.countries[data.country[cell]]) parts.push(header.countries[data.country[cell]]);
    header.quantities.forEach((q, i) => {
      const v = values[i][cell];
      const text = Number.isNaN(v) ? q.missing : q.words.length ? q.words[v] : `${number(v * q.factor)} ${q.unit}`.trim();
      parts.push(`${q.name}: ${text}`);
    });
    if (data.people[cell]) parts.push(`${number(data.people[cell])} city people in the cell`);
  }
  probe.textContent = parts.join(" · ");
}

const fingers = new Map();
const at = event => { const box = canvas.getBoundingClientRect(); return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio]; };
canvas.addEventListener("pointerdown", event => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, at(event)); });
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, event => fingers.delete(event.pointerId));
canvas.addEventListener("pointermove", event => {
  const now = at(event), before = fingers.get(event.pointerId);
  read(...now);
  if (!before) return;
  fingers.set(event.pointerId, now);
  if (fingers.size === 1) { move(now[0] - before[0], now[1] - before[1]); return; }
  const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
  zoom(Math.hypot(before[0] - other[0], before[1] - other[1]) / Math.max(1, Math.hypot(now[0] - other[0], now[1] - other[1])), ...other);
});
canvas.addEventListener("wheel", event => { event.preventDefault(); zoom(Math.exp(Math.sign(event.deltaY) * 0.2), ...at(event)); }, { passive: false });
canvas.addEventListener("dblclick", event => zoom(0.5, ...at(event)));
const steps = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const home = () => { Object.assign(look, whole); redraw(); };
canvas.addEventListener("keydown", event => {
  if (steps[event.key]) move(steps[event.key][0] * width / 10, steps[event.key][1] * width / 10);
  else if (event.key === "+" || event.key === "=") zoom(1 / 1.5);
  else if (event.key === "-") zoom(1.5);
  else if (event.key === "0") home();
  else return;
  event.preventDefault();
  read(width / 2, height / 2);
});
document.getElementById("in").addEventListener("click", () => zoom(1 / 1.5));
document.getElementById("out").addEventListener("click", () => zoom(1.5));
document.getElementById("whole").addEventListener("click", home);
window.addEventListener("resize", fit);
fit();
})();
