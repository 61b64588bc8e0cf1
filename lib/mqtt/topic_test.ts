import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  matches,
  sharedFilter,
  topicFilterFault,
  topicFilterProblem,
  topicNameFault,
  topicNameProblem,
} from "./topic.ts";

const MATCHING: readonly (readonly [filter: string, topic: string])[] = [
  ["a", "a"],
  ["a/b/c", "a/b/c"],
  ["/", "/"],
  ["a//b", "a//b"],
  ["#", "a"],
  ["#", "/"],
  ["#", "a/b/c"],
  ["a/#", "a"],
  ["a/#", "a/"],
  ["a/#", "a/b"],
  ["a/#", "a/b/c"],
  ["/#", "/"],
  ["/#", "/a"],
  ["+", "a"],
  ["+/+", "/"],
  ["+/+", "/a"],
  ["/+", "/a"],
  ["/+", "/"],
  ["a/+", "a/"],
  ["a/+/c", "a/b/c"],
  ["a/+/c", "a//c"],
  ["+/b/#", "a/b"],
  ["+/b/#", "a/b/c/d"],
  ["a/+/#", "a/b"],
  ["$SYS/#", "$SYS/a"],
  ["$SYS/#", "$SYS"],
  ["$SYS/+", "$SYS/a"],
  ["a/$b", "a/$b"],
  ["a/+", "a/$b"],
  ["+/$b", "a/$b"],
  ["ä/€", "ä/€"],
  ["\ufeffa", "\ufeffa"],
];

const OTHER: readonly (readonly [filter: string, topic: string])[] = [
  ["a", "A"],
  ["a", "a/"],
  ["a", "/a"],
  ["a/", "a"],
  ["a/b", "a"],
  ["a", "a/b"],
  ["a", "ab"],
  ["ab", "a"],
  ["+", "/a"],
  ["+", "a/"],
  ["+", "a/b"],
  ["/+", "a"],
  ["a/+", "a"],
  ["a/+", "a/b/c"],
  ["a/#", "ab"],
  ["a/#", "b"],
  ["a/b/#", "a"],
  ["a/+/#", "a"],
  ["/#", "a"],
  ["#", "$SYS"],
  ["#", "$SYS/a"],
  ["+", "$SYS"],
  ["+/a", "$SYS/a"],
  ["+/+", "$/a"],
  ["$SYS/a", "$SYS/b"],
  ["ä", "a\u0308"],
  ["\ufeffa", "a"],
];

for (const [filter, topic] of MATCHING) {
  Deno.test(`the filter "${filter}" matches "${topic}"`, () => strictEqual(matches(filter, topic), true));
}
for (const [filter, topic] of OTHER) {
  Deno.test(`the filter "${filter}" does not match "${topic}"`, () =>
    strictEqual(matches(filter, topic), false));
}

/** A second implementation of the standard's rules, written for clarity: compares lists level by level. */
function matchesByLevels(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (let n = 0; n < wanted.length; n++) {
    if (wanted[n] === "#") return true;
    if (n >= levels.length) return false;
    if (wanted[n] !== "+" && wanted[n] !== levels[n]) return false;
    if (n === levels.length - 1 && wanted.length === n + 2 && wanted[n + 1] === "#") return true;
  }
  return wanted.length === levels.length;
}

Deno.test("matches() agrees with a plain reading of the standard on generated filters and topic names", () => {
  const level = fc.constantFrom("", "a", "b", "ab", "$a");
  const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/")).filter((
    t,
  ) => t !== "");
  const filter = fc.tuple(
    fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  ).map(([levels, open]) => [...levels, ...(open ? ["#"] : [])].join("/")).filter((f) => f !== "");
  fc.assert(fc.property(filter, topic, (f, t) => strictEqual(matches(f, t), matchesByLevels(f, t))), {
    numRuns: 5000,
  });
});

const GOOD_FILTERS = [
  "a",
  "/",
  "#",
  "+",
  "/#",
  "+/#",
  "a/+/b",
  "+/+",
  "a//b",
  " ",
  "$SYS/#",
  "$share",
  "$shared/+",
];
const BAD_FILTERS: readonly (readonly [filter: string, rule: string])[] = [
  ["", "filter-empty"],
  ["a#", "filter-multi-level"],
  ["#a", "filter-multi-level"],
  ["#/", "filter-multi-level"],
  ["a/#/b", "filter-multi-level"],
  ["##", "filter-multi-level"],
  ["+#", "filter-multi-level"],
  ["a+", "filter-single-level"],
  ["+a", "filter-single-level"],
  ["++", "filter-single-level"],
  ["a/b+/c", "filter-single-level"],
  ["+/+a", "filter-single-level"],
  ["a\0b", "utf8-nul"],
  ["a".repeat(65536), "text-too-long"],
  ["€".repeat(21846), "text-too-long"],
];
const BAD_SHARES: readonly (readonly [filter: string, rule: string])[] = [
  ["$share/", "share-name-empty"],
  ["$share//a", "share-name-empty"],
  ["$share/g", "share-without-filter"],
  ["$share/g/", "share-without-filter"],
  ["$share/g+/a", "share-name-wildcard"],
  ["$share/#", "share-name-wildcard"],
  ["$share/g/a#", "filter-multi-level"],
  ["$share/g/a+", "filter-single-level"],
];

Deno.test("topicFilterFault() finds nothing wrong with good filters", () => {
  for (const filter of GOOD_FILTERS) {
    strictEqual(topicFilterFault(filter), undefined);
    strictEqual(topicFilterProblem(filter, true), undefined);
  }
  strictEqual(topicFilterFault("$share/g/a/#", true), undefined);
  strictEqual(topicFilterFault("$share/g//", true), undefined);
});

Deno.test("topicFilterFault() names the fault of each bad filter", () => {
  for (const [filter, rule] of BAD_FILTERS) strictEqual(topicFilterFault(filter)?.rule, rule);
  for (const [filter, rule] of BAD_SHARES) strictEqual(topicFilterFault(filter, true)?.rule, rule);
});

Deno.test("a filter that begins with $share/ is an ordinary one without shared subscriptions", () => {
  strictEqual(topicFilterFault("$share/g"), undefined);
  strictEqual(topicFilterFault("$share//a"), undefined);
});

Deno.test("topicNameFault() names the fault of each bad topic name", () => {
  const bad = ["", "a/+", "#", "a\0", "a".repeat(65536)].map((topic) => topicNameFault(topic)?.rule);
  deepStrictEqual(bad, ["topic-empty", "topic-wildcard", "topic-wildcard", "utf8-nul", "text-too-long"]);
  for (const topic of ["a", "/", "$SYS/a", " ", "a".repeat(65535)]) {
    strictEqual(topicNameProblem(topic), undefined);
  }
});

Deno.test("a message about a long topic shows only its beginning", () => {
  const message = topicNameProblem("a".repeat(60000) + "#") ?? "";
  strictEqual(message.length < 250, true);
});

Deno.test("sharedFilter() splits a shared subscription", () => {
  deepStrictEqual(sharedFilter("$share/g/a/+"), { group: "g", filter: "a/+" });
  strictEqual(sharedFilter("a/b"), undefined);
  strictEqual(sharedFilter("$share/g"), undefined);
});
