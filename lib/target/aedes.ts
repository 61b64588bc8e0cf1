import type { ProcessStart } from "./process_form.ts";

/** The arguments with which attest runs aedes: one script, with the permission set `aedes`. */
const SCRIPT = [
  "deno",
  "run",
  "--quiet",
  "--no-prompt",
  "--config={attest}/deno.json",
  "-P=aedes",
  "{attest}/tools/brokers/aedes.ts",
];

/** Starts aedes, a broker for Node. No text from a target file goes into its command line. */
export const AEDES: ProcessStart = {
  kind: "process",
  command: [...SCRIPT, "{port}"],
  version: [...SCRIPT, "--version"],
  startMs: 60_000,
};
