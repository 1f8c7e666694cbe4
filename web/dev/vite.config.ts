import { mergeConfig } from "vite";
import page from "../vite.config.ts";

/** Pages for trying parts of the page by themselves; they are built beside it, and never shipped. */
export default mergeConfig(page, {
  build: {
    outDir: "../node_modules/.dev",
    license: false,
    rolldownOptions: { input: "dev/globe.html" },
  },
});
