import { defineConfig } from "vite";
import { packed } from "./build/notebook.ts";

/** The globe of notebooks, which Python hands to whoever shows them (src/midcourse/notebook). */
export default defineConfig({
  logLevel: "warn",
  publicDir: false,
  plugins: [packed()],
  build: {
    outDir: "../src/midcourse/notebook/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 20_000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: "src/notebook/index.ts",
      preserveEntrySignatures: "strict",
      output: { format: "es", codeSplitting: false, entryFileNames: "globe.js" },
    },
  },
});
