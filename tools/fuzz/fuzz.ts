/**
 * Runs `deno task fuzz WHAT`: gives the decoder random and mutated packets (the default), or gives the readers of files
 * and command lines mutated input.
 */
const [what = "decoder", ...args] = Deno.args;
switch (what) {
  case "files": {
    const { fuzzFiles } = await import("./files/fuzz_files.ts");
    Deno.exit(await fuzzFiles(args));
    break;
  }
  case "decoder": {
    const { fuzzDecoder } = await import("./decoder.ts");
    Deno.exit(fuzzDecoder(args));
    break;
  }
  default: {
    // `deno task fuzz --count 1000` means the decoder.
    if (what.startsWith("-") && !/^(-h|--help)$/.test(what)) {
      const { fuzzDecoder } = await import("./decoder.ts");
      Deno.exit(fuzzDecoder(Deno.args));
    }
    const help = /^(-h|--help)$/.test(what);
    (help ? console.log : console.error)(
      `${help ? "" : `error: there is nothing to fuzz called "${what}"\n`}` +
        "  deno task fuzz decoder    packets, random and mutated: [--count 1000000] [--seed N]\n" +
        "  deno task fuzz files      files and command lines, mutated; --help says more",
    );
    Deno.exit(help ? 0 : 2);
  }
}
