import assert from "node:assert/strict";
import fc from "fast-check";
import {
  hashAround,
  hashBytes,
  LEAST_BYTES,
  MARK_BYTES,
  type ReadMark,
  readMark,
  TEXT_MARK,
  writeMark,
  writeTextMark,
} from "./mark.ts";

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const flows = fc.integer({ min: 0, max: 0xff_ffff });

function blank(): ReadMark {
  return { flow: 0, sequence: 0, due: 0, delay: 0 };
}

Deno.test("a mark is read as it was written, and any changed byte is noticed", () => {
  fc.assert(fc.property(
    fc.uint8Array({ minLength: LEAST_BYTES, maxLength: 200 }),
    flows,
    word,
    word,
    word,
    fc.nat(),
    fc.integer({ min: 1, max: 255 }),
    (bytes, flow, sequence, due, delay, where, flip) => {
      const body = hashBytes(bytes, bytes.length >= MARK_BYTES ? MARK_BYTES : bytes.length, bytes.length);
      writeMark(bytes, 0, bytes.length, body, flow, sequence, due | 0, delay | 0);
      const read = blank();
      assert.equal(readMark(bytes, 0, bytes.length, read), "right");
      assert.deepEqual(read, { flow, sequence, due, delay: bytes.length >= MARK_BYTES ? delay : -1 });
      const at = where % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      // Bytes 16 to 19 of a short payload carry nothing.
      if (bytes.length >= MARK_BYTES || at < LEAST_BYTES) {
        assert.notEqual(readMark(bytes, 0, bytes.length, read), "right");
      }
    },
  ));
});

Deno.test("a mark in a text is read as it was written", () => {
  fc.assert(fc.property(fc.string(), fc.string(), flows, word, (before, after, flow, sequence) => {
    const front = new TextEncoder().encode(before.replaceAll("@", ""));
    const back = new TextEncoder().encode(after);
    const bytes = new Uint8Array([...front, ...new Uint8Array(TEXT_MARK), ...back]);
    writeTextMark(
      bytes,
      front.length,
      hashAround(bytes, 0, front.length, bytes.length),
      flow,
      sequence,
      5,
      6,
    );
    const read = blank();
    // Its fourth byte could make it look like a binary mark.
    if (front[3] === 0xa7 && bytes.length >= LEAST_BYTES) return;
    assert.equal(readMark(bytes, 0, bytes.length, read), "right");
    assert.deepEqual(read, { flow, sequence, due: 5, delay: 6 });
  }));
});

Deno.test("a payload without a mark is foreign", () => {
  for (const text of ["", "hello", "@12", `@${"0".repeat(40)}`]) {
    const bytes = new TextEncoder().encode(text);
    assert.equal(readMark(bytes, 0, bytes.length, blank()), "foreign");
  }
});
