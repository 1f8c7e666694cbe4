/**
 * The globe as notebooks load it, through anywidget: https://anywidget.dev/en/afm/
 *
 * All of it lies packed in this module. It is unpacked once a page, however many globes there are.
 */

import packed from "virtual:packed";
import type { Close, Context } from "./model";

interface Module {
  render(context: Context): Promise<Close>;
}

/** Different builds in one page keep apart. */
const KEY = Symbol.for(`midcourse ${packed.length} ${packed.slice(-24)}`);
const shared = globalThis as typeof globalThis & Record<typeof KEY, Promise<Module> | undefined>;

async function unpacked(): Promise<Module> {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const code = await new Response(stream).text();
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function render(context: Context): Promise<Close> {
  shared[KEY] ??= unpacked();
  try {
    const { render } = await shared[KEY];
    return await render(context);
  } catch (error) {
    shared[KEY] = undefined;
    const told = document.createElement("p");
    told.role = "alert";
    told.textContent = `The globe cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    context.el.append(told);
    return () => told.remove();
  }
}

export default { render };
