import { deepEqual, equal } from "node:assert/strict";
import { LineSplitter } from "./line_splitter.ts";

Deno.test("lines come whole, however their bytes are cut", () => {
  const bytes = new TextEncoder().encode("été\r\n\nlast\nrest");
  for (let size = 1; size <= bytes.length; size++) {
    const splitter = new LineSplitter(100);
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      lines.push(...splitter.push(bytes.subarray(at, at + size)));
    }
    deepEqual(lines, ["été", "", "last"]);
  }
});

Deno.test("a line that is too long is reported, and nothing of it is kept", () => {
  const splitter = new LineSplitter(4);
  deepEqual(splitter.push(new TextEncoder().encode("abcd\nabcde")), ["abcd"]);
  equal(splitter.tooLong, true);
  deepEqual(splitter.push(new TextEncoder().encode("\nab\n")), []);
});
