/** Saying that the server was lost, and when it is tried again; `tell` is told too, each time once. */

import type { Link } from "../link";
import { announce, notice } from "./notices";

export function offlineNotice(link: Link, tell: (lost: boolean) => void): void {
  let lost = false;
  const say = () => {
    const seconds = link.retryAt === null ? 0 : Math.max(0, Math.round((link.retryAt - Date.now()) / 1000));
    const when = seconds > 1 ? ` Trying again in ${seconds} s.` : " Trying again …";
    notice("offline", {
      words: `The server was lost. What is shown stays; nothing new is reckoned.${when}`,
      kind: "warning",
      stays: true,
      action: { label: "Try now", act: () => link.retry() },
    });
  };
  link.onStatus((status) => {
    if (status === "lost") {
      say();
      if (!lost) tell(true);
      lost = true;
    } else if (status === "open" && lost) {
      lost = false;
      notice("offline", null);
      announce("The server is back.");
      tell(false);
    }
  });
}
