import { topicFilterFault, topicNameFault } from "../../mqtt/topic.ts";
import {
  type Answer,
  type CommandTable,
  type Desk,
  ERROR,
  OK,
  REFUSED,
  refusesViolations,
  says,
} from "../answer.ts";
import { asUtf8 } from "../binary.ts";
import { GENERAL_COMMANDS } from "../general_commands.ts";
import { fitsFilters, fitsMessage, QOS } from "../message_commands.ts";
import type { Arguments, Parameter, Range, Written } from "../parameters.ts";

const ID = 0;
const LINK: Parameter = { name: "tcpconnectID", type: "number", mandatory: true, range: [0, 0] };
const RETAIN: Parameter = { name: "retain", type: "number", mandatory: true, range: [0, 1] };

const text = (name: string, longest: number, mandatory = true, least = 0): Parameter => ({
  name,
  type: "text",
  mandatory,
  range: [least, longest],
});

const { E, "+CGMR": VERSION } = GENERAL_COMMANDS;

/** The commands of ESP-AT that are not about MQTT. */
export const ESP_GENERAL: CommandTable = { ...(E && { E }), ...(VERSION && { "+GMR": VERSION }) };

/** The commands of ESP-AT for MQTT, as Espressif documents them. */
export const ESP_COMMANDS: CommandTable = {
  "+MQTTUSERCFG": {
    write: ({ behaviour: { limits } }) => ({
      parameters: [
        LINK,
        { name: "scheme", type: "number", mandatory: true, range: [1, 10] },
        text("client_id", limits.clientId, true, 1),
        text("username", limits.userName, false),
        text("password", limits.password, false),
        { name: "cert_key_ID", type: "number", mandatory: true, range: [0, 0] },
        { name: "CA_ID", type: "number", mandatory: true, range: [0, 0] },
        text("path", 32),
      ],
      run: configureUser,
    }),
  },
  "+MQTTCONNCFG": {
    write: ({ behaviour: { limits } }) => ({
      parameters: [
        LINK,
        { name: "keepalive", type: "number", mandatory: true, range: [0, 7200] },
        { name: "disable_clean_session", type: "number", mandatory: true, range: [0, 1] },
        text("lwt_topic", limits.topic),
        text("lwt_msg", limits.willMessage),
        { name: "lwt_qos", type: "number", mandatory: true, range: [0, 2] },
        { name: "lwt_retain", type: "number", mandatory: true, range: [0, 1] },
      ],
      run: configureConnection,
    }),
  },
  "+MQTTCONN": {
    read: ({ contexts, esp }) => {
      const connected = contexts.state(ID) === "connected";
      const state = connected ? (esp.filters.size > 0 ? 6 : 5) : esp.user ? 1 : 0;
      return says(`+MQTTCONN:0,${state},1,${connected ? esp.address : '"","","",0'}`);
    },
    write: ({ behaviour: { limits } }) => ({
      parameters: [
        LINK,
        text("host", limits.host, true, 1),
        { name: "port", type: "number", mandatory: true, range: [1, 65_535] },
        { name: "reconnect", type: "number", mandatory: true, range: [0, 1] },
      ],
      run: connect,
    }),
  },
  "+MQTTPUB": {
    write: ({ behaviour: { limits } }) => ({
      parameters: [LINK, text("topic", limits.topic, true, 1), text("data", limits.textPayload), QOS, RETAIN],
      run: (desk, given) => publish(desk, given, given.text("data") ?? "", "ECMTPUB"),
    }),
  },
  "+MQTTPUBRAW": {
    write: ({ behaviour: { limits } }) => ({
      parameters: [
        LINK,
        text("topic", limits.topic, true, 1),
        { name: "length", type: "number", mandatory: true, range: [1, limits.dataPayload] },
        QOS,
        RETAIN,
      ],
      run: (desk, given) => {
        const message = messageOf(given, "");
        if (!isConnected(desk) || !fitsMessage(desk, given, message)) return REFUSED;
        return {
          kind: "data",
          length: given.number("length"),
          okFirst: { name: "MQTTPUB", fields: ["FAIL"] },
          take: (data) => publish(desk, given, desk.hooks.entered("MQTTPUBRAW", data)),
        };
      },
    }),
  },
  "+MQTTSUB": {
    write: ({ behaviour: { limits } }) => ({
      parameters: [LINK, text("topic", limits.topic, true, 1), QOS],
      run: subscribe,
    }),
  },
  "+MQTTUNSUB": {
    write: ({ behaviour: { limits } }) => ({
      parameters: [LINK, text("topic", limits.topic, true, 1)],
      run: unsubscribe,
    }),
  },
  "+MQTTCLEAN": { write: () => ({ parameters: [LINK], run: clean }) },
};

/** The answer to a command whose result depends on the broker. */
function waiting(done: Promise<boolean>, success: Answer = OK): Answer {
  return { kind: "waiting", answer: done.then((ok) => ok ? success : ERROR) };
}

function isConnected({ contexts }: Desk): boolean {
  return contexts.state(ID) === "connected";
}

function isUtf8(desk: Desk, ...texts: readonly (string | undefined)[]): boolean {
  if (!refusesViolations(desk)) return true;
  return texts.every((one) => one === undefined || asUtf8(one) !== undefined);
}

function configureUser(desk: Desk, given: Arguments): Answer {
  const { contexts, esp } = desk;
  const [clientId = "", userName, password] = ["client_id", "username", "password"].map((name) =>
    // An empty text means that there is none.
    given.text(name) || undefined
  );
  if (!["none", "configured", "connect-failed"].includes(contexts.state(ID))) return REFUSED;
  if (!isUtf8(desk, clientId, userName, password)) return REFUSED;
  if (refusesViolations(desk) && password !== undefined && userName === undefined) return REFUSED;
  esp.user = { clientId, userName, password };
  return OK;
}

function configureConnection(desk: Desk, given: Arguments): Answer {
  const { esp } = desk;
  if (!esp.user) return REFUSED;
  const topic = given.text("lwt_topic") ?? "";
  const utf8 = asUtf8(topic);
  if (topic !== "" && refusesViolations(desk) && (utf8 === undefined || topicNameFault(utf8))) return REFUSED;
  esp.connection = {
    keepAlive: given.number("keepalive") || 120,
    clean: given.number("disable_clean_session") === 0,
    ...(topic === "" ? {} : {
      will: {
        topic,
        message: given.text("lwt_msg") ?? "",
        qos: given.number("lwt_qos"),
        retain: given.number("lwt_retain"),
      },
    }),
  };
  return OK;
}

function connect(desk: Desk, given: Arguments): Answer {
  const { contexts, esp } = desk;
  const { user, connection: { keepAlive, clean, will } } = esp;
  if (!user || !["none", "configured", "connect-failed"].includes(contexts.state(ID))) return REFUSED;
  const [host, port] = [given.text("host") ?? "", given.number("port")];
  esp.address = `"${host}","${port}","",${given.number("reconnect")}`;
  const context = contexts.make(ID);
  const set = (
    option: "keepalive" | "session" | "timeout" | "will",
    ...values: readonly (number | string)[]
  ) => {
    const written = values.map((value): Written =>
      typeof value === "number" ? { kind: "bare", text: String(value) } : { kind: "quoted", text: value }
    );
    const any: Range = [0, Number.MAX_SAFE_INTEGER];
    context.settings.set(option, written, () => any);
  };
  set("keepalive", keepAlive);
  set("session", clean ? 1 : 0);
  set("timeout", 10, 0, 0);
  if (will) set("will", 1, will.qos, will.retain, will.topic, will.message);
  else set("will", 0);
  const answer = waiting(esp.wait("ECMTCONN"), says(`+MQTTCONNECTED:0,1,${esp.address}`));
  context.open(host, port);
  context.connect(user);
  return answer;
}

function messageOf(given: Arguments, payload: string) {
  return {
    packetId: 0,
    qos: given.number("qos"),
    retain: given.number("retain") === 1,
    topic: given.text("topic") ?? "",
    payload,
  };
}

/** Publishes a message; with `result` the answer waits for it. */
function publish(desk: Desk, given: Arguments, payload: string, result?: string): Answer {
  const { contexts, esp } = desk;
  const message = messageOf(given, payload);
  if (!isConnected(desk) || !fitsMessage(desk, given, message)) return REFUSED;
  const answer = result === undefined ? OK : waiting(esp.wait(result));
  contexts.make(ID).exchanges.publish(message);
  return answer;
}

function subscribe(desk: Desk, given: Arguments): Answer {
  const { contexts, esp } = desk;
  const filter = given.text("topic") ?? "";
  const utf8 = asUtf8(filter);
  const wrong = utf8 === undefined || topicFilterFault(utf8) !== undefined;
  if (!isConnected(desk) || !fitsFilters(desk, given, [filter]) || (wrong && refusesViolations(desk))) {
    return REFUSED;
  }
  if (esp.filters.has(filter)) return says("ALREADY SUBSCRIBE");
  const { exchanges } = contexts.make(ID);
  const answer = waiting(
    esp.wait("ECMTSUB").then((ok) => {
      if (ok) esp.filters.add(filter);
      return ok;
    }),
  );
  exchanges.subscribe(exchanges.freeId(), { filter, qos: given.number("qos") });
  return answer;
}

function unsubscribe(desk: Desk, given: Arguments): Answer {
  const { contexts, esp } = desk;
  const filter = given.text("topic") ?? "";
  if (!isConnected(desk)) return REFUSED;
  if (!esp.filters.has(filter)) return says("NO UNSUBSCRIBE");
  const { exchanges } = contexts.make(ID);
  const answer = waiting(
    esp.wait("ECMTUNS").then((ok) => {
      if (ok) esp.filters.delete(filter);
      return ok;
    }),
  );
  exchanges.unsubscribe(exchanges.freeId(), filter);
  return answer;
}

function clean(desk: Desk): Answer {
  const { contexts, esp } = desk;
  if (!esp.user) return REFUSED;
  if (!isConnected(desk)) {
    esp.clear();
    return OK;
  }
  const answer = waiting(
    esp.wait("ECMTDISC").then((ok) => {
      esp.clear();
      return ok;
    }),
  );
  contexts.make(ID).disconnect();
  return answer;
}
