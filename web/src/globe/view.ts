/** The globe's place in the page: Cesium's canvas, and over it a canvas and elements of our own. */

import { Math as Angles, Cartesian2, Cartesian3, type CesiumWidget, Ellipsoid } from "@cesium/engine";

export interface Place {
  lat: number;
  lon: number;
}

/** A point of the page, from the globe's top left corner [px]. */
export interface Spot {
  x: number;
  y: number;
}

/** An element of a class, in another. */
export function element<K extends keyof HTMLElementTagNameMap>(
  within: HTMLElement,
  kind: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(kind);
  made.className = className;
  made.textContent = text;
  within.append(made);
  return made;
}

/** Say how things stand in an element's data, for styles and for tests; null takes it back. */
export function report(element: HTMLElement, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(`data-${name}`);
  else element.setAttribute(`data-${name}`, value);
}

const scratch = new Cartesian3();
/** A point on the ground at the horizon is still seen. */
const ROUNDING = 1e-5;

/** A place on the ground, or above it [m], in Cesium's coordinates. */
export function onEarth({ lat, lon }: Place, height = 0): Cartesian3 {
  return Cartesian3.fromDegrees(lon, lat, height);
}

/** How far apart two places are over the ground [km], on a sphere: for telling, not for reckoning. */
export function distance(a: Place, b: Place): number {
  const angle = Cartesian3.angleBetween(onEarth(a), onEarth(b));
  return (angle * Ellipsoid.WGS84.maximumRadius) / 1000;
}

/** Puts points of the world on the page; of one moment, as the camera stood. */
export class Projection {
  #widget: CesiumWidget;
  /** The camera where the Earth is a sphere of radius 1, and the square of how far its horizon is. */
  #eye: Cartesian3;
  #horizon: number;

  constructor(widget: CesiumWidget) {
    this.#widget = widget;
    this.#eye = Ellipsoid.WGS84.transformPositionToScaledSpace(widget.camera.positionWC);
    this.#horizon = Cartesian3.magnitudeSquared(this.#eye) - 1;
  }

  /** Where a point appears, or null where the Earth hides it. */
  at(point: Cartesian3): Spot | null {
    const way = Ellipsoid.WGS84.transformPositionToScaledSpace(point, scratch);
    Cartesian3.subtract(way, this.#eye, way);
    // Beyond the plane through the horizon, and within the cone that touches the Earth there.
    const along = -Cartesian3.dot(way, this.#eye);
    const beyond = along > this.#horizon + ROUNDING;
    if (beyond && along ** 2 / Cartesian3.magnitudeSquared(way) > this.#horizon) return null;
    const spot = this.#widget.scene.cartesianToCanvasCoordinates(point);
    return spot === undefined ? null : { x: spot.x, y: spot.y };
  }
}

/** The place on the ground under a point of the page, or null beside the Earth. */
export function groundAt(widget: CesiumWidget, { x, y }: Spot): Place | null {
  const point = widget.camera.pickEllipsoid(new Cartesian2(x, y), Ellipsoid.WGS84);
  if (point === undefined) return null;
  const found = Ellipsoid.WGS84.cartesianToCartographic(point);
  return { lat: Angles.toDegrees(found.latitude), lon: Angles.toDegrees(found.longitude) };
}
