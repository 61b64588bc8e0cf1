import assert from "node:assert/strict";
import { SendingAliases } from "./aliases.ts";

/** Sends a message at a topic name; `+` where its alias is new to the client. */
function send(aliases: SendingAliases, topic: string): string {
  const found = aliases.find(topic);
  if (!found) return "none";
  if (!found.known) aliases.sent(topic, found.alias);
  return `${found.known ? "" : "+"}${found.alias}`;
}

Deno.test("a client that accepts no alias is sent none", () => {
  assert.equal(send(new SendingAliases(0), "a"), "none");
});

Deno.test("each topic name gets its own alias, or the oldest alias if none is left", () => {
  const aliases = new SendingAliases(2);
  assert.deepEqual(["a", "b", "a", "c", "b", "a"].map((topic) => send(aliases, topic)), [
    "+1",
    "+2",
    "1",
    "+1",
    "2",
    "+2",
  ]);
});

Deno.test("an alias that was not sent is not known", () => {
  const aliases = new SendingAliases(2);
  aliases.find("a");
  assert.deepEqual(aliases.find("a"), { alias: 1, known: false });
  assert.deepEqual(aliases.find("b"), { alias: 1, known: false });
});
