/** Runs `deno task docs`: writes the generated pages. */
import { PAGES } from "./pages.ts";

if (import.meta.main) {
  for (const [name, page] of PAGES) {
    await Deno.writeTextFile(new URL(`../../docs/reference/${name}`, import.meta.url), await page());
    console.log(`docs/reference/${name}`);
  }
}
