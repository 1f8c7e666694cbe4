/** Opening a dossier of one's own: its files or its folder are sent to the server, which says what is wrong in them. */

import { postJson, Refusal } from "../link";
import type { Refused } from "../protocol";
import { dialog } from "./dialog";
import { attribute, fill, h } from "./dom";

/** Lines shown above and below the one at fault. */
const AROUND = 1;
/** As much as the server takes [bytes]. */
const LARGEST = 1_900_000;

export function openUpload(open: (dossier: string) => void): void {
  const told = h("div", { class: "upload-told", role: "status" });
  const send = async (files: File[]) => {
    if (files.length === 0) return;
    fill(told, h("p", {}, "Reading …"));
    try {
      const read = await texts(files);
      const made = await postJson<{ key: string }>("api/dossiers", { files: read });
      open(made.key);
      box.close();
    } catch (error) {
      const read = await texts(files).catch(() => ({}));
      fill(
        told,
        ...(error instanceof Refusal
          ? faultOf(error.refused, read)
          : [h("p", { class: "lever-wrong" }, wordsOf(error))]),
      );
    }
  };
  const pick = (folder: boolean) => {
    const input = h("input", {
      type: "file",
      multiple: true,
      ...(folder ? { webkitdirectory: true } : { accept: ".toml" }),
    });
    input.addEventListener("change", () => void send([...(input.files ?? [])]));
    return input;
  };
  const [files, folder] = [pick(false), pick(true)];
  const drop = h(
    "div",
    {
      class: "upload-drop",
      ondragover: (event: DragEvent) => {
        event.preventDefault();
        attribute(drop, "data-over", true);
      },
      ondragleave: () => attribute(drop, "data-over", false),
      ondrop: (event: DragEvent) => {
        event.preventDefault();
        attribute(drop, "data-over", false);
        void dropped(event).then(send);
      },
    },
    h("p", {}, "Drop the files or the folder of a dossier here, or"),
    h(
      "div",
      { class: "upload-buttons" },
      h("label", { class: "button" }, "Choose files", files),
      h("label", { class: "button" }, "Choose a folder", folder),
    ),
  );
  const box = dialog(
    "upload",
    "Open a dossier of your own",
    h(
      "p",
      {},
      "A dossier is a folder of TOML files that begins with dossier.toml; ",
      h("code", {}, "midcourse new my-dossier"),
      " makes one to start from. It stays on the server that this page came from, until that is stopped.",
    ),
    drop,
    told,
  );
}

async function texts(files: File[]): Promise<Record<string, string>> {
  const kept = files.filter((each) => each.name.endsWith(".toml"));
  if (kept.length === 0) throw new Error("There is no TOML file among them.");
  if (kept.reduce((sum, each) => sum + each.size, 0) > LARGEST)
    throw new Error("Together they are larger than 1.9 MB.");
  const read = await Promise.all(kept.map(async (each) => [each.name, await each.text()] as const));
  return Object.fromEntries(read);
}

/** The files dropped, those in folders too. */
async function dropped(event: DragEvent): Promise<File[]> {
  const entries = [...(event.dataTransfer?.items ?? [])].flatMap((each) => each.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) return [await new Promise<File>((give, refuse) => entry.file(give, refuse))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  // A reader gives a hundred entries at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((give, refuse) => reader.readEntries(give, refuse));
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(filesIn))).flat();
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** What is wrong in a dossier, with the lines that it is about. */
function faultOf(refused: Refused, read: Record<string, string>): HTMLElement[] {
  const parts: HTMLElement[] = [h("p", { class: "lever-wrong", role: "alert" }, refused.message)];
  const name = Object.keys(read).find(
    (each) => refused.file !== null && (refused.file === each || refused.file.endsWith(`/${each}`)),
  );
  if (name !== undefined && refused.line !== null)
    parts.push(quotation(name, read[name] ?? "", refused.line));
  return parts;
}

function quotation(name: string, whole: string, line: number): HTMLElement {
  const lines = whole.split("\n");
  const list = h("ol", { class: "quotation-lines", start: Math.max(1, line - AROUND) });
  for (let at = Math.max(1, line - AROUND); at <= Math.min(lines.length, line + AROUND); at += 1) {
    list.append(h("li", { "aria-current": at === line && "true" }, h("code", {}, lines[at - 1] ?? "")));
  }
  return h("figure", { class: "quotation" }, h("figcaption", {}, name), list);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
