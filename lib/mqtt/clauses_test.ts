import { ok, strictEqual } from "node:assert/strict";
import { clause, clauses } from "./clauses.ts";
import { PROTOCOL_VERSIONS } from "./packet.ts";
import { reasonName, reasons } from "./reasons.ts";
import { RULE_NAMES, ruleClause } from "./rules.ts";

Deno.test("the tables hold all numbered statements of 3.1.1 and 5.0, and those of 3.1 under our numbers", () => {
  strictEqual(clauses("3.1").length, 64);
  strictEqual(clauses("3.1.1").length, 141);
  strictEqual(clauses("5.0").length, 251);
});

Deno.test("every clause has a number, a section and a sentence", () => {
  for (const protocol of PROTOCOL_VERSIONS) {
    for (const found of clauses(protocol)) {
      const number = protocol === "3.1" ? /^MQTT31-(\d\.\d+|A)-\d+$/ : /^MQTT-\d+\.\d+\.\d+-\d+$/;
      ok(number.test(found.id), found.id);
      ok(/^(\d|Appendix )/.test(found.section), found.id);
      ok(found.text.endsWith("."), found.id);
      strictEqual(clause(protocol, found.id), found);
    }
  }
});

Deno.test("the same number means another statement in another version", () => {
  ok(clause("3.1.1", "MQTT-4.3.3-2")?.text !== clause("5.0", "MQTT-4.3.3-2")?.text);
  strictEqual(clause("3.1.1", "MQTT-2.1.3-1"), undefined);
});

Deno.test("a rule has the clause of the version in which it is broken", () => {
  ok(RULE_NAMES.includes("reserved-flags"));
  strictEqual(ruleClause("reserved-flags", "3.1.1"), "MQTT-2.2.2-1");
  strictEqual(ruleClause("reserved-flags", "5.0"), "MQTT-2.1.3-1");
  strictEqual(ruleClause("reserved-flags", "3.1"), undefined);
});

Deno.test("codes have the name that the packet and the version give them", () => {
  strictEqual(reasonName("SUBACK", "5.0", 0), "Granted QoS 0");
  strictEqual(reasonName("DISCONNECT", "5.0", 0), "Normal disconnection");
  strictEqual(reasonName("CONNACK", "3.1.1", 5), "Connection Refused, not authorized");
  strictEqual(reasonName("PUBREL", "5.0", 0x80), undefined);
  strictEqual(reasonName("SUBACK", "3.1", 0x80), undefined);
  strictEqual(reasons("PUBACK", "3.1.1").size, 0);
});
