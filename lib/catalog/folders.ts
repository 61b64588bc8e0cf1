import { HOME } from "./home.ts";

/** The folder of the targets that ship. */
export const TARGETS = new URL("suites/targets/", HOME);
/** The folder of the load profiles that ship. */
export const PROFILES = new URL("suites/load/", HOME);
