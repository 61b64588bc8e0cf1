import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../mqtt/packet.ts";
import { EXECUTORS, LOAD_MODES } from "../../run/load_event.ts";
import { duration, flag, type Form, integer, type Report, text, value, word } from "../../spec/form.ts";
import { type Keys, list, mapOf, object } from "../../spec/form_parts.ts";
import { groupForm } from "./group_form.ts";
import { moduleForm } from "./module_form.ts";
import type { Connecting, Group, Profile, Stage } from "./profile.ts";
import { amount, threshold } from "./profile_parts.ts";
import { searchForm, stageForm } from "./stage_form.ts";

/** The most clients of a profile. */
export const MOST_CLIENTS = 1_000_000;

const connectForm = () =>
  object("how connections come about", (keys, report): Connecting => {
    const rate = keys.optional("rate", amount("a rate", 1_000_000), "connections begun per second");
    const atOnce = keys.optional("at-once", flag(), "as fast as the broker answers, in the place of a rate");
    const outstanding = keys.optional(
      "outstanding",
      integer({ least: 1, most: 10_000 }),
      "connections on their way at once at most; default 64, since brokers let few wait",
    );
    const withinMs = keys.optional(
      "within",
      duration(),
      "how long one may take until its CONNACK; default 10s",
    );
    const again = keys.optional(
      "again",
      flag(),
      "whether one that failed or was lost is tried again; default true",
    );
    const first = keys.optional(
      "back-off",
      duration(),
      "the wait before it is tried again, doubled each time; default 100ms",
    );
    const most = keys.optional("back-off-most", duration(), "the longest wait; default 5s");
    if (rate !== undefined && atOnce === true) {
      tell(keys, report, "at-once", "a rate, and all at once", "take one of them out");
    }
    return connecting({
      ...(rate === undefined ? {} : { rate }),
      ...(outstanding === undefined ? {} : { outstanding }),
      ...(withinMs === undefined ? {} : { withinMs }),
      ...(again === undefined ? {} : { again }),
      backOffMs: [Math.max(1, first ?? 100), Math.max(first ?? 100, most ?? 5_000)],
    });
  });

function connecting(given: Partial<Connecting>): Connecting {
  return {
    rate: Infinity,
    outstanding: 64,
    withinMs: 10_000,
    again: true,
    backOffMs: [100, 5_000],
    ...given,
  };
}

/** A whole profile. `file` and `source` are its name and text; `lastStageMs` replaces the length of its last stage. */
export function profileForm(file: string, source: string, lastStageMs?: number): Form<Profile> {
  return object("a profile", (keys, report): Profile | undefined => {
    const name = keys.required(
      "profile",
      text({ what: "a name of small letters, digits and dashes", pattern: /^[a-z0-9-]+$/, longest: 60 }),
      "its name on the command line, that of its file",
    );
    const title = keys.required("title", text({ longest: 200 }), "a heading for reports");
    const about = keys.optional("about", text({ longest: 4_000 }), "what it shows, and how to read it");
    keys.optional(
      "values",
      mapOf({ what: "the name of a value", pattern: /^[A-Za-z][A-Za-z0-9]*$/ }, value()),
      "values with their defaults, for --set; a value of the file that is $name alone is replaced by it",
    );
    const protocol = keys.optional(
      "protocol",
      word(PROTOCOL_VERSIONS, "protocol"),
      "the version of MQTT; default 3.1.1",
    );
    const mode = keys.optional(
      "mode",
      word(LOAD_MODES, "mode"),
      "latency (default) times each message; throughput reads and writes less often and times none",
    );
    const executor = keys.optional(
      "executor",
      word(EXECUTORS, "executor"),
      "arrival-rate (default): messages are due by a schedule; closed-loop: as fast as the window allows; search: the highest rate that keeps the thresholds",
    );
    const connect = keys.optional("connect", connectForm(), "how connections come about");
    const groups = keys.optional(
      "groups",
      list(groupForm(), { least: 1, most: 100, what: "a list of groups" }),
      "who takes part",
    );
    const module = keys.optional(
      "module",
      moduleForm(),
      "what a module is driven with over its serial line, in the place of groups",
    );
    const stages = keys.optional(
      "stages",
      list(stageForm(), { least: 1, most: 1_000, what: "a list of stages" }),
      "what happens when",
    );
    const search = keys.optional("search", searchForm(), "of the executor search: what it tries");
    const warmUpMs = keys.optional(
      "warm-up",
      duration(),
      "time at the beginning of the stages that is left out of the result; default 0s",
    );
    const drainMs = keys.optional(
      "drain",
      duration(),
      "how long is waited at the end for what is on its way; default 5s",
    );
    const lateAfterMs = keys.optional(
      "late-after",
      duration(),
      "a message that takes longer counts as late; default 10s",
    );
    const thresholds = keys.optional(
      "thresholds",
      list(threshold(), { most: 100 }),
      "conditions on what was measured",
    );
    const kind = executor ?? "arrival-rate";
    if (keys.has("groups") === keys.has("module")) {
      const both = keys.has("groups");
      tell(
        keys,
        report,
        both ? "module" : "profile",
        both ? "a module beside groups of clients" : "a profile without groups",
        both ? "take one of them out" : "add groups:, or module: for one that drives a module",
      );
    }
    if (module && kind !== "arrival-rate") {
      tell(keys, report, "executor", `the executor ${kind} for a module`, "a module is driven by a schedule");
    }
    if (kind === "search" ? !keys.has("search") : !keys.has("stages")) {
      const due = kind === "search" ? "search" : "stages";
      tell(keys, report, "profile", `a profile with the executor ${kind} without "${due}"`, `add ${due}:`);
    }
    // A rate that is wrong is told already, and not missing.
    if (groups && report.problems.length === 0) checkGroups(keys, report, groups, protocol ?? "3.1.1", kind);
    if (mode === "throughput") {
      for (const one of thresholds ?? []) {
        if (one.subject.kind !== "percentile" && one.subject.kind !== "values") continue;
        if (/^(connect|suback|loop-lag)/.test(one.subject.metric)) continue;
        tell(
          keys,
          report,
          "mode",
          `the mode throughput, with the threshold "${one.expression}"`,
          "it times no message",
        );
      }
    }
    const planned = lasting(stages ?? [], lastStageMs);
    const plannedMs = planned.reduce((sum, stage) => sum + stage.ms, 0);
    if (kind !== "search" && stages && (warmUpMs ?? 0) >= plannedMs && (warmUpMs ?? 0) > 0) {
      tell(keys, report, "warm-up", "a warm-up that is as long as all stages");
    }
    if (!name || !title || (!groups && !module)) return undefined;
    return {
      name,
      title,
      about: about ?? "",
      file,
      text: source,
      protocol: protocol ?? "3.1.1",
      mode: mode ?? "latency",
      executor: kind,
      connect: connect ?? connecting({}),
      groups: groups ?? [],
      ...(module ? { module } : {}),
      stages: planned,
      ...(search ? { search } : {}),
      warmUpMs: warmUpMs ?? 0,
      drainMs: drainMs ?? 5_000,
      lateAfterMs: lateAfterMs ?? 10_000,
      thresholds: thresholds ?? [],
    };
  });
}

function lasting(stages: readonly Stage[], lastStageMs: number | undefined): readonly Stage[] {
  const last = stages.at(-1);
  return last && lastStageMs !== undefined ? [...stages.slice(0, -1), { ...last, ms: lastStageMs }] : stages;
}

function checkGroups(
  keys: Keys,
  report: Report,
  groups: readonly Group[],
  protocol: ProtocolVersion,
  executor: Profile["executor"],
): void {
  const names = new Set<string>();
  for (const group of groups) {
    if (names.has(group.name)) tell(keys, report, "groups", `a second group "${group.name}"`);
    names.add(group.name);
    const { publish } = group;
    if (publish && publish.rate === undefined && executor !== "closed-loop" && group.role !== "respond") {
      tell(
        keys,
        report,
        "groups",
        `the group "${group.name}" publishes at no rate`,
        "add rate: or rate-per-client:",
      );
    }
    if (protocol !== "5.0") {
      const five = [
        ...(group.sessionExpiry !== undefined ? ["session-expiry"] : []),
        ...(group.receiveMaximum !== undefined ? ["receive-maximum"] : []),
        ...(group.userProperties.length > 0 || (publish?.userProperties.length ?? 0) > 0
          ? ["user-properties"]
          : []),
        ...(publish?.topicAlias ? ["topic-alias"] : []),
      ];
      for (const what of five) {
        tell(
          keys,
          report,
          "groups",
          `${what} in the group "${group.name}" with MQTT ${protocol}`,
          'write protocol: "5.0"',
        );
      }
    }
  }
  const clients = groups.reduce((sum, group) => sum + group.clients, 0);
  if (clients > MOST_CLIENTS) tell(keys, report, "groups", `${clients} clients`, `at most ${MOST_CLIENTS}`);
}

function tell(keys: Keys, report: Report, key: string, message: string, hint?: string): void {
  const place = keys.place(key);
  if (place) report.add(message, place, hint);
}
