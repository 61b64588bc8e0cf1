import { DEFECTS } from "../../broker/defects.ts";
import { QUIRKS } from "../../broker/quirks.ts";
import { serve } from "../../broker/serve.ts";
import { Interrupt } from "../interrupt.ts";
import { collect, duration, wholeNumber } from "../options.ts";
import type { Screen } from "../terminal/screen.ts";
import { Command } from "./command.ts";
import { listening } from "./listening.ts";
import { orUsage, printDefects, printQuirks } from "./serving.ts";

/** Makes the command `broker`. */
export function brokerCommand(screen: Screen) {
  return new Command("broker")
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--port <port>", "the port to listen on; 0 chooses any free port", wholeNumber(0, 65535), 1883)
    .option("--tls <port>", "also serve TLS on this port; 0 chooses any free port", wholeNumber(0, 65535))
    .option("--ws <port>", "also serve WebSocket on this port", wholeNumber(0, 65535))
    .option("--wss <port>", "also serve WebSocket over TLS on this port", wholeNumber(0, 65535))
    .option("--unix <path>", "also serve a Unix socket")
    .option(
      "--certificates <folder>",
      "folder for ca.pem, client.pem and client.key, new for each run; required with --tls and --wss",
    )
    .option("--client-certificates", "over TLS, accept only clients with a certificate from that authority")
    .option("--defect <id>", "switch on this defect; repeatable", collect)
    .option("--defects", "list the defects and exit")
    .option(
      "--quirk <id>",
      "switch on this quirk, an unusual behaviour that the standard allows; repeatable",
      collect,
    )
    .option("--quirks", "list the quirks and exit")
    .option(
      "--round-trip <duration>",
      "the simulated round-trip time (50ms, 1.5s)",
      duration,
    )
    .option(
      "--seed <n>",
      "the seed of every random choice of a quirk; default 1",
      wholeNumber(0, 0xffff_ffff),
    )
    .option("--verbose", "log every connection")
    .action(async (options) => {
      if (options.defects) return printDefects(screen, DEFECTS);
      if (options.quirks) return printQuirks(screen, QUIRKS);
      using interrupt = new Interrupt();
      const besides = await listening(options);
      await orUsage(() =>
        serve({
          host: options.host,
          port: options.port,
          ...besides,
          defects: options.defect ?? [],
          quirks: options.quirk,
          roundTripMs: options.roundTrip,
          seed: options.seed,
          signal: interrupt.signal,
          print: screen.print,
          verbose: options.verbose,
        })
      );
    });
}
