import { HOME } from "./home.ts";

/** The folder of the shipped targets. */
export const TARGETS = new URL("suites/targets/", HOME);
/** The folder of the shipped load profiles. */
export const PROFILES = new URL("suites/load/", HOME);
