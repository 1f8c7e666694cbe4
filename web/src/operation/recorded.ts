/** A recorded run: the server makes it again from its record, and shows it as a scene. */

import { postText, Refusal } from "../link";
import type { SceneAnswer } from "../protocol";

/**
 * Play a record. It names its dossier; where that is not to be had, or is another of the same name, it may be
 * the one under `shown`, which the reader has brought.
 */
export async function openRecord(record: string, shown: string): Promise<SceneAnswer> {
  const path = "api/operations/recorded";
  try {
    return await postText<SceneAnswer>(path, record);
  } catch (error) {
    if (!(error instanceof Refusal) || !shown.startsWith(BROUGHT)) throw error;
    return postText<SceneAnswer>(`${path}?dossier=${encodeURIComponent(shown)}`, record);
  }
}

/** What the keys of uploaded dossiers begin with. */
const BROUGHT = "upload-";
