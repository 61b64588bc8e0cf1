import assert from "node:assert/strict";
import { Alarms } from "./alarms.ts";

const HOUR = 3_600_000;

Deno.test("an alarm rings once, at its time", async () => {
  using alarms = new Alarms();
  const rung: string[] = [];
  await new Promise<void>((resolve) =>
    alarms.set("a", 1, () => {
      rung.push("a");
      resolve();
    })
  );
  alarms.ringNow("a");
  assert.deepEqual(rung, ["a"]);
});

Deno.test("an alarm replaces one of the same name, and no other", () => {
  using alarms = new Alarms();
  const rung: string[] = [];
  for (const [name, text] of [["a", "old"], ["b", "other"], ["a", "new"]] as const) {
    alarms.set(name, HOUR, () => rung.push(text));
  }
  for (const name of ["a", "b", "a", "c"]) alarms.ringNow(name);
  assert.deepEqual(rung, ["new", "other"]);
});

Deno.test("a cancelled alarm does not ring, whether cancelled alone or with all others", () => {
  const rung: string[] = [];
  {
    using alarms = new Alarms();
    for (const name of ["a", "b"]) alarms.set(name, HOUR, () => rung.push(name));
    alarms.cancel("a");
    alarms.cancel("unknown");
    alarms.ringNow("a");
  }
  assert.deepEqual(rung, []);
});

Deno.test("an alarm with a delay too long for a timer does not ring at once", async () => {
  using alarms = new Alarms();
  const rung: string[] = [];
  alarms.set("far", 2 ** 31 + HOUR, () => rung.push("far"));
  await new Promise<void>((resolve) => alarms.set("near", 2, resolve));
  assert.deepEqual(rung, []);
});

Deno.test("an alarm that rings may set itself again", async () => {
  using alarms = new Alarms();
  let rung = 0;
  await new Promise<void>((resolve) => {
    const ring = () => ++rung === 3 ? resolve() : alarms.set("a", 1, ring);
    alarms.set("a", 1, ring);
  });
  assert.equal(rung, 3);
});
