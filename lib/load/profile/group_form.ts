import { duration, flag, type Form, integer, type Report, text, word } from "../../spec/form.ts";
import { type Keys, list, object } from "../../spec/form_parts.ts";
import { MARK_BYTES } from "../engine/mark.ts";
import { certificateForm } from "./certificate_form.ts";
import { CHURN, churnForm, endsAfterForm, lifetimeForm, onlineForm } from "./coming_and_going.ts";
import {
  type Group,
  GROUP_ROLES,
  type GroupRole,
  type Online,
  type SubscribeSettings,
  type WillPlan,
} from "./group.ts";
import { brokerNumber, qos, template, userProperties } from "./profile_parts.ts";
import { publishForm } from "./publish_form.ts";
import { reportAt } from "./report_at.ts";
import type { DataTables } from "./template.ts";
import { spreadForm } from "./spread.ts";

/** The most clients of one group. */
const MOST_CLIENTS = 1_000_000;
const LONGEST_KEEP_ALIVE_MS = 65_535_000;

const subscribeForm = (tables: DataTables) =>
  object("a subscription", (keys): SubscribeSettings | undefined => {
    const filter = keys.required(
      "filter",
      template("a topic filter", { tables }),
      "the topic filter; $$share/… is shared",
    );
    const level = keys.optional("qos", qos(), "the QoS to request; default 0");
    return filter && { filter, qos: level ?? 0 };
  });

const willForm = (tables: DataTables) =>
  object("a will", (keys): WillPlan | undefined => {
    const topic = keys.required(
      "topic",
      template("a topic", { tables }),
      `its topic; the payload is the ${MARK_BYTES} bytes of a mark`,
    );
    const level = keys.optional("qos", qos(), "its QoS; default 0");
    const retain = keys.optional("retain", flag(), "whether it is retained");
    return topic && { topic, qos: level ?? 0, retain: retain ?? false };
  });

/** The form of a group of clients. */
export function groupForm(tables: DataTables = new Map()): Form<Group> {
  return object("a group", (keys, report): Group | undefined => {
    const name = keys.required(
      "group",
      text({ what: "a name of small letters, digits and dashes", pattern: /^[a-z0-9-]+$/, longest: 40 }),
      "its name; $group in templates",
    );
    const role = keys.required("role", word(GROUP_ROLES, "role"), "what its clients do");
    const clients = keys.required("clients", integer({ least: 1, most: MOST_CLIENTS }), "how many there are");
    const clientId = keys.optional(
      "client-id",
      template("a client id", { tables }),
      "default $run-$group-$client",
    );
    const userName = keys.optional(
      "user-name",
      template("a user name", { tables }),
      "the user name of each client",
    );
    const password = keys.optional(
      "password",
      template("a password", { tables }),
      "the password of each client",
    );
    const broker = keys.optional(
      "broker",
      brokerNumber(),
      "the target to which its clients connect first, counted from 1; default all targets in turn",
    );
    const certificate = keys.optional(
      "certificate",
      certificateForm(tables),
      "a certificate for each client; default that of the target",
    );
    const session = keys.optional("session", word(["clean", "kept"], "kind of session"), "default clean");
    const expiryMs = keys.optional(
      "session-expiry",
      duration(),
      "how long the broker keeps the session (5.0)",
    );
    const receiveMaximum = keys.optional(
      "receive-maximum",
      integer({ least: 1, most: 65_535 }),
      "messages of QoS 1 and 2 that a client accepts before it acknowledges one (5.0)",
    );
    const keepAliveMs = keys.optional("keep-alive", duration(), "default 60s; 0s is off") ?? 60_000;
    const properties = keys.optional("user-properties", userProperties(), "user properties of CONNECT (5.0)");
    const will = keys.optional("will", willForm(tables), "the will of each client");
    const subscribe = keys.optional(
      "subscribe",
      list(subscribeForm(tables), { least: 1, most: 100 }),
      "what it subscribes to",
    );
    const publish = keys.optional("publish", publishForm(clients ?? 1, tables), "what it publishes");
    const online = keys.optional(
      "online",
      list(onlineForm(), { least: 1, most: 100 }),
      "when it is connected; default always",
    );
    const churn = keys.optional("churn", churnForm(), "what comes and goes, in a group with the role churn");
    const lifetime = keys.optional(
      "lifetime",
      lifetimeForm(),
      "how long connections live before their clients end them and reconnect; default as long as the clients are online",
    );
    const endsAfter = keys.optional(
      "ends-after",
      endsAfterForm(),
      "the load ends before its stages do once every such group has received its messages",
    );
    const think = keys.optional(
      "think",
      spreadForm(),
      "how long a client of the role respond takes to answer: 50ms, { from, to } or { mean }; default at once",
    );
    const readPauseMs = keys.optional(
      "read-pause",
      duration(),
      "a slow reader: the pause after each read",
    );
    if (keepAliveMs > LONGEST_KEEP_ALIVE_MS) {
      reportAt(keys, report, "keep-alive", "a keep-alive of more than 65535 seconds");
    }
    checkOrder(keys, report, online ?? []);
    if (role) checkRole(keys, report, role);
    if (!name || !role || clients === undefined) return undefined;
    return {
      name,
      role,
      clients,
      clientId: clientId ?? [{ word: "run" }, "-", { word: "group" }, "-", { word: "client" }],
      userName,
      password,
      broker,
      certificate,
      cleanSession: session !== "kept",
      sessionExpiry: expiryMs === undefined ? undefined : Math.round(expiryMs / 1000),
      receiveMaximum,
      keepAlive: Math.ceil(keepAliveMs / 1000),
      userProperties: properties ?? [],
      will,
      subscribe: subscribe ?? [],
      publish,
      online: online ?? [{ fromMs: 0, leave: "disconnect" }],
      churn: role === "churn" ? churn ?? CHURN : undefined,
      lifetime,
      endsAfter,
      think,
      readPauseMs: readPauseMs ?? 0,
    };
  });
}

/** The keys without which a role makes no sense. */
const NEEDS: Readonly<Record<GroupRole, readonly string[]>> = {
  publish: ["publish"],
  subscribe: ["subscribe"],
  both: ["publish", "subscribe"],
  request: ["publish", "subscribe"],
  respond: ["publish", "subscribe"],
  idle: [],
  churn: [],
};

function checkRole(keys: Keys, report: Report, role: GroupRole): void {
  for (const name of NEEDS[role]) {
    if (!keys.has(name)) {
      reportAt(keys, report, "role", `a group with the role ${role} without "${name}"`, `add ${name}:`);
    }
  }
  if ((role === "publish" || role === "idle") && keys.has("subscribe")) {
    reportAt(
      keys,
      report,
      "subscribe",
      `a subscription of a group with the role ${role}`,
      "write role: both",
    );
  }
  if ((role === "subscribe" || role === "idle" || role === "churn") && keys.has("publish")) {
    reportAt(
      keys,
      report,
      "publish",
      `something to publish in a group with the role ${role}`,
      "write role: both",
    );
  }
  if (role === "churn" && keys.has("lifetime")) {
    reportAt(keys, report, "lifetime", "a lifetime in a group with the role churn", "remove one of them");
  }
  if (keys.has("ends-after") && !keys.has("subscribe")) {
    reportAt(
      keys,
      report,
      "ends-after",
      "an end by messages of a group that subscribes to none",
      "add subscribe:",
    );
  }
  if (role !== "respond" && keys.has("think")) {
    reportAt(
      keys,
      report,
      "think",
      `a think time in a group with the role ${role}`,
      "write role: respond",
    );
  }
  if (role !== "churn" && keys.has("churn")) {
    reportAt(keys, report, "churn", `a churn in a group with the role ${role}`);
  }
}

function checkOrder(keys: Keys, report: Report, online: readonly Online[]): void {
  for (const [index, one] of online.entries()) {
    const before = online[index - 1];
    if (before && (before.untilMs === undefined || before.untilMs > one.fromMs)) {
      reportAt(keys, report, "online", "times online that overlap or are out of order");
      return;
    }
  }
}
