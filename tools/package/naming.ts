/** The name of the package, and its Deno version. This is the only place that defines them. */

/** The name of the package at npm. */
export const NPM_NAME = "attest-mqtt";

/** The command that the package installs. */
export const BIN = "attest";

/** The version of npm's `deno` that runs it, as named in the README, the action and the CI templates. */
export const DENO_VERSION = "2.9.6";

/** The size limit of the tarball in bytes. */
export const MOST_BYTES = 2_000_000;
