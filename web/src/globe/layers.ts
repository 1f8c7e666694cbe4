/** A layer on the ground: one rectangle with a picture of the grid, a pixel a cell. */

import {
  EllipsoidSurfaceAppearance,
  GeometryInstance,
  Material,
  Primitive,
  Rectangle,
  RectangleGeometry,
  type Scene,
  TextureMagnificationFilter,
  TextureMinificationFilter,
} from "@cesium/engine";
import { type Grid, paint } from "./grid";

/** How much of the ground a layer covers. */
const OPACITY = 0.7;
const RADIANS = Math.PI / 180;

/** What materials have that Cesium does not tell: putting a picture on the graphics card before it is drawn. */
type Uploading = Material & { update(context: unknown): void };

export class LayerOnGround {
  #scene: Scene;
  #primitive: Primitive | null = null;
  #where = "";

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Draw a grid in place of the one before, or none. */
  show(grid: Grid | null): void {
    if (grid === null) {
      if (this.#primitive !== null) this.#scene.primitives.remove(this.#primitive);
      this.#primitive = null;
      this.#where = "";
      return;
    }
    const { south, west, step, rows, cols } = grid.layer;
    const where = [south, west, rows * step, cols * step].join(" ");
    if (this.#primitive === null || where !== this.#where) {
      if (this.#primitive !== null) this.#scene.primitives.remove(this.#primitive);
      this.#primitive = this.#scene.primitives.add(
        rectangle(south, west, rows * step, cols * step),
      ) as Primitive;
      this.#where = where;
    }
    const { material } = this.#primitive.appearance;
    Object.assign(material.uniforms, { image: pictureOf(grid) });
    // Cesium would draw the picture from the second frame on: one is noticed in the first update, and sent in the next.
    const { context } = this.#scene as Scene & { context: unknown };
    (material as Uploading).update(context);
    (material as Uploading).update(context);
  }
}

function pictureOf(grid: Grid): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = grid.layer.cols;
  canvas.height = grid.layer.rows;
  canvas.getContext("2d", { willReadFrequently: true })?.putImageData(paint(grid), 0, 0);
  return canvas;
}

function rectangle(south: number, west: number, height: number, width: number): Primitive {
  const geometry = new RectangleGeometry({
    rectangle: new Rectangle(
      wrapped(west),
      south * RADIANS,
      // The whole way round would be no way at all.
      width >= 360 ? wrapped(west) + 2 * Math.PI - 1e-9 : wrapped(west + width),
      Math.min(south + height, 90) * RADIANS,
    ),
    granularity: 2 * RADIANS,
    vertexFormat: EllipsoidSurfaceAppearance.VERTEX_FORMAT,
  });
  return new Primitive({
    geometryInstances: new GeometryInstance({ geometry }),
    asynchronous: false,
    allowPicking: false,
    appearance: new EllipsoidSurfaceAppearance({
      flat: true,
      material: new Material({
        fabric: { type: "Image", uniforms: { color: { red: 1, green: 1, blue: 1, alpha: OPACITY } } },
        minificationFilter: TextureMinificationFilter.NEAREST,
        magnificationFilter: TextureMagnificationFilter.NEAREST,
        translucent: true,
      }),
    }),
  });
}

function wrapped(degrees: number): number {
  return (((((degrees + 180) % 360) + 360) % 360) - 180) * RADIANS;
}
