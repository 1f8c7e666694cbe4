/** The command line that gives what the page shows. */

import type { Case, State } from "../protocol";

/** The command in full; a viewpoint is written out as the figures that it sets. */
export function commandLine(state: State, shown: Pick<Case, "viewpoints">): string {
  const view = shown.viewpoints.find((each) => each.name === state.viewpoint)?.set ?? {};
  const figures = { ...view, ...state.set };
  return ["midcourse", "assess", quoted(state.dossier), ...Object.entries(figures).map(option)].join(" ");
}

/** A word as a POSIX shell takes it: quoted only where it must be. */
export function quoted(word: string): string {
  if (word !== "" && !/[^\w@%+=:,./-]/.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}

function option([path, value]: [string, string]): string {
  return `--set ${quoted(`${path}=${value}`)}`;
}
