/** A recorded run: the server makes it again from its record, and shows it as a scene. */

import { postText } from "../link";
import type { SceneAnswer } from "../protocol";

export function openRecord(record: string): Promise<SceneAnswer> {
  return postText<SceneAnswer>("api/operations/recorded", record);
}
