/** In place of the decoders of compressed 3D models, which the page has none of. */

function refuse(): never {
  throw new Error("compressed 3D models cannot be read: this build has no decoders of them");
}

export const MeshoptDecoder = new Proxy({}, { get: refuse });
export const loadSpz = refuse;
