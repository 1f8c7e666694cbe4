/** What Cesium needs of a build beyond being bundled: its data and workers beside the page, and code that suits the page. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { minifySync, type Plugin } from "vite";

const ENGINE = dirname(fileURLToPath(import.meta.resolve("@cesium/engine/package.json")));

const DECODERS = fileURLToPath(new URL("decoders.ts", import.meta.url));

/** The folder of the build, seen from the page, in which Cesium looks for its files. */
export const CESIUM_FOLDER = "cesium";

// The world's picture, and how high the ground is at most, which shapes that drape over the ground ask for.
const ASSETS = ["Textures/NaturalEarthII", "approximateTerrainHeights.json"];

// Workers that build shapes and smooth ground. Those that unpack 3D tiles, compressed meshes and textures, or the
// terrain of other hosts stay out, and with them all of Cesium's WebAssembly.
const WORKERS =
  /^(create\w*Geometry|combineGeometry|createVerticesFromHeightmap|upsampleQuantizedTerrainMesh|incrementallyBuildTerrainPicker|transferTypedArrayTest)\.js$/;

// Checks of arguments that Cesium marks as being for development; its own production build drops them too.
const CHECKS = /^[ \t]*\/\/>>includeStart\('debug'[^\n]*\n[\s\S]*?\/\/>>includeEnd\('debug'\);?[ \t]*\n?/gm;

// Places that `style-src 'self'` forbids: a <style> element and a style in markup. Styles set by script are allowed.
const STYLED = [
  {
    file: "/Scene/CreditDisplay.js",
    from: `const styleElem = document.createElement("style");
  styleElem.innerHTML = style;
  shadowRootOrDocumentHead.appendChild(styleElem);
`,
    to: `const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  (getShadowRoot(container) ?? document).adoptedStyleSheets.push(sheet);
`,
  },
  {
    file: "/Core/FeatureDetection.js",
    from: `canvas.setAttribute(
      "style",
      "image-rendering: -moz-crisp-edges;" + "image-rendering: pixelated;",
    );
`,
    to: `canvas.style.imageRendering = "pixelated";
`,
  },
];

/** Cesium in a page, with its files beside the page. */
export function cesium(): Plugin[] {
  return [cesiumCode(), cesiumBeside()];
}

/** Code that suits the page, wherever Cesium then looks for its files. */
export function cesiumCode(): Plugin {
  let forDevelopment = false;
  return {
    name: "cesium-code",
    apply: "build",
    // Decoders of compressed 3D models compile WebAssembly when they are loaded, which `script-src 'self'` forbids.
    config: () => ({
      resolve: { alias: [{ find: /^(meshoptimizer|@spz-loader\/core)$/, replacement: DECODERS }] },
    }),
    configResolved(config) {
      forDevelopment = config.mode === "development";
    },
    transform: {
      filter: { id: /@cesium\/engine\/Source\/.*\.js$/ },
      handler(code, id) {
        let made = code;
        for (const { file, from, to } of STYLED) {
          if (!id.endsWith(file)) continue;
          if (!made.includes(from)) this.error("Cesium sets a style in another way than the build expects");
          made = made.replace(from, to);
        }
        return forDevelopment ? made : made.replace(CHECKS, "");
      },
    },
  };
}

/** Cesium's files in the folder that it looks for them in. */
function cesiumBeside(): Plugin {
  return {
    name: "cesium-beside",
    apply: "build",
    generateBundle() {
      const put = (path: string, source: string | Uint8Array) =>
        this.emitFile({ type: "asset", fileName: `${CESIUM_FOLDER}/${path}`, source });
      for (const [path, source] of cesiumData()) put(path, source);
      const workers = join(ENGINE, "Build/Workers");
      for (const name of withImports(workers, WORKERS)) {
        const made = minifySync(name, readFileSync(join(workers, name), "utf8"));
        if (made.errors.length > 0) this.error(`${name}: ${made.errors[0]?.message}`);
        put(`Workers/${name}`, made.code);
      }
    },
  };
}

/** Cesium's data, by where it looks for them in its folder. */
export function cesiumData(): Map<string, Uint8Array> {
  const assets = join(ENGINE, "Source/Assets");
  const files = ASSETS.flatMap((name) => filesOf(join(assets, name)));
  return new Map(
    files.map((file) => [`Assets/${relative(assets, file).split(sep).join("/")}`, readFileSync(file)]),
  );
}

/** Names of Cesium's workers. */
export function cesiumWorkers(): string[] {
  return readdirSync(join(ENGINE, "Source/Workers"))
    .filter((name) => WORKERS.test(name))
    .map((name) => name.replace(/\.js$/, ""));
}

/** A file, or all files in a folder and the folders in it. */
function filesOf(path: string): string[] {
  try {
    return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [path];
    throw error;
  }
}

/** Names of the modules of a folder that match, and of all modules beside them that they import. */
function withImports(folder: string, wanted: RegExp): Set<string> {
  const found = new Set<string>();
  const open = readdirSync(folder).filter((name) => wanted.test(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const code = readFileSync(join(folder, name), "utf8");
    // Only what is imported in any case: createGeometry could import every worker, when it is named one.
    for (const match of code.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) {
      if (match[1] !== undefined) open.push(match[1]);
    }
  }
  return found;
}
