import assert from "node:assert/strict";
import type { RunEvent } from "../../run/event.ts";
import type { LoadEvent } from "../../run/load_event.ts";
import { foldLoad, type LoadResult } from "../../run/load_result.ts";
import { targetOfAddress } from "../../target/reach.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { type BrokerLoadOptions, load } from "./load.ts";
import { profileOf } from "../plan/test_plan.ts";

/** The outcome of a load. */
export interface Loaded {
  readonly exit: number;
  readonly events: readonly RunEvent[];
  readonly result: LoadResult;
}

/** Runs a profile on a broker, given by its port or its target file. */
export async function loaded(
  text: string,
  broker: number | TargetFile,
  options: Partial<BrokerLoadOptions> = {},
): Promise<Loaded> {
  const { exit, events } = await loadedEvents(text, broker, options);
  const result = foldLoad(events.filter((event): event is LoadEvent => event.kind.startsWith("load-")));
  assert.ok(result, JSON.stringify(events.at(-1)));
  return { exit, events, result };
}

/** Runs a profile that may end without a result. */
export async function loadedEvents(
  text: string,
  broker: number | TargetFile,
  options: Partial<BrokerLoadOptions> = {},
): Promise<Omit<Loaded, "result">> {
  const events: RunEvent[] = [];
  const exit = await load({
    profile: options.profile ?? profileOf(text),
    targets: [typeof broker === "number" ? unasked(`mqtt://127.0.0.1:${broker}`) : broker],
    workers: 2,
    seed: 7,
    from: [],
    version: "0",
    command: [],
    environment: {},
    emit: (event) => events.push(event),
    seen: () => {},
    signal: new AbortController().signal,
    ...options,
  });
  return { exit, events };
}

/** A profile with one publisher and one subscriber; by default a thousand messages a second for two seconds. */
export function pairProfile(
  changes: {
    readonly publish?: string;
    readonly qos?: number;
    readonly rate?: number;
    readonly seconds?: number;
    readonly more?: string;
  } = {},
): string {
  const { publish = "", qos = 1, rate = 1_000, seconds = 2, more = "" } = changes;
  return `profile: pair
title: A pair
drain: ${seconds}s
groups:
  - { group: subs, role: subscribe, clients: 1, subscribe: [{ filter: t/$run/+, qos: ${qos} }] }
  - group: pubs
    role: publish
    clients: 1
    publish: { topic: t/$run/$client, qos: ${qos}, rate: ${rate}, in-flight: 1000${publish} }
stages: [{ hold: ${seconds}s }]
${more}`;
}

/** A broker at an address that is not probed: what the test plays begins with the load. */
function unasked(address: string): TargetFile {
  return { ...targetOfAddress(address), asks: undefined };
}
