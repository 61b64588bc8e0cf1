import assert from "node:assert/strict";
import { loadTarget, type TargetFile } from "../target_file.ts";
import type { Observation } from "./observation.ts";
import type { Probed } from "./probe.ts";
import { type Probing, targetText } from "./target_text.ts";

const ADDRESS: Probing = { name: "found", of: { address: "mqtt://127.0.0.1:1883" }, date: "2026-11-25" };

function found(...observations: readonly Observation[]): Probed {
  return { protocols: ["3.1.1", "5.0"], observations, refusesUser: false };
}

function claim(name: string, there: boolean, says = "so it is"): Observation {
  return { about: name, found: says, feature: { name, there }, value: there };
}

function loaded(text: string): TargetFile {
  const { target, problems } = loadTarget(text, "found.yaml");
  assert.deepEqual(problems, []);
  assert.ok(target);
  return target;
}

Deno.test("targetText() claims what is there, and says in the head what is not", () => {
  const text = targetText(found(claim("qos1", true), claim("wills", false, "do not come")), ADDRESS);
  const target = loaded(text);
  assert.deepEqual(target.supports, ["qos1"]);
  assert.deepEqual(target.protocols, ["3.1.1", "5.0"]);
  assert.equal(target.address?.text, "mqtt://127.0.0.1:1883");
  assert.match(text, /^# Probed on 2026-11-25\n# not claimed: wills, since wills do not come\n/);
  assert.match(text, /^ {2}- qos1 # so it is$/m);
});

Deno.test("targetText() keeps the keys of a file that was probed, and claims that a probe can't ask", () => {
  const file = [
    "target: office",
    "title: The office's broker",
    "tests: broker",
    "address: mqtt://127.0.0.1:1883",
    "supports: [persistence, qos2, wills]",
    "values: { largest: 8000 }",
  ].join("\n");
  const probed = found(claim("qos1", true), claim("qos2", false), claim("wills", true));
  const text = targetText(probed, { ...ADDRESS, of: { file } });
  const target = loaded(text);
  assert.equal(target.name, "office");
  assert.deepEqual(target.supports, ["qos1", "wills", "persistence"]);
  assert.deepEqual([...target.values.keys()], ["largest"]);
  assert.match(text, /- persistence # as claimed; a probe can't tell/);
});

Deno.test("targetText() keeps on its line what a broker says", () => {
  const told = { about: "what it tells", found: "a\nsupports: [qos2]\u2028b\r- c" };
  const text = targetText(found(told, claim("qos1", true, "x\n- qos2")), {
    ...ADDRESS,
    version: "broker\ntests: module",
  });
  const target = loaded(text);
  assert.deepEqual(target.supports, ["qos1"]);
  assert.equal(target.tests, "broker");
});

Deno.test("targetText() writes a file that loads where nothing is supported", () => {
  const target = loaded(targetText(found(claim("qos1", false)), ADDRESS));
  assert.deepEqual(target.supports, []);
});
