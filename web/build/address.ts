/** Files as addresses that hold them. */

const TYPES: Record<string, string> = {
  bin: "application/octet-stream",
  jpg: "image/jpeg",
  json: "application/json",
  xml: "text/xml",
};

/** A file as an address that holds it. */
export function dataAddress(name: string, source: Uint8Array): string {
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
  if (type === undefined) throw new Error(`what kind of file is ${name}?`);
  return `data:${type};base64,${Buffer.from(source).toString("base64")}`;
}
