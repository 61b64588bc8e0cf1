/** `deno task bench WHAT`: the codec beside mqtt-packet (the default), or the load engine beside other tools. */
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
  default:
    console.error(
      `error: there is no bench "${what}"\n` +
        "  deno task bench codec    the codec beside mqtt-packet\n" +
        "  deno task bench load     the load engine beside other tools; --help says more",
    );
    Deno.exit(2);
}
