import assert from "node:assert/strict";
import { MARK_BYTES } from "../engine/mark.ts";
import { payloadForm } from "./payload_form.ts";
import { fill } from "./template.ts";
import { readForm } from "./test_form.ts";

/** The text of a payload whose words are filled in. */
function text(payload: string): string {
  const { value, mistakes } = readForm(payloadForm(), payload);
  assert.deepEqual(mistakes, []);
  assert.ok(value?.kind === "text");
  return fill(value.template, { sequence: 3, client: 1, mark: "MARK", group: "g" });
}

Deno.test("bytes have one size, or several by weight", () => {
  assert.deepEqual(readForm(payloadForm(), "size: 64").value, {
    kind: "bytes",
    sizes: [{ size: 64, weight: 1 }],
  });
  assert.deepEqual(readForm(payloadForm(), "sizes: [{ size: 16 }, { size: 500, weight: 3 }]").value, {
    kind: "bytes",
    sizes: [{ size: 16, weight: 1 }, { size: 500, weight: 3 }],
  });
});

Deno.test("a text carries the mark where it says, or at its start", () => {
  assert.equal(text('text: "n=$sequence $mark."'), "n=3 MARK.");
  assert.equal(text("text: n=$sequence"), "MARK n=3");
});

Deno.test("JSON is written with the mark, and with numbers where a word is a number", () => {
  const json = text(
    'json: { n: $sequence, who: "$group/$client", deep: { on: true, list: [1, "$client"] } }',
  );
  assert.deepEqual(JSON.parse(json), {
    attest: "MARK",
    n: 3,
    who: "g/1",
    deep: { on: true, list: [1, 1] },
  });
});

Deno.test("a payload has one of its four keys, and room for a mark", () => {
  const mistakes = (payload: string) => readForm(payloadForm(), payload).mistakes;
  assert.deepEqual(mistakes("{ size: 64, text: a }"), ["1:19 a payload with size and text"]);
  assert.deepEqual(mistakes("{}"), ["1:1 a payload of nothing"]);
  assert.match(mistakes("size: 15")[0] ?? "", /15 is out of range/);
  assert.ok(MARK_BYTES > 16, "a payload of 16 bytes has a mark without the moment of sending");
});
