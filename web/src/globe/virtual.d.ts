declare module "virtual:outlines" {
  /** Where the outlines are, made by build/outlines.ts. */
  const address: string;
  export default address;
}
