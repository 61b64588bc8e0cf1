import type { Counters, MeasuredBroker } from "./broker.ts";
import { type Tool, type ToolStart, WATCH } from "./peers.ts";
import { treeUsage } from "./process_tree.ts";
import type { Work } from "./work.ts";

/** The result of one tool in one round of one row; which fields it has depends on the row. */
export interface Figures {
  readonly messagesPerSecond?: number;
  /** Processor seconds of the tool's whole process tree per million messages. */
  readonly cpuPerMillion?: number;
  readonly connectsPerSecond?: number;
  readonly bytesPerConnection?: number;
  /** In milliseconds, as the tool reported it. */
  readonly p99?: number;
  /** Processor seconds per second. */
  readonly cores?: number;
  /** In milliseconds: the correct 99th percentile for the freeze row. */
  readonly trueP99?: number | undefined;
  /** A remark that a reader of the figure needs. */
  readonly remark?: string | undefined;
}

/** The processes of a tool. Disposing them ends each by its process id. */
class Running implements AsyncDisposable {
  readonly pids: readonly number[];
  readonly #children: readonly Deno.ChildProcess[];
  readonly #reading: readonly Promise<void>[];
  #printed = "";
  #complained = "";
  #changed: (() => void) | undefined;

  /** Starts the processes, all with `env` in their environment. */
  constructor(starts: readonly ToolStart[], env: Readonly<Record<string, string>>) {
    this.#children = starts.flatMap((start) =>
      Array.from({ length: start.times }, (_, n) =>
        new Deno.Command(start.program, {
          args: start.args.map((arg) => arg.replace("{n}", String(n))),
          env: { ...start.env, ...env },
          stdin: "piped",
          // A hundred of them print every message that they receive; nobody reads it, so do not use a pipe
          // that could fill up.
          stdout: start.times > 1 ? "null" : "piped",
          stderr: start.times > 1 ? "null" : "piped",
        }).spawn())
    );
    this.pids = this.#children.map((child) => child.pid);
    this.#reading = starts.every((start) => start.times === 1)
      ? this.#children.flatMap((child) => [
        read(child.stdout, (text) => {
          this.#printed += text;
          this.#changed?.();
        }),
        read(child.stderr, (text) => this.#complained = (this.#complained + text).slice(-2000)),
      ])
      : [];
  }

  get printed(): string {
    return this.#printed;
  }

  /** Waits until the tool has printed `word`. Throws Error with its output if that does not come in time. */
  async prints(word: string, withinMs: number): Promise<void> {
    const timer = setTimeout(() => this.#changed?.(), withinMs);
    const limit = performance.now() + withinMs;
    let ended = false;
    void Promise.race(this.#children.map((child) => child.status)).then(() => {
      ended = true;
      this.#changed?.();
    });
    try {
      while (!this.#printed.includes(word)) {
        if (ended || performance.now() >= limit) {
          const why = ended ? "the tool ended" : `nothing came within ${withinMs / 1000} s`;
          throw new Error(`expected "${word}" from the tool, but ${why}: ${this.#complained.trim()}`);
        }
        await new Promise<void>((resolve) => this.#changed = resolve);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for an effect of the tool. Throws Error with its output if it ends instead. */
  alive<T>(wanted: Promise<T>): Promise<T> {
    const death = Promise.race(this.#children.map((child) => child.status)).then((): T => {
      throw new Error(`The tool ended by itself: ${this.#complained.trim()}`);
    });
    return Promise.race([wanted, death]);
  }

  /** Waits until every process has ended by itself, or `withinMs`. Returns whether all have. */
  async ends(withinMs: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), withinMs));
    const all = Promise.all(this.#children.map((child) => child.status)).then(() => true);
    const ended = await Promise.race([all, late]);
    clearTimeout(timer);
    return ended;
  }

  /** Tells a comparator that it may end. */
  async closeInputs(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stdin.close().catch(() => {})));
  }

  /** Returns the last part of what ended processes have written to their standard error. */
  async complaint(): Promise<string> {
    await Promise.all(this.#reading);
    return this.#complained;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has exited by itself.
      }
      await child.stdin.close().catch(() => {});
    }
    await Promise.all(this.#children.map((child) => child.status));
    await Promise.all(this.#reading);
  }
}

async function read(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
}

/**
 * Compares this bench's reading of processor time with that of /usr/bin/time, on a comparator that works for
 * three seconds. Returns both in seconds, or why that was not possible.
 */
export async function checkReading(
  tool: Tool,
  broker: MeasuredBroker,
): Promise<{ read: number; timed: number } | string> {
  const [start] = tool.start({ kind: "flow", pairs: 10, qos: 1, window: 20, seconds: 3 }, broker.port, 3) ??
    [];
  if (!start) return `${tool.name} does not support this work`;
  try {
    const args = ["-f", "took %U %S", start.program, ...start.args];
    await using running = new Running([{ program: "/usr/bin/time", args, times: 1 }], broker.env);
    await running.prints('"done"', 20_000);
    const { cpuSeconds } = await treeUsage(running.pids);
    await running.closeInputs();
    await running.ends(5_000);
    const [, user, system] = /took ([\d.]+) ([\d.]+)/.exec(await running.complaint()) ?? [];
    return { read: cpuSeconds, timed: Number(user) + Number(system) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "/usr/bin/time is not installed";
    throw error;
  }
}

/** The warm-up of a flood in seconds, in which compilers and queues settle. */
const WARM_UP = 2;

/**
 * Measures messages per second and processor time per message for `publish` and `flow`. Both come from two
 * reports of the broker's counters and two readings of /proc at the same moments; the tool's own figures are
 * not used.
 */
export async function throughput(
  tool: Tool,
  work: Work,
  broker: MeasuredBroker,
  seconds: number,
): Promise<Figures | undefined> {
  const starts = tool.start(work, broker.port, seconds + WARM_UP + 30);
  if (!starts) return undefined;
  await using running = new Running(starts, broker.env);
  const count = (counters: Counters) => work.kind === "publish" ? counters.received : counters.sent;
  const base = await running.alive(broker.until((counters) => count(counters) > 1000, 30_000));
  await running.alive(broker.until((counters) => counters.at >= base.at + WARM_UP * 1000, 30_000));
  const first = await sample(broker, running.pids);
  const last = await broker.until(
    (counters) => counters.at >= first.counters.at + seconds * 1000 - 500,
    30_000,
  );
  const cpu = (await treeUsage(running.pids)).cpuSeconds - first.cpu;
  const messages = count(last) - count(first.counters);
  if (messages <= 0) throw new Error("The broker counted no messages");
  const dropped = last.dropped - first.counters.dropped;
  return {
    messagesPerSecond: messages * 1000 / (last.at - first.counters.at),
    cpuPerMillion: cpu * 1e6 / messages,
    remark: dropped > 0 ? `the broker dropped ${dropped}` : undefined,
  };
}

async function sample(
  broker: MeasuredBroker,
  pids: readonly number[],
): Promise<{ counters: Counters; cpu: number }> {
  const counters = await broker.next();
  return { counters, cpu: (await treeUsage(pids)).cpuSeconds };
}

/** The share of the connections with which the loop of a tool has begun: those that it makes to prepare are fewer. */
const BEGUN = 0.05;

/**
 * Connections a second, from the start of the tool's process until the broker holds them all. The remark tells the start and the
 * loop apart: how long the process took until its first connections, and how many a second it made from then on.
 */
export async function connecting(
  tool: Tool,
  clients: number,
  broker: MeasuredBroker,
): Promise<Figures | undefined> {
  const starts = tool.start({ kind: "idle", clients }, broker.port, 120);
  if (!starts) return undefined;
  // The connections that the broker has now are its own; the watch records their number before the tool
  // starts.
  await using probe = new Running(
    [{ program: WATCH, args: [String(broker.pid), "0"], times: 1 }],
    broker.env,
  );
  await probe.prints("reached", 5_000);
  const open = Number(/now (\d+)/.exec(probe.printed)?.[1]);
  const watchFor = (count: number) =>
    new Running([{ program: WATCH, args: [String(broker.pid), String(open + count)], times: 1 }], broker.env);
  const some = Math.round(clients * BEGUN);
  await using first = watchFor(some);
  await using watch = watchFor(clients);
  await Promise.all([first.prints("now", 5_000), watch.prints("now", 5_000)]);
  const begin = performance.now();
  await using running = new Running(starts, broker.env);
  await running.alive(first.prints("reached", 60_000));
  const begun = performance.now() - begin;
  await running.alive(watch.prints("reached", 60_000));
  const elapsed = performance.now() - begin;
  // An accepted connection is not yet an MQTT one: check the broker's counter too.
  await broker.until((counters) => counters.clients >= clients + 1, 10_000);
  const loop = (clients - some) * 1000 / Math.max(1, elapsed - begun);
  const startMs = Math.max(0, begun - some * 1000 / loop);
  return {
    connectsPerSecond: clients * 1000 / elapsed,
    remark: `start ${Math.round(startMs)} ms, then ${Math.round(loop).toLocaleString("en")}/s`,
  };
}

/**
 * Measures the tool's memory per idle connection: the difference between `few` and `many` of them, in two
 * separate processes.
 */
export async function holding(
  tool: Tool,
  [few, asked]: readonly [number, number],
  broker: MeasuredBroker,
): Promise<Figures | undefined> {
  const many = Math.min(asked, tool.mostIdle ?? asked);
  const sizes: number[] = [];
  for (const clients of [few, many]) {
    const starts = tool.start({ kind: "idle", clients }, broker.port, 120);
    if (!starts) return undefined;
    await using running = new Running(starts, broker.env);
    await running.alive(broker.until((counters) => counters.clients >= clients + 1, 90_000));
    await broker.next();
    await broker.next();
    sizes.push((await treeUsage(running.pids)).residentBytes);
    await running[Symbol.asyncDispose]();
    await broker.until((counters) => counters.clients <= 1, 30_000);
  }
  const [small = 0, large = 0] = sizes;
  return {
    bytesPerConnection: Math.max(0, large - small) / (many - few),
    remark: many < asked ? `with ${many} held, as many as its descriptors allow` : undefined,
  };
}

/** Returns the 99th percentile that the tool reports at a given rate, and the cores that it used. */
export async function latency(
  tool: Tool,
  work: Extract<Work, { kind: "rate" }>,
  broker: MeasuredBroker,
  freezeMs?: number,
): Promise<Figures | undefined> {
  const starts = tool.p99 && tool.start(work, broker.port, work.seconds);
  if (!starts) return undefined;
  await using running = new Running(starts, broker.env);
  const base = await running.alive(broker.until((counters) => counters.sent > 100, 30_000));
  const first = await sample(broker, running.pids);
  let frozen = 0;
  if (freezeMs !== undefined) {
    await broker.until((counters) => counters.at >= base.at + work.seconds * 250, 30_000);
    frozen = await broker.freeze(freezeMs);
  }
  const until = first.counters.at + (work.seconds - 4) * 1000;
  const last = await broker.until((counters) => counters.at >= until, 60_000);
  const cpu = (await treeUsage(running.pids)).cpuSeconds - first.cpu;
  await finished(running);
  const p99 = await tool.p99?.(running.printed);
  if (p99 === undefined) throw new Error("The tool reported no 99th percentile");
  return {
    p99,
    cores: cpu * 1000 / (last.at - first.counters.at),
    trueP99: freezeMs === undefined ? undefined : frozenP99(frozen, work.rate, work.seconds),
  };
}

/** Waits for the end of the work: comparators stay so they can be measured; a tool for users ends. */
async function finished(running: Running): Promise<void> {
  const done = running.prints('"done"', 60_000).then(() => true, () => false);
  const ended = running.ends(60_000);
  if (!await done && !await ended) throw new Error("The tool did not finish within 60 s");
}

/**
 * Computes the 99th percentile, in milliseconds, of a run whose broker stood still for `frozenMs`: every
 * message planned in that time waits for the rest of it, all others do not wait, and the broker catches up
 * immediately.
 */
export function frozenP99(frozenMs: number, rate: number, seconds: number): number {
  const slower = rate * seconds / 100;
  return Math.max(0, frozenMs - slower * 1000 / rate);
}
