/** Where the camera is, how it gets elsewhere, and what keys do to it. */

import {
  Math as Angles,
  type Camera,
  Cartesian2,
  Cartesian3,
  type CesiumWidget,
  Ellipsoid,
  HeadingPitchRange,
  Matrix4,
} from "@cesium/engine";
import { onEarth, type Place } from "./view";

/** Where the camera is; it looks straight down with north above unless it says otherwise. */
export interface CameraState {
  lat: number;
  lon: number;
  height_km: number;
  /** The way it looks, clockwise from north, and above the horizon [deg]. */
  heading?: number;
  pitch?: number;
}

const DOWN = -90;
/** A camera that looks down within this [deg] counts as one that looks straight down. */
const LEVEL = 0.5;
const EARTH = Ellipsoid.WGS84.maximumRadius;
export const LOWEST = 40e3;
export const HIGHEST = 40e6;
/** How long a flight of the camera takes [s]. */
const FLIGHT = 1.2;
/** What a key zooms by, and how far it moves, of what is in sight. */
const ZOOM = 1.5;
const PAN = 0.12;
const TILT = 45;
const NEAR_POLE = 1.48;

export function stateOf(camera: Camera): CameraState {
  const { latitude, longitude, height } = camera.positionCartographic;
  const state: CameraState = {
    lat: rounded(Angles.toDegrees(latitude), 3),
    lon: rounded(Angles.toDegrees(longitude), 3),
    height_km: rounded(height / 1000, 1),
  };
  const heading = rounded(Angles.toDegrees(camera.heading), 1) % 360;
  const pitch = rounded(Angles.toDegrees(camera.pitch), 1);
  if (pitch > DOWN + LEVEL) state.pitch = pitch;
  if (Math.min(heading, 360 - heading) > LEVEL) state.heading = heading;
  return state;
}

export function fly(camera: Camera, state: CameraState, animate: boolean): void {
  const destination = onEarth(state, 1000 * state.height_km);
  const orientation = {
    heading: Angles.toRadians(state.heading ?? 0),
    pitch: Angles.toRadians(state.pitch ?? DOWN),
    roll: 0,
  };
  camera.cancelFlight();
  if (animate) camera.flyTo({ destination, orientation, duration: FLIGHT });
  else camera.setView({ destination, orientation });
}

/** Where a camera that looks straight down has all places in sight, its view `fov` wide in its narrow direction [rad]. */
export function framing(places: Place[], fov: number): CameraState {
  const middle = Cartesian3.clone(Cartesian3.ZERO);
  const ways = places.map((place) => Cartesian3.normalize(onEarth(place), new Cartesian3()));
  for (const way of ways) Cartesian3.add(middle, way, middle);
  // Opposite places have no middle: the first will do.
  const ahead = Cartesian3.magnitude(middle) > 1e-6 ? middle : (ways[0] ?? Cartesian3.UNIT_X);
  const widest = Math.max(...ways.map((way) => Cartesian3.angleBetween(way, ahead)), 0.03);
  const half = (fov / 2) * 0.8;
  const shown = Math.min(widest, 1.3);
  const height = Math.max(
    EARTH * (Math.sin(shown) / Math.tan(half) + Math.cos(shown) - 1),
    // They are this side of the horizon.
    (1.05 * EARTH) / Math.cos(shown) - EARTH,
  );
  const centre = Ellipsoid.WGS84.cartesianToCartographic(
    Cartesian3.multiplyByScalar(Cartesian3.normalize(ahead, new Cartesian3()), EARTH, new Cartesian3()),
  );
  return {
    lat: Angles.toDegrees(centre.latitude),
    lon: Angles.toDegrees(centre.longitude),
    height_km: Math.min(height, HIGHEST) / 1000,
  };
}

/** The view's angle in its narrow direction [rad]. */
export function narrow({ camera, canvas }: CesiumWidget): number {
  const { frustum } = camera;
  const wide = "fov" in frustum ? (frustum.fov as number) : Math.PI / 3;
  const [least, most] = [canvas.clientWidth, canvas.clientHeight].sort((a, b) => a - b) as [number, number];
  return 2 * Math.atan(Math.tan(wide / 2) * (least / Math.max(most, 1)));
}

/** What the camera looks at on the ground, or what lies below it. */
function middleOf({ camera, canvas }: CesiumWidget): Cartesian3 {
  const middle = new Cartesian2(canvas.clientWidth / 2, canvas.clientHeight / 2);
  const { latitude, longitude } = camera.positionCartographic;
  return camera.pickEllipsoid(middle) ?? Cartesian3.fromRadians(longitude, latitude);
}

/** Go nearer to what is in the middle, or away from it. */
export function zoom(widget: CesiumWidget, nearer: boolean): void {
  const { camera } = widget;
  const range = Cartesian3.distance(camera.positionWC, middleOf(widget));
  const next = Math.min(Math.max(nearer ? range / ZOOM : range * ZOOM, LOWEST), HIGHEST);
  camera.moveForward(range - next);
}

/** Look at what is in the middle from the side, or from above again. */
export function tilt(widget: CesiumWidget): void {
  const { camera } = widget;
  const middle = middleOf(widget);
  const range = Cartesian3.distance(camera.positionWC, middle);
  const level = Angles.toDegrees(camera.pitch) < DOWN + 10;
  const pitch = Angles.toRadians(level ? TILT - 90 : DOWN);
  camera.lookAt(middle, new HeadingPitchRange(level ? camera.heading : 0, pitch, range));
  camera.lookAtTransform(Matrix4.IDENTITY);
}

/** Go along the ground: by parts of the height, to the right and ahead on the page. */
function pan({ camera }: CesiumWidget, right: number, ahead: number): void {
  const { heading, pitch, roll } = camera;
  const { latitude, longitude, height } = camera.positionCartographic;
  const far = Math.min((PAN * height) / EARTH, 0.3);
  const north = far * (ahead * Math.cos(heading) - right * Math.sin(heading));
  const east = far * (right * Math.cos(heading) + ahead * Math.sin(heading));
  const lat = Math.min(Math.max(latitude + north, -NEAR_POLE), NEAR_POLE);
  const lon = Angles.negativePiToPi(longitude + east / Math.cos(lat));
  camera.setView({
    destination: Cartesian3.fromRadians(lon, lat, height),
    orientation: { heading, pitch, roll },
  });
}

/** What a key does to the camera; whether it does anything. */
export function cameraKey(widget: CesiumWidget, key: string): boolean {
  if (key === "+" || key === "=") zoom(widget, true);
  else if (key === "-") zoom(widget, false);
  else if (key === "ArrowLeft") pan(widget, -1, 0);
  else if (key === "ArrowRight") pan(widget, 1, 0);
  else if (key === "ArrowUp") pan(widget, 0, 1);
  else if (key === "ArrowDown") pan(widget, 0, -1);
  else if (key === "t" || key === "T") tilt(widget);
  else return false;
  return true;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
