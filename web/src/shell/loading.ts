/** Fetching what the page is about, again and again while no server answers. */

import { getJson, Refusal } from "../link";
import type { Case, Health } from "../protocol";
import { byId, fill, h } from "./dom";
import { notice } from "./notices";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** The case that the address names, else the one that is served; null where there is none, which the page then says. */
export async function loadCase(named: string | undefined): Promise<{ case: Case; served: string } | null> {
  withoutToken();
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const health = getJson<Health>("api/health");
      health.then(tellFirstRun, () => {});
      const key = named ?? (await health).dossier;
      const [{ dossier: served }, found] = await Promise.all([
        health,
        getJson<Case>(`api/cases/${encodeURIComponent(key)}`),
      ]);
      notice("offline", null);
      return { case: found, served };
    } catch (error) {
      if (error instanceof Refusal && error.status < 500) {
        refused(error, named);
        return null;
      }
      notice("offline", {
        words: "The server cannot be reached. Trying again by itself; is “midcourse serve” running?",
        kind: "warning",
        stays: true,
      });
      document.body.dataset["state"] = "offline";
      await new Promise((go) => setTimeout(go, wait));
    }
  }
}

/** Nobody is to wonder why the first answers take so long. */
function tellFirstRun({ first_run }: Health): void {
  if (!first_run) return;
  notice("first-run", {
    words: "First run: the physics is being compiled, which takes a minute or two. Later runs start at once.",
    kind: "told",
    stays: true,
  });
}

function refused(error: Refusal, named: string | undefined): void {
  document.body.dataset["state"] = "failed";
  fill(byId("title"), "No dossier");
  const words =
    error.status === 401 || error.status === 403
      ? "This server lets in only those who open the whole address that it printed when it started, with its token."
      : error.message;
  fill(
    byId("board"),
    h(
      "div",
      { class: "failed" },
      h("h2", {}, "Nothing can be shown"),
      h("p", { role: "alert" }, words),
      named !== undefined &&
        h(
          "button",
          {
            type: "button",
            class: "button",
            onclick: () => {
              location.hash = "";
              location.reload();
            },
          },
          "Open the dossier that is served",
        ),
    ),
  );
}

/** Takes the token out of the address: the server has it in a cookie by now, and it is not to be shared. */
function withoutToken(): void {
  const address = new URL(location.href);
  if (!address.searchParams.has("token")) return;
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
}
