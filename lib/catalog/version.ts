import manifest from "../../deno.json" with { type: "json" };

/** attest's own version. */
export const VERSION: string = manifest.version;
