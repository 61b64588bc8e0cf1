import { deepStrictEqual, match, ok } from "node:assert/strict";
import { clause } from "../clauses.ts";
import { decodeOne } from "../decode.ts";
import { encode } from "../encode.ts";
import type { Violation } from "../frame.ts";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../packet.ts";
import { RULE_NAMES } from "../rules.ts";
import { Ledger } from "./ledger.ts";
import { LEDGER_RULES } from "./ledger_rules.ts";
import { clausesFor, versionsOf } from "./rule.ts";
import type { Breach, Happening } from "./testdata/breach.ts";
import { CONNECTION_BREACHES } from "./testdata/breaches_of_connections.ts";
import { EXCHANGE_BREACHES } from "./testdata/breaches_of_exchanges.ts";
import { MESSAGE_BREACHES } from "./testdata/breaches_of_messages.ts";
import { REPETITION_BREACHES } from "./testdata/breaches_of_repetition.ts";

const BREACHES = [...CONNECTION_BREACHES, ...EXCHANGE_BREACHES, ...REPETITION_BREACHES, ...MESSAGE_BREACHES];

/** Returns the rules that each event of a conversation breaks. */
function judged(
  all: readonly Happening[],
  version: ProtocolVersion,
  breach: Breach,
): (readonly Violation[])[] {
  const ledger = new Ledger({ at: "client", version, assignsSubscriptions: false, ...breach.options });
  let now = 0;
  let page = ledger.opened(now);
  return all.map((one) => {
    if (one === "caught up") page.caughtUp();
    else if (one === "reconnect") {
      page.closed();
      page = ledger.opened(now);
    } else if ("uncertain" in one) page.uncertain(one.uncertain, now);
    else {
      now += one.wait ?? 0;
      const frame = decodeOne(encode(one.draft, version), version);
      ok(frame.kind === "packet");
      const asked = page.check(one.by, frame.packet, frame.raw.length, now);
      const found = page.record(one.by, frame.packet, frame.raw.length, now);
      deepStrictEqual(asked, found, "check() returns what record() returns");
      return found;
    }
    return [];
  });
}

for (const breach of BREACHES) {
  const { rule, clauses, note, breaks, keeps } = breach;
  for (const version of PROTOCOL_VERSIONS) {
    if (!Object.hasOwn(clauses, version)) continue;
    Deno.test(`a ledger names ${rule} in ${version}: ${note}`, () => {
      deepStrictEqual(
        (judged(breaks, version, breach).at(-1) ?? []).map((one) => [one.rule, one.clause, one.offset]),
        [[rule, clauses[version], (breach.offset ?? 0) + (version === "5.0" ? breach.further ?? 0 : 0)]],
      );
    });
    if (keeps.length === 0) continue;
    Deno.test(`a ledger finds ${rule} kept in ${version}, beside: ${note}`, () => {
      for (const kept of keeps) {
        deepStrictEqual(judged(kept, version, breach).flat().map((one) => `${one.rule}: ${one.message}`), []);
      }
    });
  }
}

Deno.test("every rule of the conversation has a breach in each of its versions", () => {
  const broken = new Set(
    BREACHES.flatMap(({ rule, clauses }) => Object.keys(clauses).map((version) => `${rule} ${version}`)),
  );
  const all = LEDGER_RULES.flatMap((rule) => versionsOf(rule).map((version) => `${rule.id} ${version}`));
  deepStrictEqual(all.filter((one) => !broken.has(one)), []);
});

Deno.test("every clause that a rule of the conversation cites is one of its version", () => {
  for (const rule of LEDGER_RULES) {
    for (const version of versionsOf(rule)) {
      for (const sender of ["client", "server"] as const) {
        for (const id of clausesFor(rule, version, sender) ?? []) {
          ok(clause(version, id), `${rule.id}: ${id} is not a clause of ${version}`);
        }
      }
    }
  }
});

Deno.test("a breach cites no clause that its rule does not list", () => {
  for (const { rule: id, clauses } of BREACHES) {
    const rule = LEDGER_RULES.find((one) => one.id === id);
    ok(rule, `unknown rule ${id}`);
    for (const version of PROTOCOL_VERSIONS) {
      const cited = clauses[version];
      if (cited === undefined) continue;
      const listed = [
        ...clausesFor(rule, version, "client") ?? [],
        ...clausesFor(rule, version, "server") ?? [],
      ];
      ok(listed.includes(cited), `${id} does not list ${cited} of ${version}`);
    }
  }
});

Deno.test("the rules of the conversation and those of the encoding have names of their own", () => {
  const ids = LEDGER_RULES.map(({ id }) => id);
  deepStrictEqual(ids.filter((id, at) => ids.indexOf(id) !== at || RULE_NAMES.includes(id)), []);
});

Deno.test("every message of a breach is one sentence without a full stop, and every rule is one sentence with one", () => {
  for (const breach of BREACHES) {
    for (const version of PROTOCOL_VERSIONS) {
      if (!Object.hasOwn(breach.clauses, version)) continue;
      for (const { message } of judged(breach.breaks, version, breach).flat()) {
        match(message, /^[A-Z].*[^.]$/s);
      }
    }
  }
  for (const { about } of LEDGER_RULES) match(about, /^[A-Z][^]*[^.]\.$/);
});
