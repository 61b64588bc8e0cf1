/** What the package is called, and the Deno that it brings. This is the only place that says so. */

/** The name of the package at npm. */
export const NPM_NAME = "attest-mqtt";

/** The command that the package installs. */
export const BIN = "attest";

/** The version of npm's `deno` that runs it, as the README, the action and the CI templates name it. */
export const DENO_VERSION = "2.9.6";

/** The most bytes that the tarball may have. */
export const MOST_BYTES = 2_000_000;
