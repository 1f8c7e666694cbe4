import { defineConfig } from "vite";
import { CESIUM_FOLDER, cesium } from "./build/cesium.ts";
import { outlines } from "./build/outlines.ts";

export default defineConfig({
  // Addresses are relative, so that the page works under any path that it is served at.
  base: "./",
  logLevel: "warn",
  plugins: [cesium(), outlines()],
  define: { CESIUM_FOLDER: JSON.stringify(CESIUM_FOLDER) },
  build: {
    outDir: "../src/midcourse/server/page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
    license: { fileName: "licences.md" },
    rolldownOptions: {
      output: {
        // A chunk of its own for what seldom changes, so that a change of the page leaves it in the browser's cache.
        codeSplitting: { groups: [{ name: "cesium", test: /node_modules/ }] },
      },
    },
  },
});
