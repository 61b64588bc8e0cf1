import assert from "node:assert/strict";
import { said } from "../../lib/cli/test_screen.ts";

const SUITE = new URL("module-soak.yaml", import.meta.url).pathname;

Deno.test("a module that does what it should gets through the soak, again and again", async () => {
  const out = await Deno.makeTempDir({ prefix: "attest-soak-" });
  try {
    const { status, err } = await said(
      "conform",
      SUITE,
      "--target",
      "virtual-module",
      "--repeat",
      "2",
      "--out",
      out,
    );
    assert.equal(status, 0, err);
    const { cases, totals } = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
    assert.equal(totals.pass, 4);
    const published = cases.find(({ id }: { id: string }) => id.endsWith("publishes"));
    // A soak that does next to nothing would not be one.
    const lines = (await Deno.readTextFile(`${out}/journal.ndjson`)).split("\n");
    const commands = lines.filter((line) => line.includes("AT+ECMTPUB=") && line.includes('"sent"'));
    assert.equal(commands.length, 2 * 150);
    assert.equal(published.verdict, "pass");
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});
