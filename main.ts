/** The command line's face: `deno task conform`, `deno task list`, … */
import { main } from "./lib/cli/program.ts";
import { processScreen } from "./lib/cli/terminal/screen.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, processScreen()));
