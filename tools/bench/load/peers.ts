import { OwnFolder } from "../../../lib/target/watch/own_folder.ts";
import { Watch } from "../../../lib/target/watch/watch.ts";
import { PAYLOAD, type Work } from "./work.ts";

/** How to start a tool for a piece of work. */
export interface ToolStart {
  readonly program: string;
  readonly args: readonly string[];
  /** The number of its processes; `{n}` in an argument is the number of each, from 0. */
  readonly times: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A tool of the bench. */
export interface Tool {
  readonly name: string;
  /** The column of the table; several tools may share one, and the best of them is shown. */
  readonly column: Column;
  /** How many idle connections it can hold with 20,000 descriptors, if not all of them. */
  readonly mostIdle?: number;
  /** Returns how to start it for the work, or undefined if it does not support it. */
  start(work: Work, port: number, seconds: number): readonly ToolStart[] | undefined;
  /**
   * Returns the 99th percentile of the latency in milliseconds from its output, or undefined; absent if it
   * reports none.
   */
  p99?(printed: string): Promise<number | undefined> | number | undefined;
}

export const COLUMNS = ["batched", "raw", "libmosquitto", "other", "attest", "attest latency"] as const;
export type Column = typeof COLUMNS[number];

/** A tool that is missing, and why. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

const BUILT = "results/bench";

/** Builds and finds the peers: the two comparators, MQTT.js, mosquitto_pub and mosquitto_sub. */
export async function findPeers(): Promise<{ tools: Tool[]; missing: Missing[] }> {
  await Deno.mkdir(BUILT, { recursive: true });
  // A compiler could outlive a killed bench too.
  await using folder = await OwnFolder.make();
  await using watch = await Watch.start("bench", folder);
  const build = (name: string, libraries: readonly string[]) => built(name, libraries, watch.env);
  const tools: Tool[] = [];
  const missing: Missing[] = [];
  const add = (name: string, reason: string | undefined, ...found: Tool[]) => {
    if (reason === undefined) tools.push(...found);
    else missing.push({ name, reason });
  };
  add(
    "raw C",
    await build("raw", []),
    comparator("raw-batched", "batched", "raw", 1),
    comparator("raw", "raw", "raw", 0),
  );
  add(
    "C on libmosquitto",
    await build("libmosquitto", ["-lmosquitto"]),
    {
      ...comparator("libmosquitto", "libmosquitto", "libmosquitto", 0),
      // Each client has a socket pair in addition to its connection.
      mostIdle: 6_000,
    },
  );
  add("watch", await build("watch", []));
  tools.push(mqttJs);
  const clients = await runs("mosquitto_pub", ["--help"]) && await runs("mosquitto_sub", ["--help"]);
  add("mosquitto_pub", clients ? undefined : "it is in Debian's mosquitto-clients", mosquittoClients);
  return { tools, missing };
}

/** The path of the program that waits for a number of descriptors. */
export const WATCH = `./${BUILT}/watch`;

/** Compiles a comparator, or returns why it could not. */
async function built(
  name: string,
  libraries: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const source = new URL(`peers/${name}.c`, import.meta.url).pathname;
  try {
    const { success, stderr } = await new Deno.Command("gcc", {
      args: ["-O2", "-o", `${BUILT}/${name}`, source, ...libraries],
      env: { ...env },
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) return undefined;
    const said = new TextDecoder().decode(stderr).split("\n").find((line) => line.includes("error"));
    return `gcc could not build it: ${said ?? "no reason given"}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "gcc is not installed";
    throw error;
  }
}

async function runs(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Returns the arguments that the comparators and the MQTT.js script accept. */
function words(work: Work, port: number, seconds: number): string[] {
  const common = [`port=${port}`, `seconds=${seconds}`];
  switch (work.kind) {
    case "publish":
      return [...common, `pubs=${work.clients}`];
    case "flow":
      return [
        ...common,
        `pubs=${work.pairs}`,
        `subs=${work.pairs}`,
        `qos=${work.qos}`,
        `window=${work.window}`,
      ];
    case "idle":
      return [...common, `idle=${work.clients}`];
    case "rate":
      return [
        ...common,
        `pubs=${work.pairs}`,
        `subs=${work.pairs}`,
        `rate=${work.rate}`,
        `qos=${work.qos}`,
        `window=${work.window}`,
      ];
  }
}

/** Reads the latencies from the last line that a comparator prints. */
function p99Of(printed: string): number | undefined {
  const line = printed.split("\n").find((one) => one.includes('"done"'));
  const p99: unknown = line === undefined ? undefined : JSON.parse(line).p99;
  return typeof p99 === "number" ? p99 : undefined;
}

function comparator(name: string, column: Column, program: string, batched: number): Tool {
  return {
    name,
    column,
    start(work, port, seconds) {
      // Batching by the millisecond is for throughput; the column without batching has the latency.
      if (batched && work.kind === "rate") return undefined;
      const args = [...words(work, port, seconds), `batched=${batched}`];
      return [{ program: `./${BUILT}/${program}`, args, times: 1 }];
    },
    p99: p99Of,
  };
}

const mqttJs: Tool = {
  name: "MQTT.js",
  column: "other",
  start(work, port, seconds) {
    // It has its own configuration, because MQTT.js brings types of Node that would change those of the whole
    // project.
    const folder = new URL("peers/mqttjs/", import.meta.url).pathname;
    const run = [
      "run",
      "-q",
      "--no-prompt",
      "--config",
      `${folder}deno.json`,
      "-P=peer",
      `${folder}mqttjs.ts`,
    ];
    const args = [...run, ...words(work, port, seconds)];
    return [{ program: Deno.execPath(), args, times: 1 }];
  },
  p99: p99Of,
};

const mosquittoClients: Tool = {
  name: "mosquitto_pub",
  column: "other",
  start(work, port) {
    const to = ["-h", "127.0.0.1", "-p", String(port), "-t", "bench/{n}"];
    // Not fed by lines (-l), because it then queues without limit what it cannot send, and that never reaches
    // the broker.
    const publish = (qos: number, times: number): ToolStart => ({
      program: "mosquitto_pub",
      args: [...to, "-q", String(qos), "-m", "x".repeat(PAYLOAD), "--repeat", "1000000000"],
      times,
    });
    if (work.kind === "publish") return [publish(0, work.clients)];
    // Its window is fixed at the library's 20, and it has no clock, so it supports only this work.
    if (work.kind !== "flow") return undefined;
    const subscribe = { program: "mosquitto_sub", args: [...to, "-q", String(work.qos)], times: work.pairs };
    return [subscribe, publish(work.qos, work.pairs)];
  },
};
