import { DEFECTS as BROKER_DEFECTS } from "../../broker/defects.ts";
import { serve as serveBroker } from "../../broker/serve.ts";
import { DEFECTS as MODULE_DEFECTS } from "../../module/defects.ts";
import { QUIRKS as MODULE_QUIRKS } from "../../module/quirks.ts";
import { serve as serveModule } from "../../module/serve.ts";
import { behaviourOf, VARIANTS } from "../../module/variants.ts";
import { listPorts } from "../../transport/ports.ts";
import { Command } from "./command.ts";
import { Interrupt } from "../interrupt.ts";
import { listening } from "./listening.ts";
import { behaviour, collect, duration, wholeNumber } from "../options.ts";
import type { Screen } from "../terminal/screen.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** `attest broker`. */
export function brokerCommand(screen: Screen) {
  return new Command("broker")
    .description("Serve the reference broker until Ctrl-C.")
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--port <port>", "the port to listen on; 0 takes any free one", wholeNumber(0, 65535), 1883)
    .option("--tls <port>", "serve TLS too, on this port; 0 takes any free one", wholeNumber(0, 65535))
    .option("--ws <port>", "serve WebSocket too, on this port", wholeNumber(0, 65535))
    .option("--wss <port>", "serve WebSocket over TLS too, on this port", wholeNumber(0, 65535))
    .option("--unix <path>", "serve a Unix socket too")
    .option(
      "--certificates <folder>",
      "where ca.pem, client.pem and client.key are written, made anew for this run; due with --tls and --wss",
    )
    .option("--client-certificates", "take only clients over TLS that show a certificate of that authority")
    .option("--defect <id>", "a defect that it is to have; repeatable", collect)
    .option("--defects", "list the defects and end")
    .option("--verbose", "tell of every connection")
    .action(async (options) => {
      if (options.defects) return printDefects(screen, BROKER_DEFECTS);
      using interrupt = new Interrupt();
      const besides = await listening(options);
      await orUsage(() =>
        serveBroker({
          host: options.host,
          port: options.port,
          ...besides,
          defects: options.defect ?? [],
          signal: interrupt.signal,
          print: screen.print,
          verbose: options.verbose ?? false,
        })
      );
    });
}

/** `attest module`. */
export function moduleCommand(screen: Screen) {
  return new Command("module")
    .description("Serve the virtual ECMT module on a pty, or on a TCP port, until Ctrl-C.")
    .option(
      "--resolve <host:port=address:port>",
      "where a host of AT+ECMTOPEN really is (test.mosquitto.org:1883=127.0.0.1:1883); repeatable",
      collect,
    )
    .option("--defect <id>", "a defect that it is to have; repeatable", collect)
    .option("--defects", "list the defects and end")
    .option("--quirk <id>", "a lawful peculiarity that it is to have; repeatable", collect)
    .option("--quirks", "list the quirks and end")
    .option(
      "--round-trip <duration>",
      "how long its way to the broker and back takes (1500ms); default no time",
      duration,
    )
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
      if (options.defects) return printDefects(screen, MODULE_DEFECTS);
      if (options.quirks) return printListed(screen, MODULE_QUIRKS.map(({ id, about }) => [id, about]));
      using interrupt = new Interrupt();
      const { roundTrip: roundTripMs } = options;
      await orUsage(() =>
        serveModule({
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

/** `attest ports`. */
export function portsCommand(screen: Screen) {
  return new Command("ports")
    .description("List the serial ports of this machine.")
    .action(async () => {
      const ports = await listPorts();
      if (ports.length === 0) return screen.print("This machine has no serial port");
      for (const port of ports) screen.print([port.path, port.description ?? ""].join("  ").trimEnd());
    });
}

function printDefects(
  screen: Screen,
  defects: readonly { readonly id: string; readonly description: string }[],
): void {
  printListed(screen, defects.map(({ id, description }) => [id, description]));
}

function printListed(screen: Screen, listed: readonly (readonly [id: string, about: string])[]): void {
  const width = Math.max(...listed.map(([id]) => id.length));
  for (const [id, about] of listed) screen.print(`${id.padEnd(width)}  ${about}`);
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

/** Serving fails by what the user asked for: a defect that there is not, a port that is taken. */
async function orUsage(serve: () => Promise<void>): Promise<void> {
  try {
    await serve();
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new UsageError("The port is in use; take another one, or 0 for any free one");
    }
    if (error instanceof RangeError || (error instanceof Error && error.name.startsWith("UnknownDefect"))) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}
