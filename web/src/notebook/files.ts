/** Cesium's files, from memory. */

import { buildModuleUrl, Resource } from "@cesium/engine";

/** What of Cesium's loading can be set; its types do not tell of it. */
type Located = typeof buildModuleUrl & { setBaseUrl(folder: string): void };
type Loading = typeof Resource & {
  _Implementations: Record<
    "loadWithXhr" | "loadImageElement",
    (address: string, ...rest: unknown[]) => unknown
  >;
};

/** The build's folder of Cesium's files (build/notebook.ts): there is none. */
declare const CESIUM_FOLDER: string;

/** Give Cesium its files when it asks for them: addresses that hold them, by their paths in its folder. */
export function provide(files: Record<string, string>): void {
  const folder = `${CESIUM_FOLDER}/`;
  (buildModuleUrl as Located).setBaseUrl(folder);
  const { _Implementations: ways } = Resource as Loading;
  const held = (address: string): string => {
    if (!address.startsWith(folder)) return address;
    const path = address.slice(folder.length);
    const file = files[path];
    if (file === undefined) throw new Error(`this build of the globe has no ${path}`);
    return file;
  };
  const { loadWithXhr, loadImageElement } = ways;
  ways.loadWithXhr = (address, ...rest) => loadWithXhr(held(address), ...rest);
  ways.loadImageElement = (address, ...rest) => loadImageElement(held(address), ...rest);
}
