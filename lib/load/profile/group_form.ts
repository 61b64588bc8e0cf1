import type { QoS } from "../../mqtt/packet.ts";
import { duration, flag, type Form, integer, type Report, text, word } from "../../spec/form.ts";
import { type Keys, list, object } from "../../spec/form_parts.ts";
import { MARK_BYTES } from "../engine/mark.ts";
import { payloadForm } from "./payload_form.ts";
import type { Churn, Group, Online, Publishing, Role, Subscribing, WillPlan } from "./profile.ts";
import { ROLES } from "./profile.ts";
import { amount, template, userProperties } from "./profile_parts.ts";

/** The most clients of one group. */
const MOST_CLIENTS = 1_000_000;
/** The most messages per second of one group. */
const MOST_RATE = 10_000_000;
const LONGEST_KEEP_ALIVE_MS = 65_535_000;

const qosForm: () => Form<QoS> = () => {
  const number = integer({ most: 2, what: "a QoS" });
  return {
    read(node, report) {
      const value = number.read(node, report);
      return value === 0 || value === 1 || value === 2 ? value : undefined;
    },
    schema: (definitions) => number.schema(definitions),
  };
};

const subscribeForm = () =>
  object("a subscription", (keys): Subscribing | undefined => {
    const filter = keys.required(
      "filter",
      template("a topic filter"),
      "the topic filter; $$share/… is shared",
    );
    const qos = keys.optional("qos", qosForm(), "the QoS asked for; default 0");
    return filter && { filter, qos: qos ?? 0 };
  });

const publishForm = () =>
  object("what is published", (keys, report): Publishing | undefined => {
    const topic = keys.required(
      "topic",
      template("a topic"),
      "the topic; $client, $group, $topic and $run are filled in",
    );
    const topics = keys.optional(
      "topics",
      integer({ least: 1, most: 100_000 }),
      "how many topics each client takes in turn, told apart by $topic; default 1",
    );
    const qos = keys.optional("qos", qosForm(), "the QoS; default 0");
    const retain = keys.optional("retain", flag(), "whether the broker keeps the last message of each topic");
    const payload = keys.optional("payload", payloadForm(), "what a message carries; default 64 bytes");
    const rate = keys.optional("rate", amount("a rate", MOST_RATE), "messages per second of the whole group");
    const each = keys.optional(
      "rate-per-client",
      amount("a rate", MOST_RATE),
      "messages per second of each client; one of the two",
    );
    const inFlight = keys.optional(
      "in-flight",
      integer({ least: 1, most: 65_535 }),
      "messages of QoS 1 and 2 that a client has in flight at most; default 20",
    );
    const topicAlias = keys.optional(
      "topic-alias",
      flag(),
      "send a topic alias after the first message of a topic (5.0)",
    );
    const properties = keys.optional(
      "user-properties",
      userProperties(),
      "user properties of each message (5.0)",
    );
    const messages = keys.optional(
      "messages",
      integer({ least: 1, most: 1_000_000_000 }),
      "messages of each client, after which it sends no more",
    );
    if (rate !== undefined && each !== undefined) {
      tell(keys, report, "rate-per-client", "a rate and a rate-per-client", "take one out");
    }
    if (
      (topics ?? 1) > 1 && topic && !topic.some((part) => typeof part !== "string" && part.word === "topic")
    ) {
      tell(keys, report, "topic", "several topics that are all the same", "put $topic into the topic");
    }
    return topic && {
      topic,
      topics: topics ?? 1,
      qos: qos ?? 0,
      retain: retain ?? false,
      payload: payload ?? { kind: "bytes", sizes: [{ size: 64, weight: 1 }] },
      ...(rate !== undefined ? { rate } : each !== undefined ? { rate: -each } : {}),
      inFlight: inFlight ?? 20,
      topicAlias: topicAlias ?? false,
      userProperties: properties ?? [],
      ...(messages === undefined ? {} : { messages }),
    };
  });

const willForm = () =>
  object("a will", (keys): WillPlan | undefined => {
    const topic = keys.required(
      "topic",
      template("a topic"),
      `its topic; the payload is the ${MARK_BYTES} bytes of a mark`,
    );
    const qos = keys.optional("qos", qosForm(), "its QoS; default 0");
    const retain = keys.optional("retain", flag(), "whether it is retained");
    return topic && { topic, qos: qos ?? 0, retain: retain ?? false };
  });

const onlineForm = () =>
  object("a time online", (keys, report): Online => {
    const fromMs = keys.optional("from", duration(), "since the load began; default 0s") ?? 0;
    const untilMs = keys.optional("until", duration(), "default the end of the load");
    const leave = keys.optional(
      "leave",
      word(["disconnect", "cut"], "way to leave"),
      "by DISCONNECT (default), or cut: by closing the connection without a word",
    );
    if (untilMs !== undefined && untilMs <= fromMs) {
      tell(keys, report, "until", "a time that ends before it begins");
    }
    return { fromMs, ...(untilMs === undefined ? {} : { untilMs }), leave: leave ?? "disconnect" };
  });

const churnForm = () =>
  object("a churn", (keys): Churn => {
    const what = keys.optional(
      "what",
      word(["connection", "subscription"], "thing to churn"),
      "what comes and goes: the connection (default), or the subscriptions",
    );
    const upMs = keys.optional("up", duration(), "how long it is there; default 1s");
    const downMs = keys.optional("down", duration(), "how long it is away; default 1s");
    return { what: what ?? "connection", upMs: Math.max(1, upMs ?? 1_000), downMs: downMs ?? 1_000 };
  });

/** A group of clients that do the same. */
export function groupForm(): Form<Group> {
  return object("a group", (keys, report): Group | undefined => {
    const name = keys.required(
      "group",
      text({ what: "a name of small letters, digits and dashes", pattern: /^[a-z0-9-]+$/, longest: 40 }),
      "its name; $group in templates",
    );
    const role = keys.required("role", word(ROLES, "role"), "what its clients do");
    const clients = keys.required("clients", integer({ least: 1, most: MOST_CLIENTS }), "how many there are");
    const clientId = keys.optional("client-id", template("a client id"), "default $run-$group-$client");
    const userName = keys.optional("user-name", template("a user name"), "the user name of each client");
    const password = keys.optional("password", template("a password"), "the password of each client");
    const session = keys.optional("session", word(["clean", "kept"], "kind of session"), "default clean");
    const expiry = keys.optional("session-expiry", duration(), "how long the broker keeps the session (5.0)");
    const receiveMaximum = keys.optional(
      "receive-maximum",
      integer({ least: 1, most: 65_535 }),
      "messages of QoS 1 and 2 that a client takes unanswered (5.0)",
    );
    const keepAliveMs = keys.optional("keep-alive", duration(), "default 60s; 0s is off") ?? 60_000;
    const properties = keys.optional("user-properties", userProperties(), "user properties of CONNECT (5.0)");
    const will = keys.optional("will", willForm(), "the will of each client");
    const subscribe = keys.optional(
      "subscribe",
      list(subscribeForm(), { least: 1, most: 100 }),
      "what it subscribes to",
    );
    const publish = keys.optional("publish", publishForm(), "what it publishes");
    const online = keys.optional(
      "online",
      list(onlineForm(), { least: 1, most: 100 }),
      "when it is connected; default always",
    );
    const churn = keys.optional("churn", churnForm(), "what comes and goes, of a group with the role churn");
    const readPauseMs = keys.optional(
      "read-pause",
      duration(),
      "a slow reader: the pause after each reading",
    );
    if (keepAliveMs > LONGEST_KEEP_ALIVE_MS) {
      tell(keys, report, "keep-alive", "a keep-alive of more than 65535 seconds");
    }
    checkOrder(keys, report, online ?? []);
    if (role) checkRole(keys, report, role);
    if (!name || !role || clients === undefined) return undefined;
    const rate = publish?.rate;
    return {
      name,
      role,
      clients,
      clientId: clientId ?? [{ word: "run" }, "-", { word: "group" }, "-", { word: "client" }],
      ...(userName ? { userName } : {}),
      ...(password ? { password } : {}),
      cleanSession: session !== "kept",
      ...(expiry === undefined ? {} : { sessionExpiry: Math.round(expiry / 1000) }),
      ...(receiveMaximum === undefined ? {} : { receiveMaximum }),
      keepAlive: Math.ceil(keepAliveMs / 1000),
      userProperties: properties ?? [],
      ...(will ? { will } : {}),
      subscribe: subscribe ?? [],
      // A negative rate is that of each client.
      ...(publish
        ? { publish: rate !== undefined && rate < 0 ? { ...publish, rate: -rate * clients } : publish }
        : {}),
      online: online ?? [{ fromMs: 0, leave: "disconnect" }],
      ...(role === "churn" ? { churn: churn ?? { what: "connection", upMs: 1_000, downMs: 1_000 } } : {}),
      readPauseMs: readPauseMs ?? 0,
    };
  });
}

const NEEDS: Readonly<Record<Role, readonly string[]>> = {
  publish: ["publish"],
  subscribe: ["subscribe"],
  both: ["publish", "subscribe"],
  request: ["publish", "subscribe"],
  respond: ["publish", "subscribe"],
  idle: [],
  churn: [],
};

function checkRole(keys: Keys, report: Report, role: Role): void {
  for (const name of NEEDS[role]) {
    if (!keys.has(name)) {
      tell(keys, report, "role", `a group with the role ${role} without "${name}"`, `add ${name}:`);
    }
  }
  if ((role === "publish" || role === "idle") && keys.has("subscribe")) {
    tell(keys, report, "subscribe", `a subscription of a group with the role ${role}`, "write role: both");
  }
  if ((role === "subscribe" || role === "idle" || role === "churn") && keys.has("publish")) {
    tell(
      keys,
      report,
      "publish",
      `something to publish in a group with the role ${role}`,
      "write role: both",
    );
  }
  if (role !== "churn" && keys.has("churn")) {
    tell(keys, report, "churn", `a churn in a group with the role ${role}`);
  }
}

function checkOrder(keys: Keys, report: Report, online: readonly Online[]): void {
  for (const [index, one] of online.entries()) {
    const before = online[index - 1];
    if (before && (before.untilMs === undefined || before.untilMs > one.fromMs)) {
      tell(keys, report, "online", "times online that overlap or are out of order");
      return;
    }
  }
}

function tell(keys: Keys, report: Report, key: string, message: string, hint?: string): void {
  const place = keys.place(key);
  if (place) report.add(message, place, hint);
}
