/**
 * The globe of notebooks as a single module: there is neither a network nor a server that it could fetch files from. It
 * holds Cesium with its workers and data packed, for it is sent to every notebook and kept in those that are saved.
 */

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type InlineConfig, type Plugin, type Rolldown } from "vite";
import { dataAddress } from "./address.ts";
import { cesiumCode, cesiumData, cesiumWorkers } from "./cesium.ts";
import { outlines } from "./outlines.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FILES = fileURLToPath(new URL("../src/notebook/files.ts", import.meta.url));
const GLOBE = fileURLToPath(new URL("../src/notebook/render.ts", import.meta.url));

/** Where Cesium believes its files to be. Nothing is ever asked there: see src/notebook/files.ts. */
const NOWHERE = "https://cesium.invalid/files";
/** What workers need of Cesium's data. */
const FOR_WORKERS = ["Assets/approximateTerrainHeights.json"];

// Places where Cesium would look for its workers beside the page.
const STARTS_WORKERS = {
  file: "/Core/TaskProcessor.js",
  from: "  if (crossOriginUrl) {\n",
  to: '  if (crossOriginUrl && typeof CESIUM_WORKERS === "undefined") {\n',
};
const LOADS_WORKERS = [
  STARTS_WORKERS,
  {
    file: "/Workers/createGeometry.js",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Cesium's code
    from: "await import(`./${moduleName}.js`)",
    to: "await globalThis.CesiumWorkers[moduleName]()",
  },
];

/** The licences of what is packed, and its styles, beside the module. */
const LICENCES = "licences.md";
const STYLES = "globe.css";

/** `import packed from "virtual:packed"` gives the globe's module, compressed, in base64. */
export function packed(): Plugin {
  return virtual("packed", async function () {
    let module = "";
    for (const made of await built(GLOBE, "es", [
      cesiumCode(),
      within(true),
      virtual("cesium-files", () => JSON.stringify(addresses())),
      virtual("cesium-workers", workers),
      outlines(true),
      scoped(),
    ])) {
      if (made.type === "chunk") module += made.code;
      else if (made.fileName === LICENCES || made.fileName === STYLES) {
        this.emitFile({ type: "asset", fileName: made.fileName, source: made.source });
      } else this.error(`${made.fileName} has no place in a single module`);
    }
    return JSON.stringify(gzipSync(module, { level: 9 }).toString("base64"));
  });
}

function addresses(): Record<string, string> {
  return Object.fromEntries([...cesiumData()].map(([path, data]) => [path, dataAddress(path, data)]));
}

/** All of Cesium's workers as one script, that runs the one it is asked for. */
async function workers(): Promise<string> {
  const modules = cesiumWorkers().map(
    (name) => `${JSON.stringify(name)}: () => import("@cesium/engine/Source/Workers/${name}.js"),`,
  );
  const entry = `import { provide } from ${JSON.stringify(FILES)};
    provide(globalThis.CESIUM_FILES);
    globalThis.CesiumWorkers = { ${modules.join("\n")} };`;
  const made = await built("virtual:workers", "iife", [
    cesiumCode(),
    within(false),
    virtual("workers", () => entry, ""),
  ]);
  const files = addresses();
  const needed = Object.fromEntries(FOR_WORKERS.map((path) => [path, files[path]]));
  const code = made.map((each) => (each.type === "chunk" ? each.code : "")).join("");
  return JSON.stringify(`self.CESIUM_FILES=${JSON.stringify(needed)};\n${code}`);
}

/** Cesium that loads no worker from a file; `starting` that it starts some itself. */
function within(starting: boolean): Plugin {
  return {
    name: "cesium-within",
    transform: {
      filter: { id: /@cesium\/engine\/Source\/.*\.js$/ },
      handler(code, id) {
        const place = LOADS_WORKERS.find(({ file }) => id.endsWith(file));
        if (place === undefined) return null;
        if (!code.includes(place.from))
          this.error("Cesium loads its workers in another way than the build expects");
        const made = code.replace(place.from, place.to);
        const starts = starting && place === STARTS_WORKERS;
        return starts ? `import CESIUM_WORKERS from "virtual:cesium-workers";\n${made}` : made;
      },
    },
  };
}

/** Styles that hold within the globe's own elements, for a notebook has its own: the page's, the root among them. */
function scoped(): Plugin {
  return {
    name: "scoped",
    transform: {
      filter: { id: /\.css$/ },
      handler: (code) => `.midcourse {\n${code.replaceAll(":root", "&")}\n}`,
    },
  };
}

/** A module without a file, that exports by default what an expression says, or is all that is said. */
function virtual(
  name: string,
  say: (this: Rolldown.PluginContext) => string | Promise<string>,
  before = "export default ",
): Plugin {
  const [asked, found] = [`virtual:${name}`, `\0virtual:${name}`];
  return {
    name: asked,
    resolveId: (id) => (id === asked ? found : null),
    load: {
      filter: { id: new RegExp(`^${found}$`) },
      async handler() {
        return `${before}${await say.call(this)}`;
      },
    },
  };
}

/** What a build of one entry makes, written nowhere. */
async function built(
  entry: string,
  format: "es" | "iife",
  plugins: Plugin[],
): Promise<Rolldown.RolldownOutput["output"]> {
  const config: InlineConfig = {
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: "warn",
    plugins,
    define: { CESIUM_FOLDER: JSON.stringify(NOWHERE) },
    build: {
      write: false,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: false,
      cssCodeSplit: false,
      chunkSizeWarningLimit: 20_000,
      license: { fileName: LICENCES },
      rolldownOptions: {
        input: entry,
        // Cesium asks for its own address where it was not told of another.
        checks: { emptyImportMeta: false, pluginTimings: false },
        preserveEntrySignatures: "strict",
        output: {
          format,
          codeSplitting: false,
          entryFileNames: basename(STYLES, ".css"),
          assetFileNames: STYLES,
        },
      },
    },
  };
  const made = (await build(config)) as Rolldown.RolldownOutput;
  return made.output;
}
