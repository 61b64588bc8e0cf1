import assert from "node:assert/strict";
import { type Transport, writeAll } from "../transport/transport.ts";
import { JoiningTransport, SplitTransport } from "./segments.ts";

/** A transport that records each write and the close. */
function written(): { readonly transport: Transport; readonly writes: string[] } {
  const writes: string[] = [];
  const transport: Transport = {
    read: () => Promise.resolve(null),
    write(bytes) {
      writes.push(new TextDecoder().decode(bytes));
      return Promise.resolve(bytes.length);
    },
    close: () => void writes.push("closed"),
    [Symbol.dispose]() {},
  };
  return { transport, writes };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a split packet leaves in four writes, a short one in as many as it has bytes", async () => {
  const { transport, writes } = written();
  const split = new SplitTransport(transport);
  await writeAll(split, bytes("abcdefgh"));
  await writeAll(split, bytes("xy"));
  await writeAll(split, bytes("z"));
  split.close();
  assert.deepEqual(writes, ["a", "b", "cde", "fgh", "x", "y", "z", "closed"]);
});

Deno.test("joined packets leave in one write, ahead of the close", async () => {
  const { transport, writes } = written();
  const joining = new JoiningTransport(transport);
  await writeAll(joining, bytes("one "));
  await writeAll(joining, bytes("two"));
  joining.close();
  joining.close();
  await joining.ended;
  assert.deepEqual(writes, ["one two", "closed"]);
  await assert.rejects(joining.write(bytes("x")), Deno.errors.BadResource);
});

Deno.test("joined packets leave by themselves after a moment, and at once when they are many", async () => {
  const { transport, writes } = written();
  const joining = new JoiningTransport(transport);
  await joining.write(new Uint8Array(60_000));
  assert.equal(writes.length, 0);
  await joining.write(new Uint8Array(10_000));
  assert.equal(writes.length, 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  transport.write = (piece) => {
    resolve();
    return Promise.resolve(piece.length);
  };
  await joining.write(bytes("x"));
  await promise;
  joining.cut();
  await joining.ended;
  assert.equal(writes.at(-1), "closed");
});

Deno.test("a failed write of joined packets shows at the next one", async () => {
  const { transport, writes } = written();
  transport.write = () => Promise.reject(new Error("gone"));
  const joining = new JoiningTransport(transport);
  await joining.write(new Uint8Array(70_000));
  await assert.rejects(joining.write(bytes("x")), { message: "gone" });
  joining.close();
  await joining.ended;
  assert.deepEqual(writes, ["closed"]);
});
