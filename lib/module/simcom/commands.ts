import { topicFilterFault, topicNameFault } from "../../mqtt/topic.ts";
import {
  type Answer,
  type CommandTable,
  type Desk,
  OK,
  REFUSED,
  refusesViolations,
  says,
} from "../answer.ts";
import { asUtf8 } from "../binary.ts";
import type { CmqttClient } from "./clients.ts";
import type { Context } from "../context.ts";
import { connectId, ruled } from "../link_commands.ts";
import { fitsFilters, fitsMessage, QOS } from "../message_commands.ts";
import type { Arguments, Parameter, Range, Written } from "../parameters.ts";

/**
 * SIMCom's commands for MQTT, according to the manuals of its LTE modules. The client index is used as the
 * `tcpconnectID`.
 */
export const CMQTT_COMMANDS: CommandTable = {
  "+CMQTTSTART": { execute: start },
  "+CMQTTSTOP": { execute: stop },
  "+CMQTTACCQ": {
    test: (desk) => says(`+CMQTTACCQ: ${indices(desk)},(1-${desk.behaviour.limits.clientId}),(0-1)`),
    write: (desk) => ({
      parameters: [
        connectId(desk),
        { name: "clientID", type: "text", mandatory: true, range: [1, desk.behaviour.limits.clientId] },
        { name: "server_type", type: "number", mandatory: false, range: [0, 1] },
      ],
      run: acquire,
    }),
  },
  "+CMQTTREL": { write: (desk) => ({ parameters: [connectId(desk)], run: release }) },
  "+CMQTTWILLTOPIC": {
    write: (desk) => ({
      parameters: [connectId(desk), length(desk.behaviour.limits.topic)],
      run: (desk, given) =>
        entered(desk, given, "CMQTTWILLTOPIC", (client, topic) => {
          if (!isTopic(desk, topic, topicNameFault)) return REFUSED;
          client.will = { ...client.will, topic };
          return OK;
        }),
    }),
  },
  "+CMQTTWILLMSG": {
    write: (desk) => ({
      parameters: [connectId(desk), length(desk.behaviour.limits.willMessage), QOS],
      run: (desk, given) =>
        entered(desk, given, "CMQTTWILLMSG", (client, message) => {
          client.will = { ...client.will, message, qos: given.number("qos") };
          return OK;
        }),
    }),
  },
  "+CMQTTCONNECT": {
    read: (desk) =>
      says(...each(desk, (index, client) => {
        const server = desk.contexts.state(index) === "connected" ? client?.server : undefined;
        return `+CMQTTCONNECT: ${index}${server === undefined ? "" : `,${server}`}`;
      })),
    write: (desk) => ({
      parameters: [
        connectId(desk),
        { name: "server_addr", type: "text", mandatory: true, range: [9, desk.behaviour.limits.host] },
        { name: "keepalive_time", type: "number", mandatory: true, range: [1, 64_800] },
        { name: "clean_session", type: "number", mandatory: true, range: [0, 1] },
        { name: "username", type: "text", mandatory: false, range: [0, desk.behaviour.limits.userName] },
        { name: "password", type: "text", mandatory: false, range: [0, desk.behaviour.limits.password] },
      ],
      run: connect,
    }),
  },
  "+CMQTTDISC": {
    read: (desk) =>
      says(
        ...each(
          desk,
          (index) => `+CMQTTDISC: ${index},${desk.contexts.state(index) === "connected" ? 0 : 1}`,
        ),
      ),
    write: (desk) => ({
      parameters: [connectId(desk), { name: "timeout", type: "number", mandatory: false, range: [0, 180] }],
      run: (desk, given) => {
        const index = given.number("tcpconnectID");
        if (desk.contexts.state(index) !== "connected") return REFUSED;
        return ruled(desk, given, "DISC", (id) => desk.contexts.make(id).disconnect());
      },
    }),
  },
  "+CMQTTTOPIC": {
    write: (desk) => ({
      parameters: [connectId(desk), length(desk.behaviour.limits.topic)],
      run: (desk, given) =>
        entered(desk, given, "CMQTTTOPIC", (client, topic) => {
          if (!isTopic(desk, topic, topicNameFault)) return REFUSED;
          client.topic = topic;
          return OK;
        }),
    }),
  },
  "+CMQTTPAYLOAD": {
    write: (desk) => ({
      parameters: [connectId(desk), length(desk.behaviour.limits.dataPayload)],
      run: (desk, given) =>
        entered(desk, given, "CMQTTPAYLOAD", (client, payload) => {
          client.payload = payload;
          return OK;
        }),
    }),
  },
  "+CMQTTPUB": {
    write: (desk) => ({
      parameters: [
        connectId(desk),
        QOS,
        { name: "pub_timeout", type: "number", mandatory: true, range: [60, 180] },
        { name: "retained", type: "number", mandatory: false, range: [0, 1] },
        { name: "dup", type: "number", mandatory: false, range: [0, 1] },
      ],
      run: publish,
    }),
  },
  "+CMQTTSUB": {
    write: (desk) => ({
      parameters: [connectId(desk), length(desk.behaviour.limits.topic), QOS, DUP],
      run: (desk, given) =>
        filtered(desk, given, "CMQTTSUB", (context, filter) => {
          const { exchanges } = context;
          exchanges.subscribe(exchanges.freeId(), { filter, qos: given.number("qos") });
        }),
    }),
  },
  "+CMQTTUNSUB": {
    write: (desk) => ({
      parameters: [connectId(desk), length(desk.behaviour.limits.topic), DUP],
      run: (desk, given) =>
        filtered(desk, given, "CMQTTUNSUB", ({ exchanges }, filter) => {
          exchanges.unsubscribe(exchanges.freeId(), filter);
        }),
    }),
  },
};

const DUP: Parameter = { name: "dup", type: "number", mandatory: false, range: [0, 1] };

function length(longest: number): Parameter {
  return { name: "req_length", type: "number", mandatory: true, range: [1, longest] };
}

function indices({ behaviour: { highestId } }: Desk): string {
  return `(0-${highestId})`;
}

/** One line for each client index. */
function each(desk: Desk, line: (index: number, client: CmqttClient | undefined) => string): string[] {
  return Array.from(
    { length: desk.behaviour.highestId + 1 },
    (_, index) => line(index, desk.clients.find(index)),
  );
}

function start(desk: Desk): Answer {
  const { clients, console } = desk;
  if (clients.started) return REFUSED;
  clients.started = true;
  return { kind: "ok", after: () => void console.urc({ name: "CMQTTSTART", fields: [0] }) };
}

function stop(desk: Desk): Answer {
  const { clients, console } = desk;
  if (!clients.started || clients.any) return REFUSED;
  clients.started = false;
  return { kind: "ok", after: () => void console.urc({ name: "CMQTTSTOP", fields: [0] }) };
}

function acquire(desk: Desk, given: Arguments): Answer {
  const index = given.number("tcpconnectID");
  const clientId = given.text("clientID") ?? "";
  if (!desk.clients.started || desk.clients.find(index)) return REFUSED;
  if (refusesViolations(desk) && asUtf8(clientId) === undefined) return REFUSED;
  desk.clients.acquire(index, clientId);
  return OK;
}

function release(desk: Desk, given: Arguments): Answer {
  const index = given.number("tcpconnectID");
  if (!desk.clients.find(index) || !isIdle(desk, index)) return REFUSED;
  desk.clients.release(index);
  return OK;
}

/** Whether the client with an index has no connection and opens none. */
function isIdle(desk: Desk, index: number): boolean {
  return ["none", "configured", "connect-failed"].includes(desk.contexts.state(index));
}

/** Prompts for as many bytes as the command says, and passes them to `take`. */
function entered(
  desk: Desk,
  given: Arguments,
  command: string,
  take: (client: CmqttClient, data: string) => Answer,
): Answer {
  const client = desk.clients.find(given.number("tcpconnectID"));
  if (!client) return REFUSED;
  const size = given.number("req_length");
  return { kind: "data", length: size, take: (data) => take(client, desk.hooks.entered(command, data)) };
}

/** Prompts for a filter, and runs `ask` with it once OK is printed. */
function filtered(
  desk: Desk,
  given: Arguments,
  command: string,
  ask: (context: Context, filter: string) => void,
): Answer {
  const state = ruled(desk, given, "data", () => {});
  if (state.kind !== "ok") return state;
  return entered(desk, given, command, (_client, filter) => {
    if (!isTopic(desk, filter, topicFilterFault) || !fitsFilters(desk, given, [filter])) return REFUSED;
    return ruled(desk, given, "data", (id) => ask(desk.contexts.make(id), filter));
  });
}

function isTopic(desk: Desk, topic: string, fault: (text: string) => unknown): boolean {
  if (!refusesViolations(desk)) return true;
  const text = asUtf8(topic);
  return text !== undefined && fault(text) === undefined;
}

function connect(desk: Desk, given: Arguments): Answer {
  const index = given.number("tcpconnectID");
  const client = desk.clients.find(index);
  const address = /^tcp:\/\/([^:/]{1,200}):(\d{1,5})$/.exec(given.text("server_addr") ?? "");
  if (!client || !address || !isIdle(desk, index)) return REFUSED;
  const [, host = "", port] = address;
  const userName = given.text("username");
  const password = given.text("password");
  const texts = [userName, password].filter((text) => text !== undefined);
  const violates = texts.some((text) => asUtf8(text) === undefined) ||
    (password !== undefined && userName === undefined);
  if (violates && refusesViolations(desk)) return REFUSED;
  return {
    kind: "ok",
    after: () => {
      const { keepalive, clean } = {
        keepalive: given.number("keepalive_time"),
        clean: given.number("clean_session"),
      };
      client.server = `"${given.text("server_addr")}",${keepalive},${clean}`;
      const context = desk.contexts.make(index);
      set(context, "keepalive", [keepalive]);
      set(context, "session", [clean]);
      const { topic, message, qos } = client.will;
      const hasWill = topic !== undefined && message !== undefined;
      set(context, "will", hasWill ? [1, qos, 0, topic, message] : [0]);
      context.open(host, Number(port));
      context.connect({ clientId: client.clientId, userName, password });
    },
  };
}

/** Sets an option of a context from values that were checked against SIMCom's ranges. */
function set(
  context: Context,
  option: "keepalive" | "session" | "will",
  values: readonly (number | string)[],
): void {
  const written = values.map((value): Written =>
    typeof value === "number" ? { kind: "bare", text: String(value) } : { kind: "quoted", text: value }
  );
  const any: Range = [0, Number.MAX_SAFE_INTEGER];
  context.settings.set(option, written, () => any);
}

function publish(desk: Desk, given: Arguments): Answer {
  const client = desk.clients.find(given.number("tcpconnectID"));
  if (client?.topic === undefined) return REFUSED;
  const message = {
    packetId: 0,
    qos: given.number("qos"),
    retain: given.number("retained") === 1,
    topic: client.topic,
    payload: client.payload ?? "",
  };
  if (!fitsMessage(desk, given, message)) return REFUSED;
  const answer = ruled(desk, given, "data", (id) => desk.contexts.make(id).exchanges.publish(message));
  // Entered texts are used for one PUB only.
  if (answer.kind === "ok") client.topic = client.payload = undefined;
  return answer;
}
