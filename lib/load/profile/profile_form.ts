import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../mqtt/packet.ts";
import { LOAD_MODES } from "../../run/load_event.ts";
import type { Threshold } from "../../run/threshold.ts";
import { duration, type Form, type Report, text, value, word } from "../../spec/form.ts";
import { type Keys, list, mapOf, object } from "../../spec/form_parts.ts";
import { MOST_FLOWS } from "../engine/mark.ts";
import { EXECUTORS } from "../executor/executors.ts";
import { connectForm, CONNECTING } from "./connect_form.ts";
import { dataForm } from "./data_form.ts";
import { flowsOf, type Group } from "./group.ts";
import { groupForm } from "./group_form.ts";
import { moduleForm } from "./module_form.ts";
import type { BrokerStop, Profile } from "./profile.ts";
import { brokerNumber, profileThreshold } from "./profile_parts.ts";
import { reportAt } from "./report_at.ts";
import type { DataTables } from "./template.ts";
import { type Stage, stageForm } from "./stage.ts";

/** The most clients of a profile. */
const MOST_CLIENTS = 1_000_000;
const [DEFAULT_EXECUTOR] = EXECUTORS;

/**
 * The form of a whole profile. `file` and `source` are its name and text; `lastStageMs` replaces the length of its last
 * stage; `tables` are its data files.
 */
export function profileForm(
  file: string,
  source: string,
  lastStageMs?: number,
  tables: DataTables = new Map(),
): Form<Profile> {
  return object("a profile", (keys, report): Profile | undefined => {
    const name = keys.required(
      "profile",
      text({ what: "a name of small letters, digits and dashes", pattern: /^[a-z0-9-]+$/, longest: 60 }),
      "its name on the command line, and of its file",
    );
    const title = keys.required("title", text({ longest: 200 }), "a heading for reports");
    const about = keys.optional("about", text({ longest: 4_000 }), "what it shows, and how to read it");
    keys.optional(
      "values",
      mapOf({ what: "the name of a value", pattern: /^[A-Za-z][A-Za-z0-9]*$/ }, value()),
      "values with their defaults, for --set; a value of the file that is $name alone is replaced by it",
    );
    keys.optional("data", dataForm(), "files whose values are used in templates: users: users.csv");
    const protocol = keys.optional(
      "protocol",
      word(PROTOCOL_VERSIONS, "protocol"),
      "the version of MQTT; default 3.1.1",
    ) ?? "3.1.1";
    const mode = keys.optional(
      "mode",
      word(LOAD_MODES, "mode"),
      "latency (default) times each message; throughput reads and writes less often and times none",
    ) ?? "latency";
    const executorName = keys.optional(
      "executor",
      word(EXECUTORS.map((one) => one.name), "executor"),
      aboutExecutors(),
    );
    const connect = keys.optional("connect", connectForm(), "how connections come about");
    const groups = keys.optional(
      "groups",
      list(groupForm(tables), { least: 1, most: 100, what: "a list of groups" }),
      "who takes part",
    );
    const module = keys.optional(
      "module",
      moduleForm(),
      "what a module does over its serial line, instead of groups",
    );
    const stages = keys.optional(
      "stages",
      list(stageForm(), { least: 1, most: 1_000, what: "a list of stages" }),
      "how rate and clients change over time",
    );
    const stops = keys.optional(
      "stop",
      list(stopForm(), { least: 1, most: 100 }),
      "brokers that attest has started and stops while the load runs",
    );
    const executors = EXECUTORS.map((one) => ({ name: one.name, prepare: one.read(keys, report) }));
    const warmUpMs = keys.optional(
      "warm-up",
      duration(),
      "time at the beginning of the stages that is left out of the result; default 0s",
    ) ?? 0;
    const drainMs = keys.optional(
      "drain",
      duration(),
      "how long to wait at the end for messages in transit; default 5s",
    );
    const lateAfterMs = keys.optional(
      "late-after",
      duration(),
      "a message that takes longer counts as late; default 10s",
    );
    const conditions = keys.optional(
      "thresholds",
      list(profileThreshold(), { most: 100 }),
      "conditions on what was measured; { threshold: …, abort: true } ends the load once it does not hold",
    ) ?? [];
    const thresholds = conditions.map((one) => one.threshold);
    const sound = report.problems.length === 0;
    checkParticipants(keys, report);
    if (groups && sound) checkGroups(keys, report, groups, protocol);
    if (mode === "throughput") checkUntimed(keys, report, thresholds);
    const planned = withLastStage(stages ?? [], lastStageMs);
    const executor = executors.find((one) => one.name === (executorName ?? DEFAULT_EXECUTOR.name))
      ?.prepare({ stages: planned, groups: groups ?? [], warmUpMs, sound });
    if (!name || !title || (!groups && !module) || !executor) return undefined;
    return {
      name,
      title,
      about: about ?? "",
      file,
      text: source,
      protocol,
      mode,
      executor,
      connect: connect ?? CONNECTING,
      groups: groups ?? [],
      module,
      stages: planned,
      stops: stops ?? [],
      warmUpMs,
      drainMs: drainMs ?? 5_000,
      lateAfterMs: lateAfterMs ?? 10_000,
      thresholds,
      aborts: conditions.flatMap((one) => one.abort ? [one.threshold] : []),
    };
  });
}

const stopForm = () =>
  object("a stop of a broker", (keys): BrokerStop | undefined => {
    const broker = keys.required("broker", brokerNumber(), "which target, counted from 1");
    const atMs = keys.required("at", duration(), "since the stages began");
    return broker === undefined || atMs === undefined ? undefined : { broker, atMs };
  });

/** `arrival-rate (default): …; closed-loop: …`: describes all executors for the reader of a profile. */
function aboutExecutors(): string {
  return EXECUTORS.map((one) =>
    `${one.name}${one.name === DEFAULT_EXECUTOR.name ? " (default)" : ""}: ${one.about}`
  ).join("; ");
}

function withLastStage(stages: readonly Stage[], lastStageMs: number | undefined): readonly Stage[] {
  const last = stages.at(-1);
  return last && lastStageMs !== undefined ? [...stages.slice(0, -1), { ...last, ms: lastStageMs }] : stages;
}

/** Reports a profile with both groups and a module, or with neither. */
function checkParticipants(keys: Keys, report: Report): void {
  const groups = keys.has("groups");
  if (groups !== keys.has("module")) return;
  reportAt(
    keys,
    report,
    groups ? "module" : "profile",
    groups ? "a module beside groups of clients" : "a profile without groups",
    groups ? "remove one of them" : "add groups:, or module: for one that drives a module",
  );
}

/** Reports thresholds on times that the mode `throughput` does not measure. */
function checkUntimed(keys: Keys, report: Report, thresholds: readonly Threshold[]): void {
  for (const { subject, expression } of thresholds) {
    if (subject.kind !== "percentile" && subject.kind !== "values") continue;
    if (/^(connect|suback|loop-lag)/.test(subject.metric)) continue;
    const message = `the mode throughput, with the threshold "${expression}"`;
    reportAt(keys, report, "mode", message, "it times no message");
  }
}

function checkGroups(
  keys: Keys,
  report: Report,
  groups: readonly Group[],
  protocol: ProtocolVersion,
): void {
  const names = new Set<string>();
  for (const group of groups) {
    if (names.has(group.name)) reportAt(keys, report, "groups", `a second group "${group.name}"`);
    names.add(group.name);
    checkExact(keys, report, group);
    if (protocol === "5.0") continue;
    for (const key of keysOf5(group)) {
      const message = `${key} in the group "${group.name}" with MQTT ${protocol}`;
      reportAt(keys, report, "groups", message, 'write protocol: "5.0"');
    }
  }
  const clients = groups.reduce((sum, group) => sum + group.clients, 0);
  if (clients > MOST_CLIENTS) {
    reportAt(keys, report, "groups", `${clients} clients`, `at most ${MOST_CLIENTS}`);
  }
  const flows = groups.reduce((sum, group) => sum + flowsOf(group), 0);
  if (flows > MOST_FLOWS) {
    const message = `${flows} topics over all publishers`;
    reportAt(keys, report, "groups", message, `at most ${MOST_FLOWS} can be distinguished`);
  }
}

/** The keys of a group that only MQTT 5.0 has. */
function keysOf5({ sessionExpiry, receiveMaximum, userProperties, publish }: Group): readonly string[] {
  const found: string[] = [];
  if (sessionExpiry !== undefined) found.push("session-expiry");
  if (receiveMaximum !== undefined) found.push("receive-maximum");
  if (userProperties.length > 0 || (publish?.userProperties.length ?? 0) > 0) found.push("user-properties");
  if (publish?.topicAlias) found.push("topic-alias");
  if (publish?.payload.kind === "exact" && publish.payload.mark === "user-property") {
    found.push("mark: user-property");
  }
  return found;
}

/** Reports what a payload that is sent exactly as given makes impossible. */
function checkExact(keys: Keys, report: Report, { name, role, publish }: Group): void {
  if (publish?.payload.kind !== "exact") return;
  const complain = (what: string, hint: string) =>
    reportAt(keys, report, "groups", `${what} in the group "${name}" with an exact payload`, hint);
  if (role === "request") {
    complain("requests", "an answer contains the payload alone; write text: with $mark");
  }
  if (publish.payload.mark !== "topic") return;
  if (publish.retain) {
    complain("retained messages", "each message has a topic of its own; write mark: user-property");
  }
  if (publish.topicAlias) {
    complain("a topic alias", "each message has a topic of its own; write mark: user-property");
  }
}
