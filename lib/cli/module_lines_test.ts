import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { behaviourOf } from "../module/variants.ts";
import { serve } from "../module/serve.ts";
import { said } from "./test_screen.ts";

/** A part of the cases: messages, identifiers, settings, lost connections. */
const SAMPLE = ["client/receive", "client/will"];

/** The verdicts of a run by case. */
async function verdicts(folder: TestFolder, target: string): Promise<ReadonlyMap<string, string>> {
  const out = `${folder.path}/out`;
  const { status, out: text } = await said(
    ...["conform", ...SAMPLE, "--target", target, "--out", out, "--format", "json", "--seed", "1"],
  );
  assert.equal(status, 0, text.split("\n").slice(-40).join("\n"));
  const { cases } = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
  return new Map(cases.map((one: { id: string; verdict: string }) => [one.id, one.verdict]));
}

for (const variant of ["simcom", "esp"]) {
  Deno.test(`the target ${variant} has the verdicts over a pty and over TCP that it has where attest starts it`, async () => {
    await using folder = new TestFolder();
    const started = await verdicts(folder, variant);
    assert.ok(started.size > 35);
    for (const tcp of [undefined, 0]) {
      using stop = new Stop();
      const address = Promise.withResolvers<string>();
      const serving = serve({
        tcp,
        behaviour: behaviourOf(variant, { dataGuardMs: 1_000 }),
        signal: stop.signal,
        print: (line) => address.resolve(line.replace(/^.* /, "")),
      });
      const place = await address.promise;
      const file = `${folder.path}/line.yaml`;
      const serial = place.startsWith("/") ? `serial:${place}` : place;
      await Deno.writeTextFile(
        file,
        `target: line\ntitle: A line\ntests: module\ndialect: ${variant}\naddress: ${serial}\nwithin: 5s\n`,
      );
      assert.deepEqual(await verdicts(folder, file), started, serial);
      stop.now();
      await serving;
    }
  });
}

/** Ends what it is given to, at the latest when it is disposed of. */
class Stop implements Disposable {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  now(): void {
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    this.now();
  }
}
