import { UsageError } from "../../catalog/usage_error.ts";
import { defined } from "../../ground/defined.ts";
import { DEFECTS } from "../../module/defects.ts";
import { serve } from "../../module/serve.ts";
import { behaviourOf, VARIANTS } from "../../module/variants.ts";
import { Interrupt } from "../interrupt.ts";
import { behaviour, collect, wholeNumber } from "../options.ts";
import type { Screen } from "../terminal/screen.ts";
import { Command } from "./command.ts";
import { orUsage, printDefects } from "./serving.ts";

/** Makes the command `module`. */
export function moduleCommand(screen: Screen) {
  return new Command("module")
    .option(
      "--resolve <host:port=address:port>",
      "where a host of AT+ECMTOPEN really is (test.mosquitto.org:1883=127.0.0.1:1883); repeatable",
      collect,
    )
    .option("--defect <id>", "a defect that it is to have; repeatable", collect)
    .option("--defects", "list the defects and end")
    .option(
      "--variant <name>",
      `the kind of module: ${Object.keys(VARIANTS).join(", ")}; else as the manual says`,
    )
    .option(
      "--behaviour <name=value>",
      "a point in which it differs from that (dataGuardMs=1000); repeatable",
      behaviour,
    )
    .option(
      "--tcp <port>",
      "serve raw serial over TCP on this loopback port instead; 0 takes any free one",
      wholeNumber(0, 65535),
    )
    .action(async (options) => {
      if (options.defects) return printDefects(screen, DEFECTS);
      using interrupt = new Interrupt();
      await orUsage(() =>
        serve({
          resolve: resolveMap(options.resolve ?? []),
          defects: options.defect ?? [],
          behaviour: behaviourOf(options.variant, options.behaviour),
          signal: interrupt.signal,
          print: screen.print,
          ...defined({ tcp: options.tcp }),
        })
      );
    });
}

function resolveMap(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => {
    const [, from, to] = /^([^=]+:\d+)=([^=]+:\d+)$/.exec(entry) ?? [];
    if (from === undefined || to === undefined) {
      throw new UsageError(`"${entry}" is no resolution; write test.mosquitto.org:1883=127.0.0.1:1883`);
    }
    return [from, to];
  }));
}
