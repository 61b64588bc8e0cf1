import { UsageError } from "../../catalog/usage_error.ts";
import { DEFECTS } from "../../module/defects.ts";
import { QUIRKS } from "../../module/quirks.ts";
import { serve } from "../../module/serve.ts";
import { behaviourOf, VARIANTS } from "../../module/variants.ts";
import { Interrupt } from "../interrupt.ts";
import { behaviour, collect, duration, wholeNumber } from "../options.ts";
import type { Screen } from "../terminal/screen.ts";
import { Command } from "./command.ts";
import { orUsage, printDefects, printQuirks } from "./serving.ts";

/** Makes the command `module`. */
export function moduleCommand(screen: Screen) {
  return new Command("module")
    .option(
      "--resolve <host:port=address:port>",
      "connect to this address for a host in AT+ECMTOPEN (test.mosquitto.org:1883=127.0.0.1:1883); repeatable",
      collect,
    )
    .option("--defect <id>", "switch on this defect; repeatable", collect)
    .option("--defects", "list the defects and exit")
    .option("--quirk <id>", "switch on this quirk, an unusual behaviour that is allowed; repeatable", collect)
    .option("--quirks", "list the quirks and exit")
    .option(
      "--round-trip <duration>",
      "the simulated round-trip time to its broker (1500ms); default 0",
      duration,
    )
    .option(
      "--variant <name>",
      `the kind of module: ${Object.keys(VARIANTS).join(", ")}; default: as the manual describes`,
    )
    .option(
      "--behaviour <name=value>",
      "a deviation from that kind (dataGuardMs=1000); repeatable",
      behaviour,
    )
    .option(
      "--tcp <port>",
      "serve raw serial over TCP on this loopback port instead; 0 chooses any free port",
      wholeNumber(0, 65535),
    )
    .action(async (options) => {
      if (options.defects) return printDefects(screen, DEFECTS);
      if (options.quirks) return printQuirks(screen, QUIRKS);
      using interrupt = new Interrupt();
      const { roundTrip: roundTripMs } = options;
      await orUsage(() =>
        serve({
          resolve: resolveMap(options.resolve ?? []),
          defects: options.defect ?? [],
          quirks: options.quirk ?? [],
          behaviour: behaviourOf(
            options.variant,
            roundTripMs === undefined ? options.behaviour : { ...options.behaviour, roundTripMs },
          ),
          signal: interrupt.signal,
          print: screen.print,
          tcp: options.tcp,
        })
      );
    });
}

function resolveMap(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => {
    const [, from, to] = /^([^=]+:\d+)=([^=]+:\d+)$/.exec(entry) ?? [];
    if (from === undefined || to === undefined) {
      throw new UsageError(
        `Expected a host and its address, found "${entry}"; write test.mosquitto.org:1883=127.0.0.1:1883`,
      );
    }
    return [from, to];
  }));
}
