/** Coasts and borders, as thin lines over the ground and over what layers cover. */

import address from "virtual:outlines";
import {
  BoundingSphere,
  Cartesian3,
  Color,
  ColorGeometryInstanceAttribute,
  ComponentDatatype,
  Geometry,
  GeometryAttribute,
  GeometryAttributes,
  GeometryInstance,
  PerInstanceColorAppearance,
  Primitive,
  PrimitiveType,
} from "@cesium/engine";

const COAST = Color.fromCssColorString("#c3cde0");
const BORDER = Color.fromCssColorString("#93a1bd");
/** How high lines lie [m]: above layers, which are flat between points some hundred kilometres apart. */
const HEIGHT = 4000;
/** Steps per degree in the file (src/midcourse/atlas/outlines.py). */
const PER_DEGREE = 1000;

/** Fetch the world's outlines and give them a shape. */
export async function loadOutlines(): Promise<Primitive> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the world's outlines did not come: ${answer.status}`);
  const file = await answer.arrayBuffer();
  const count = new DataView(file).getUint32(0, true);
  const starts = new Int32Array(file, 4, 2 * count);
  const lengths = new Int32Array(file, 4 + 8 * count, count);
  const points = lengths.reduce((sum, length) => sum + length, 0);
  const steps = new Int16Array(file, 4 + 12 * count, 2 * points);
  const border = new Uint8Array(file, 4 + 12 * count + 4 * points, count);
  const positions = new Float64Array(3 * points);
  const lines = { coast: [] as number[], border: [] as number[] };
  const point = new Cartesian3();
  let next = 0;
  lengths.forEach((length, arc) => {
    let [x, y] = [starts[2 * arc] ?? 0, starts[2 * arc + 1] ?? 0];
    const within = border[arc] ? lines.border : lines.coast;
    for (let i = 0; i < length; i++, next++) {
      x += steps[2 * next] ?? 0;
      y += steps[2 * next + 1] ?? 0;
      Cartesian3.fromDegrees(x / PER_DEGREE, y / PER_DEGREE, HEIGHT, undefined, point);
      positions.set([point.x, point.y, point.z], 3 * next);
      if (i > 0) within.push(next - 1, next);
    }
  });
  return new Primitive({
    geometryInstances: [instance(positions, lines.border, BORDER), instance(positions, lines.coast, COAST)],
    appearance: new PerInstanceColorAppearance({ flat: true, translucent: false }),
    asynchronous: false,
    allowPicking: false,
  });
}

function instance(positions: Float64Array, lines: number[], colour: Color): GeometryInstance {
  const position = new GeometryAttribute({
    componentDatatype: ComponentDatatype.DOUBLE,
    componentsPerAttribute: 3,
    values: positions,
  });
  return new GeometryInstance({
    geometry: new Geometry({
      // Cesium asks for all attributes that there are, and takes those that it finds.
      attributes: Object.assign(new GeometryAttributes(), { position }),
      indices: new Uint32Array(lines),
      primitiveType: PrimitiveType.LINES,
      boundingSphere: new BoundingSphere(Cartesian3.ZERO, 6.4e6),
    }),
    attributes: { color: ColorGeometryInstanceAttribute.fromColor(colour) },
  });
}
