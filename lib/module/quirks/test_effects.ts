import assert from "node:assert/strict";
import type { MqttLink } from "../../link/mqtt_link.ts";
import { meets } from "../quirks.ts";
import { Bench, type BenchOptions, packet } from "../test_bench.ts";
import { behaviourOf } from "../variants.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** How a quirk is observed from outside. */
export interface Effect {
  readonly start?: BenchOptions;
  readonly shows: (bench: Bench) => Promise<void>;
}

/** Tests that each quirk of a theme has an effect, that a module with it shows the effect, and that its points are consulted. */
export function testEffects(
  theme: string,
  quirks: readonly ModuleQuirk[],
  effects: Readonly<Record<string, Effect>>,
): void {
  Deno.test(`every quirk of ${theme} has an effect`, () => {
    assert.deepEqual(Object.keys(effects).sort(), quirks.map(({ id }) => id).sort());
  });
  for (const quirk of quirks) {
    const effect = effects[quirk.id];
    if (effect) Deno.test(`${quirk.id}: ${quirk.about}`, () => shown(quirk, effect));
  }
}

/** The variant that has a command set. */
const VARIANT = { ECMT: undefined, QMT: "qmt", CMQTT: "simcom", MQTT: "esp" };

async function shown(quirk: ModuleQuirk, { start, shows }: Effect): Promise<void> {
  const consulted = new Set<string>();
  {
    await using bench = await Bench.start({
      ...start,
      quirks: [quirk.id],
      behaviour: { ...behaviourOf(VARIANT[quirk.commands ?? "ECMT"]), ...start?.behaviour },
      consulted: (point) => consulted.add(point),
    });
    await shows(bench);
  }
  assert.ok(meets(quirk, consulted), `${[...consulted]}`);
}

/** A module that has sent nothing yet. */
export const FRESH: BenchOptions = { silent: false };

/** Sends OPEN with AT+QMT commands and returns its connection. */
export async function qmtOpen(bench: Bench): Promise<MqttLink> {
  await bench.asks(`AT+QMTOPEN=0,"${bench.host}",1883`, "OK", "+QMTOPEN: 0,0");
  return await bench.connection();
}

/** Sends OPEN and CONN with AT+QMT commands; the broker accepts. */
export async function qmtOnline(bench: Bench): Promise<MqttLink> {
  const link = await qmtOpen(bench);
  await bench.asks('AT+QMTCONN=0,"dev1"', "OK");
  await packet(link, "CONNECT");
  await link.send({ type: "CONNACK" });
  await bench.hears("+QMTCONN: 0,0,0");
  return link;
}

/** Sends a message at QoS 0 to the module, which reports it as `+ECMTRECV: 0,0,"a",x`. */
export async function message(link: MqttLink): Promise<void> {
  await link.send({ type: "PUBLISH", topic: "a", payload: "x" });
}

/** How the module reports {@link message}. */
export const MESSAGE = '+ECMTRECV: 0,0,"a",x';
