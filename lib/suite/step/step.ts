import type { Report } from "../../spec/form.ts";
import { describeNode, entryOf, type MapNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { toValue, type Value } from "../../spec/value.ts";
import { readDteSend } from "./at_step.ts";
import { checkBytes, isVariable } from "../field/field_check.ts";
import { readGenerate } from "./generate_step.ts";
import { type Role, roleOf } from "./lane.ts";
import type { Send, Step } from "../file/model.ts";
import { packetType, readFrame, readPackets, readSend } from "./packet_step.ts";
import { readExpectation, readNothing } from "./expectation.ts";
import { checkDuration, checkTimes, readName } from "./step_parts.ts";
import { lanesIn } from "./walk.ts";

const VERBS = ["wait", "drop", "ignore", "open", "all", "repeat", "poll", "generate", "restart"] as const;
/** How a connection can be cut. */
export const CUTS: readonly string[] = ["fin", "rst"];
const LANE = /^\$?[a-z][a-z0-9]*$/;
const ARROW = /^(\S+)(\s+)(->|<-)(\s+)(\S.*)$/s;
/** How long the line of a step may be in a report, in characters. */
const LONGEST_SOURCE = 300;

/** What a step is read with. */
export interface StepContext {
  readonly report: Report;
  /** The text of the file, from which a step keeps its line. */
  readonly text: string;
  /** The lanes that are parameters of the opening being read; undefined in a case. */
  readonly laneParameters: readonly string[] | undefined;
}

/** Reads a list of steps; those that are wrong are told and left out. */
export function readSteps(node: Node, context: StepContext): readonly Step[] {
  if (node.kind !== "list") {
    context.report.add(`${describeNode(node)} where steps are due`, node.place, "write each step behind a -");
    return [];
  }
  return node.items.map((item) => context.report.full ? undefined : readStep(item, context)).filter((step) =>
    step !== undefined
  );
}

function readStep(node: Node, context: StepContext): Step | undefined {
  const { report } = context;
  const base = { place: node.place, source: sourceOf(node, context.text) };
  if (node.kind === "list") {
    report.add("a list where a step is due", node.place, "write lane -> PACKET: { field: value }");
    return undefined;
  }
  if (node.kind === "scalar") {
    return readLine(
      node.source,
      node.place,
      node.source.length === node.place.length,
      undefined,
      base,
      context,
    );
  }
  const [entry] = node.entries;
  if (!entry || node.entries.length > 1) {
    const hint = entry ? "a step has one key: indent the others below it, or put a - before each" : undefined;
    report.add(
      entry ? "several keys in one step" : "an empty step",
      node.entries[1]?.keyPlace ?? node.place,
      hint,
    );
    return undefined;
  }
  const exact = entry.key.length === entry.keyPlace.length;
  return readLine(entry.key, entry.keyPlace, exact, entry.value, base, context);
}

type Base = Pick<Step, "place" | "source">;

function readLine(
  line: string,
  place: Place,
  exact: boolean,
  node: Node | undefined,
  base: Base,
  context: StepContext,
): Step | undefined {
  const { report } = context;
  const arrow = ARROW.exec(line);
  if (!arrow) return readVerb(line, place, node, base, context);
  const [, lane = "", before = "", direction = "", after = "", what = ""] = arrow;
  const part = (offset: number, length: number): Place =>
    exact ? { ...place, column: place.column + offset, length: Math.max(1, length) } : place;
  if (!checkLane(lane, part(0, lane.length), context)) return undefined;
  const at = part(lane.length + before.length + direction.length + after.length, what.length);
  const role = roleOf(lane);
  if (direction === "->") {
    const send = readLaneSend(role, what, at, node, report);
    return send ? { ...base, kind: "send", lane, send } : undefined;
  }
  if (what === "nothing") {
    const within = readNothing(role, at, node, report);
    return { ...base, kind: "nothing", lane, ...(within ? { within } : {}) };
  }
  const expectation = readExpectation(role, what, at, node, report);
  return expectation ? { ...base, kind: "expect", lane, ...expectation } : undefined;
}

function checkLane(lane: string, place: Place, context: StepContext): boolean {
  const { report, laneParameters } = context;
  if (!LANE.test(lane)) {
    report.add(
      `${quote(lane)} is not the name of a lane`,
      place,
      "a small letter, then small letters and digits",
    );
    return false;
  }
  if (!lane.startsWith("$")) return true;
  if (laneParameters?.includes(lane.slice(1))) return true;
  const hint = laneParameters
    ? suggest(lane.slice(1), laneParameters) ?? `add it to lanes: [${lane.slice(1)}]`
    : "only an opening has lanes as parameters";
  report.add(`${quote(lane)} is not a lane${laneParameters ? " of this opening" : ""}`, place, hint);
  return false;
}

function readLaneSend(
  role: Role,
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
): Send | undefined {
  if (role === "dte") return readDteSend(what, place, node, report);
  if (what === "packets" || what === "raw" || what === "frame") {
    if (!node) {
      report.add(`"${what}" without its value`, place, `write ${what}: …`);
      return undefined;
    }
    if (what === "packets") return readPackets(node, report);
    if (what === "frame") {
      if (role === "client") return readFrame(node, report);
      report.add("a WebSocket frame on a lane of a module suite", place, "it is for broker suites");
      return undefined;
    }
    checkBytes(node, report);
    return { kind: "raw", bytes: toValue(node, (problem) => report.problems.push(problem)) };
  }
  if (/^at[+&a-z]?/i.test(what) && what !== "AUTH") {
    report.add(`AT command ${quote(what)} on an MQTT lane`, place, "only the lane dte sends AT commands");
    return undefined;
  }
  const type = packetType(what, place, report, ["packets", "raw", "frame"]);
  return type ? readSend(type, node, report) : undefined;
}

function readVerb(
  name: string,
  place: Place,
  node: Node | undefined,
  base: Base,
  context: StepContext,
): Step | undefined {
  const { report } = context;
  const verb = VERBS.find((candidate) => candidate === name);
  if (!verb) {
    const hint = suggest(name, VERBS.filter((candidate) => candidate[0] === name[0])) ??
      `write lane -> PACKET, lane <- PACKET, or ${VERBS.join(", ")}`;
    report.add(`unknown step ${quote(name)}`, place, hint);
    return undefined;
  }
  if (!node) {
    report.add(`"${verb}" without its value`, place, `write ${verb}: …`);
    return undefined;
  }
  switch (verb) {
    case "wait":
      return { ...base, kind: "wait", duration: checkDuration(node, report) };
    case "drop":
    case "ignore":
    case "open":
      return readLaneVerb(verb, node, base, context);
    case "all":
      return { ...base, kind: "all", steps: readAll(node, context) };
    case "repeat":
      return readRepeat(node, base, context);
    case "poll":
      return readPoll(node, base, context);
    case "restart":
      if (node.kind !== "scalar" || node.source !== "target") {
        report.add(`${describeNode(node)} where target is due`, node.place, "write restart: target");
      }
      return { ...base, kind: "restart" };
    case "generate": {
      const generate = readGenerate(node, report, (lane) => readClientLane(verb, lane, context));
      return generate && { ...base, kind: "generate", generate };
    }
  }
}

function readLaneVerb(
  verb: "drop" | "ignore" | "open",
  node: Node,
  base: Base,
  context: StepContext,
): Step | undefined {
  const { report } = context;
  const given = verb !== "ignore" && node.kind === "map" ? node : undefined;
  const named = given ? entryOf(given, "lane")?.value : node;
  if (given) tellUnknownKeys(given, ["lane", verb === "drop" ? "how" : "subprotocols"], verb, report);
  if (named?.kind !== "scalar") {
    report.add(`${describeNode(node)} where a lane is due`, node.place, `write ${verb}: lane`);
    return undefined;
  }
  const lane = named.source;
  if (!checkLane(lane, named.place, context)) return undefined;
  if (verb !== "ignore" && (lane === "dte" || (lane === "broker" && verb === "open"))) {
    const why = lane === "dte" ? "the serial line has no connection" : "the module opens it";
    report.add(`"${verb}" on the lane ${lane}: ${why}`, named.place);
    return undefined;
  }
  if (verb === "ignore") return { ...base, kind: verb, lane };
  if (verb === "open") {
    const offered = given ? entryOf(given, "subprotocols")?.value : undefined;
    return { ...base, kind: verb, lane, ...(offered ? { subprotocols: readOffered(offered, report) } : {}) };
  }
  const how = given ? entryOf(given, "how")?.value : undefined;
  return { ...base, kind: verb, lane, ...(how ? { how: checkCut(how, report) } : {}) };
}

function readClientLane(verb: string, node: Node, context: StepContext): string | undefined {
  const { report } = context;
  if (node.kind !== "scalar") {
    report.add(`${describeNode(node)} where a lane is due`, node.place);
    return undefined;
  }
  if (!checkLane(node.source, node.place, context)) return undefined;
  if (roleOf(node.source) === "client") return node.source;
  report.add(
    `"${verb}" on the lane ${node.source}, which is no MQTT client`,
    node.place,
    "it is for broker suites",
  );
  return undefined;
}

/** The most subprotocols that a client may offer. */
const MOST_OFFERED = 20;
/** What RFC 6455 lets a subprotocol be: a token of HTTP. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

function readOffered(node: Node, report: Report): readonly Value[] {
  if (node.kind !== "list" || node.items.length > MOST_OFFERED) {
    report.add(`${describeNode(node)} where subprotocols are due`, node.place, "write subprotocols: [mqtt]");
    return [];
  }
  for (const item of node.items) {
    if (item.kind === "scalar" && TOKEN.test(item.source)) continue;
    report.add(`${describeNode(item)} where a subprotocol is due`, item.place, "letters, digits and -._");
  }
  return node.items.map((item) => toValue(item, (problem) => report.problems.push(problem)));
}

/** How a connection is cut: `fin`, `rst`, or a variable. */
function checkCut(node: Node, report: Report): Value {
  const right = isVariable(node) || (node.kind === "scalar" && CUTS.includes(node.source));
  if (!right) report.add(`${describeNode(node)} where fin or rst is due`, node.place);
  return toValue(node, (problem) => report.problems.push(problem));
}

/** Reads the expectations of `all`; a list among them is a sequence. */
function readAll(node: Node, context: StepContext): readonly Step[] {
  const items = node.kind === "list" ? node.items : [];
  if (!items.some((item) => item.kind === "list")) return expectations(readSteps(node, context), context);
  return items.flatMap((item): readonly Step[] => {
    if (item.kind !== "list") return expectations([readStep(item, context) ?? []].flat(), context);
    const steps = expectations(readSteps(item, context), context);
    const lane = steps[0] && lanesIn(steps[0])[0];
    const other = steps.find((step) => lanesIn(step)[0] !== lane);
    if (other) {
      context.report.add("a sequence on two lanes", other.place, "lanes have no order against each other");
    }
    return [{ kind: "sequence", place: item.place, source: sourceOf(item, context.text), steps }];
  });
}

function expectations(steps: readonly Step[], context: StepContext): readonly Step[] {
  for (const step of steps) {
    if (step.kind === "expect") continue;
    context.report.add(
      'a step within "all" that expects nothing',
      step.place,
      "only lane <- … may stand here, or a list of such",
    );
  }
  return steps;
}

const REPEAT_KEYS = ["times", "as", "steps"];

function readRepeat(node: Node, base: Base, context: StepContext): Step | undefined {
  const { report } = context;
  const times = node.kind === "map" ? entryOf(node, "times") : undefined;
  const steps = node.kind === "map" ? entryOf(node, "steps") : undefined;
  if (node.kind !== "map" || !times || !steps) {
    report.add(
      '"repeat" without "times" and "steps"',
      node.place,
      "write repeat: { times: 3, steps: [ … ] }",
    );
    return undefined;
  }
  tellUnknownKeys(node, REPEAT_KEYS, "repeat", report);
  const as = entryOf(node, "as");
  const name = as ? readName(as.value, report) : undefined;
  return {
    ...base,
    kind: "repeat",
    times: checkTimes(times.value, report),
    steps: readSteps(steps.value, context),
    ...(name === undefined ? {} : { as: name }),
  };
}

const POLL_KEYS = ["within", "every", "steps"];

function readPoll(node: Node, base: Base, context: StepContext): Step | undefined {
  const { report } = context;
  const part = (key: string) => node.kind === "map" ? entryOf(node, key)?.value : undefined;
  const within = part("within");
  const steps = part("steps");
  if (node.kind !== "map" || !within || !steps) {
    report.add(
      '"poll" without "within" and "steps"',
      node.place,
      "write poll: { within: 60s, steps: [ … ] }",
    );
    return undefined;
  }
  tellUnknownKeys(node, POLL_KEYS, "poll", report);
  const every = part("every");
  return {
    ...base,
    kind: "poll",
    within: checkDuration(within, report),
    ...(every ? { every: checkDuration(every, report) } : {}),
    steps: readPolled(steps, context),
  };
}

/** What can be tried again: a command and its answer. */
function readPolled(node: Node, context: StepContext): readonly Step[] {
  const steps = readSteps(node, context);
  for (const step of steps) {
    if ((step.kind === "send" || step.kind === "expect") && step.lane === "dte") continue;
    context.report.add(
      'a step within "poll" that is no command and no answer',
      step.place,
      "only dte -> … and dte <- … may stand here",
    );
  }
  if (steps.length === 0 && node.kind === "list" && node.items.length === 0) {
    context.report.add('no steps within "poll"', node.place, "write a command and its answer");
  }
  return steps;
}

function tellUnknownKeys(node: MapNode, known: readonly string[], what: string, report: Report): void {
  for (const { key, keyPlace } of node.entries) {
    if (!known.includes(key)) {
      report.add(`unknown key ${quote(key)} in ${what}`, keyPlace, suggest(key, known));
    }
  }
}

function sourceOf(node: Node, text: string): string {
  const line = text.slice(node.range[0], node.range[1]).replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST_SOURCE ? `${line.slice(0, LONGEST_SOURCE)}…` : line;
}

/** The names under which a step, or what was meant to be one, keeps what came. */
export function captureNames(node: Node): readonly string[] {
  if (node.kind === "list") return node.items.flatMap(captureNames);
  if (node.kind === "scalar") return [];
  return node.entries.flatMap(({ key, value }) =>
    key === "as" && value.kind === "scalar" ? [value.source] : captureNames(value)
  );
}
