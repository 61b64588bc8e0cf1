/** A run of attest to kill. */
export interface Run {
  readonly name: string;
  /** The permission set of its task. */
  readonly permissions: string;
  /** Its command line; `out` is a folder for its output. */
  readonly command: (out: string) => readonly string[];
  /**
   * The time in milliseconds from the start of its first program within which it is killed: until everything
   * has started, and a little more.
   */
  readonly spanMs: number;
  /** The program that it needs. */
  readonly needs: string;
}

function conform(target: string, needs: string, spanMs: number): Run {
  return {
    name: target,
    permissions: "conform",
    command: (out) => {
      const on = ["--target", target, "--protocol", "3.1.1"];
      return ["main.ts", "conform", "mqtt/qos*", "--repeat", "1000", ...on, "--out", out, "--format", "json"];
    },
    spanMs,
    needs,
  };
}

function load(name: string, target: string, needs: string): Run {
  return {
    name,
    permissions: "load",
    command: (out) => {
      const on = ["--target", target, "--for", "30s"];
      return ["main.ts", "load", "point-to-point-basic", ...on, "--out", out, "--format", "json"];
    },
    spanMs: 3_000,
    needs,
  };
}

/** The runs that start programs, each with another kind of program. */
export const RUNS: readonly Run[] = [
  conform("mosquitto", "mosquitto", 3_000),
  conform("aedes", "deno", 3_000),
  conform("ejabberd", "ejabberdctl", 6_000),
  conform("rabbitmq", "rabbitmq-server", 12_000),
  load("load", "mosquitto", "mosquitto"),
  load("load-reference", "reference", "deno"),
  {
    name: "bench-load",
    permissions: "bench",
    command: () => {
      const rows = ["--rows", "flow-1", "--tools", "attest,mosquitto_pub"];
      return ["tools/bench/bench.ts", "load", ...rows, "--rounds", "1", "--seconds", "2"];
    },
    spanMs: 5_000,
    needs: "mosquitto",
  },
];

/** The run after the kills, which finds what they have left: one case, and it ends by itself. */
export const NEXT: Run = {
  name: "next",
  permissions: "conform",
  command: (out) => {
    const on = ["--target", "mosquitto", "--protocol", "3.1.1", "--filter", "mqtt/ping/each-answered"];
    return ["main.ts", "conform", "mqtt/ping", ...on, "--out", out, "--format", "json"];
  },
  spanMs: 0,
  needs: "mosquitto",
};
