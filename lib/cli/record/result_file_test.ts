import assert from "node:assert/strict";
import { TestFolder } from "../../catalog/test_folder.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { casesOf } from "./result_file.ts";

const CASE = { id: "mqtt/a/b", target: "t", protocol: "5.0", verdict: "pass" };

/** The message for a result with this text. */
async function told(text: string): Promise<string> {
  await using folder = new TestFolder();
  const path = folder.write("result.json", text);
  const error = await casesOf(path).catch((error: unknown) => error);
  assert.ok(error instanceof UsageError, String(error));
  return error.message.replace(/^.*?result\.json/, "result.json");
}

Deno.test("casesOf() reads a result, and that of the folder of a run", async () => {
  await using folder = new TestFolder();
  const path = folder.write("result.json", JSON.stringify({ cases: [{ ...CASE, durationMs: 1 }] }));
  assert.deepEqual(await casesOf(path), [CASE]);
  assert.deepEqual(await casesOf(folder.path), [CASE]);
});

Deno.test("casesOf() gives line and column of invalid JSON", async () => {
  assert.match(
    await told('{\n  "cases": [}\n'),
    /^result\.json:2:13: the text is not JSON from here on; expected a result\.json of attest/,
  );
  assert.match(await told('{\n  "cases": ['), /^result\.json:2:13: the text is not JSON/);
  assert.match(await told(""), /^result\.json:1:1: the text is not JSON/);
});

Deno.test("casesOf() says which case lacks what", async () => {
  assert.equal(await told("null"), 'result.json:1:1: expected a result with a list "cases", found none');
  assert.equal(await told('{ "__proto__": { "cases": [] } }'), await told("[]"));
  const text = JSON.stringify({ cases: [CASE, { ...CASE, verdict: 7 }] });
  assert.equal(
    await told(text),
    'result.json: cases[1] has no text "verdict"; expected a result.json of attest',
  );
  assert.match(await told('{ "cases": [null] }'), /cases\[0\] has no text "id"/);
});

Deno.test("casesOf() reports a missing file", async () => {
  await assert.rejects(
    casesOf("no-such-result.json"),
    /^UsageError: There is no file "no-such-result\.json"$/,
  );
});
