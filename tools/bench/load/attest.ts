import config from "../../../deno.json" with { type: "json" };
import type { Tool, ToolStart } from "./peers.ts";
import type { Work } from "./work.ts";

const FOLDER = "results/bench/attest";

/** The flags of the task `load`, by which users start it. */
const FLAGS: readonly string[] = config.tasks.load.command.split(" ").filter((word) => word.startsWith("-"));

/** attest itself: as users start it, in both of its modes. */
export const ATTEST: readonly Tool[] = [
  {
    name: "attest",
    column: "attest",
    start: (work, port, seconds) => start(work, port, seconds, "throughput"),
  },
  {
    name: "attest-latency",
    column: "attest latency",
    start: (work, port, seconds) => start(work, port, seconds, "latency"),
    p99: reported,
  },
];

function start(
  work: Work,
  port: number,
  seconds: number,
  mode: "throughput" | "latency",
): readonly ToolStart[] | undefined {
  const profile = (name: string, values: readonly string[]): readonly ToolStart[] => {
    const file = new URL(`profiles/${name}.yaml`, import.meta.url).pathname;
    const sets = [...values, `seconds=${seconds}s`].flatMap((value) => ["--set", value]);
    const to = ["--target", `mqtt://127.0.0.1:${port}`, "--out", FOLDER, "--format", "json"];
    const args = ["run", "-q", "--no-prompt", ...FLAGS, "main.ts", "load", file, ...to, ...sets];
    return [{ program: Deno.execPath(), args, times: 1 }];
  };
  switch (work.kind) {
    case "publish":
      return profile("publish", [`clients=${work.clients}`, `mode=${mode}`]);
    case "flow":
      return profile("flow", [
        `pairs=${work.pairs}`,
        `qos=${work.qos}`,
        `window=${work.window}`,
        `mode=${mode}`,
      ]);
    case "idle":
      return mode === "throughput" ? undefined : profile("idle", [`clients=${work.clients}`]);
    case "rate":
      // Throughput mode records no timings.
      if (mode === "throughput") return undefined;
      return profile("rate", [
        `pairs=${work.pairs}`,
        `rate=${work.rate}`,
        `qos=${work.qos}`,
        `window=${work.window}`,
      ]);
  }
}

/** Returns the 99th percentile from a message's planned moment to its arrival, from the result of the run. */
async function reported(): Promise<number | undefined> {
  const result = JSON.parse(await Deno.readTextFile(`${FOLDER}/result.json`));
  const us: unknown = result.load?.timings?.latency?.p99;
  return typeof us === "number" ? us / 1000 : undefined;
}
