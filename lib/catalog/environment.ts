/** Describes the runtime and the machine, for the record of a run. */
export function environment(): Readonly<Record<string, string>> {
  return {
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    os: Deno.build.os,
    arch: Deno.build.arch,
    cores: String(navigator.hardwareConcurrency),
  };
}
