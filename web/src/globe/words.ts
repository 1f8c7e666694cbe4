/** Places and times as text. */

/** A place: "54.5° N 17.1° E". */
export function placeText(lat: number, lon: number, digits = 1): string {
  const east = ((((lon + 180) % 360) + 360) % 360) - 180;
  const part = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(digits)}° ${value < 0 ? minus : plus}`;
  return `${part(lat, "N", "S")} ${part(east, "E", "W")}`;
}

/** What went wrong, without where. */
export function reasonOf(error: unknown): string {
  // Cesium's errors are no Errors.
  const known = typeof error === "object" && error !== null && "message" in error;
  return String(known ? error.message : error);
}

/** A time after the launch: "T+ 412 s". */
export function clockText(time: number): string {
  return time < 0 ? `T− ${Math.round(-time)} s` : `T+ ${Math.round(time)} s`;
}

/** A time after the launch, as a voice says it: "412 s after launch". */
export function spokenTime(time: number): string {
  return time < 0 ? `${Math.round(-time)} s before launch` : `${Math.round(time)} s after launch`;
}
