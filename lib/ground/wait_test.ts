import assert from "node:assert/strict";
import { beforeAbort, pause } from "./wait.ts";

Deno.test("pause() ends once its signal aborts, and at once where it has aborted", async () => {
  const stop = new AbortController();
  const waiting = pause(60_000, stop.signal);
  stop.abort();
  await waiting;
  await pause(60_000, stop.signal);
});

Deno.test("beforeAbort() returns the outcome of a promise that comes first", async () => {
  const { signal } = new AbortController();
  assert.equal(await beforeAbort(Promise.resolve(7), signal), 7);
  await assert.rejects(beforeAbort(Promise.reject(new Error("broken")), signal), /broken/);
});

Deno.test("beforeAbort() rejects at the abort, and leaves no rejection of the promise unhandled", async () => {
  const stop = new AbortController();
  const late = Promise.withResolvers<number>();
  const waiting = beforeAbort(late.promise, stop.signal);
  stop.abort();
  await assert.rejects(waiting, /The case was ended/);
  late.reject(new Error("too late"));
  await assert.rejects(beforeAbort(Promise.withResolvers().promise, stop.signal), /The case was ended/);
});
