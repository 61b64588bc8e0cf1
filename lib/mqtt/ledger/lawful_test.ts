import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../packet.ts";
import type { SenderRole } from "../rules.ts";
import { LawfulWorld } from "./testdata/lawful_world.ts";

const seed = Number(Deno.env.get("ATTEST_SEED") ?? Math.floor(Math.random() * 2 ** 31));
console.log(`lawful conversations: seed ${seed}; ATTEST_SEED=${seed} runs them again`);

/** Runs a conversation that these choices determine. */
function conversation(version: ProtocolVersion, at: SenderRole, choices: readonly number[]): LawfulWorld {
  let next = 0;
  const world = new LawfulWorld(version, at, (count) => (choices[next++] ?? 0) % count);
  while (next < choices.length) world.step();
  return world;
}

/** The events that a conversation must contain, otherwise a ledger without findings proves nothing. */
const HAPPENS: Readonly<Record<ProtocolVersion, readonly string[]>> = {
  "3.1": [
    "session goes on",
    "PUBLISH sent again",
    "PUBREL sent again",
    "repeated on one connection",
    "refused",
  ],
  "3.1.1": [
    ...["session goes on", "session lost", "PUBLISH sent again", "PUBREL sent again"],
    ...["repeated on one connection", "refused"],
  ],
  "5.0": [
    ...["session goes on", "session lost", "PUBLISH sent again", "PUBREL sent again", "refused"],
    ...["message refused", "alias of a client", "alias of a server"],
  ],
};

for (const version of PROTOCOL_VERSIONS) {
  for (const at of ["client", "server"] as const) {
    Deno.test(`a ledger at the ${at} finds nothing in lawful conversations of ${version}`, () => {
      const happened = new Set<string>();
      const choices = fc.array(fc.nat(10_000), { minLength: 100, maxLength: 4000, size: "max" });
      fc.assert(
        fc.property(choices, (made) => {
          const world = conversation(version, at, made);
          for (const { counts } of [world.client, world.server]) {
            for (const what of counts.keys()) happened.add(what);
          }
          deepStrictEqual(
            world.found.map(({ rule, message }) => `${rule}: ${message}`),
            [],
            world.found.length === 0 ? undefined : `${world.found[0]?.message}\n${world.log.join("\n")}`,
          );
        }),
        // The time limit for shrinking a counterexample.
        { seed, numRuns: 200, interruptAfterTimeLimit: 30_000 },
      );
      const missing = HAPPENS[version].filter((what) => !happened.has(what));
      ok(missing.length === 0, `it never happened: ${missing.join(", ")}`);
    });
  }
}
