import assert from "node:assert/strict";
import { Watched } from "./watched.ts";

/** A thread that does what the path of its input says. */
const FEEDER = new URL(
  `data:text/javascript,${
    encodeURIComponent(`
      const kept = [];
      self.onmessage = ({ data: { path } }) => {
        if (path === "hang") for (;;);
        if (path === "grow") for (;;) kept.push(new Uint8Array(1024 * 1024).fill(1));
        if (path === "wait") return;
        if (path === "throw") setTimeout(() => { throw new TypeError("behind all waits") });
        else self.postMessage({ kind: "accepted" });
      };
      self.postMessage("ready");
    `)
  }`,
);

const feeding = (path: string) => ({ kind: "suite", path, args: [] }) as const;

Deno.test("Watched ends a thread that hangs, and feeds another one from then on", async () => {
  using watched = new Watched({ cpuMs: 200, ms: 60_000, memory: 1e12 }, FEEDER);
  assert.deepEqual((await watched.feed(feeding("fine"))).outcome, { kind: "accepted" });
  const { outcome } = await watched.feed(feeding("hang"));
  assert.deepEqual(outcome, {
    kind: "finding",
    what: "a hang",
    detail: "no end within 200 ms of processor time",
  });
  assert.deepEqual((await watched.feed(feeding("fine"))).outcome, { kind: "accepted" });
});

Deno.test("Watched ends a thread that waits for what never comes", async () => {
  using watched = new Watched({ cpuMs: 60_000, ms: 50, memory: 1e12 }, FEEDER);
  const { outcome } = await watched.feed(feeding("wait"));
  assert.deepEqual(outcome, { kind: "finding", what: "a hang", detail: "no end within 50 ms" });
});

Deno.test("Watched ends a thread that takes too much memory", async () => {
  using watched = new Watched({ cpuMs: 60_000, ms: 60_000, memory: 64 * 1024 * 1024 }, FEEDER);
  const { outcome } = await watched.feed(feeding("grow"));
  assert.equal(outcome.kind === "finding" && outcome.what, "memory");
});

Deno.test("Watched finds an error that no wait would have met", async () => {
  using watched = new Watched({ cpuMs: 60_000, ms: 60_000, memory: 1e12 }, FEEDER);
  const { outcome } = await watched.feed(feeding("throw"));
  assert.ok(outcome.kind === "finding");
  assert.equal(outcome.what, "an unhandled error");
  assert.match(outcome.detail, /behind all waits/);
});
