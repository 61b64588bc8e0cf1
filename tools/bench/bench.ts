/**
 * Runs `deno task bench WHAT`: compares the codec with mqtt-packet (the default), or the load engine with
 * other tools; measures the start of commands, the effect of hostile peers, or a report's page in a browser.
 */
const [what = "codec", ...args] = Deno.args;
switch (what) {
  case "codec": {
    const { benchCodec } = await import("./codec.ts");
    Deno.exit(benchCodec());
    break;
  }
  case "load": {
    const { benchLoad } = await import("./load/bench.ts");
    Deno.exit(await benchLoad(args));
    break;
  }
  case "start": {
    const { benchStart } = await import("./start.ts");
    Deno.exit(await benchStart());
    break;
  }
  case "hostile": {
    const { benchHostile } = await import("./hostile.ts");
    Deno.exit(await benchHostile(args));
    break;
  }
  case "page": {
    const { benchPage } = await import("./page.ts");
    Deno.exit(await benchPage(args));
    break;
  }
  default:
    console.error(
      `error: there is no bench "${what}"\n` +
        "  deno task bench codec    the codec beside mqtt-packet\n" +
        "  deno task bench load     the load engine beside other tools; --help says more\n" +
        "  deno task bench start    how long commands take to start\n" +
        "  deno task bench hostile  time and memory against brokers and modules that do harm; --help says more\n" +
        "  deno task bench page     a report's page in Chromium; --help says more",
    );
    Deno.exit(2);
}
