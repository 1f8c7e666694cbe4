declare module "virtual:packed" {
  /** The globe's module (render.ts), compressed, in base64: made by build/notebook.ts. */
  const module: string;
  export default module;
}

declare module "virtual:cesium-files" {
  /** Cesium's data as addresses that hold them, by their paths in its folder. */
  const files: Record<string, string>;
  export default files;
}
