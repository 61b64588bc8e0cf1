import assert from "node:assert/strict";
import { Bench } from "./test_bench.ts";
import { MANUAL } from "./behaviour.ts";
import { fromBinary, toBinary } from "./binary.ts";
import { Sleep } from "./sleep.ts";

/** What the UART reads of each text, sent at its time in ms. */
function heard(
  behaviour: Partial<typeof MANUAL>,
  ...typed: readonly (readonly [at: number, text: string])[]
) {
  let now = 0;
  const told: string[] = [];
  const sleep = new Sleep({ ...MANUAL, ...behaviour }, () => told.push("KSDH"), () => now);
  for (const [at, text] of typed) {
    now = at;
    told.push(toBinary(sleep.heard(fromBinary(text))));
  }
  return told;
}

Deno.test("a UART that never sleeps hears all", () => {
  assert.deepEqual(heard({}, [0, "AT\r"], [1e9, "AT\r"]), ["AT\r", "AT\r"]);
});

Deno.test("a UART that sleeps loses what wakes it, and hears what follows", () => {
  const typed = heard({ sleepsAfterMs: 100 }, [50, "AT+A\r"], [151, "AT+B\r"], [160, "AT+C\r"], [300, "A"], [
    310,
    "T\r",
  ]);
  assert.deepEqual(typed, ["AT+A\r", "\r", "AT+C\r", "", "T\r"]);
});

Deno.test("a greeting wakes a UART that nothing else wakes, and is greeted back", () => {
  const asleep = { sleepsAfterMs: 100, wakesByGreeting: true };
  const typed = heard(asleep, [200, "AT\r"], [250, "AT\r"], [260, "HDSK\rAT\r"], [270, "HDSK\r"]);
  assert.deepEqual(typed, ["", "", "KSDH", "\rAT\r", "HDSK\r"]);
});

Deno.test("what a module says leaves in pieces with garbage between, and its words are the same", async () => {
  await using bench = await Bench.start({ behaviour: { pieceBytes: 1, noise: "ff00" }, silent: false });
  await bench.type("ATE0\r");
  await bench.says("ATE0\r", "\xff\0\r\nOK\r\n");
  await bench.type("AT+CGMM\r");
  await bench.says("\xff\0\r\nVIRTUAL-ECMT\r\n", "\xff\0\r\nOK\r\n");
});
