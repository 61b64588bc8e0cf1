import { type Answer, type CommandTable, type Desk, REFUSED, says } from "./answer.ts";
import { addresses, connect, connectId, connParameters, open, ruled, states } from "./link_commands.ts";
import { fitsFilters, fitsMessage, msgId, QOS, topic } from "./message_commands.ts";
import type { Arguments, Parameter } from "./parameters.ts";
import { configure } from "./setting_command.ts";

/**
 * Quectel's commands, as in the application note of its NB-IoT modules; what they share with ECMT is reused.
 * They are named like ECMT, so the hooks of a defect fit both.
 */
export const QMT_COMMANDS: CommandTable = {
  "+ECMTCFG": {
    test: ({ behaviour: { highestId, retryRange: [low, high] } }) =>
      says(
        `+QMTCFG: "keepalive",(0-${highestId}),(0-3600)`,
        `+QMTCFG: "session",(0-${highestId}),(0,1)`,
        `+QMTCFG: "timeout",(0-${highestId}),(1-60),(${low}-${high}),(0,1)`,
        `+QMTCFG: "will",(0-${highestId}),(0,1),(0-2),(0,1),<will_topic>,<will_message>`,
        `+QMTCFG: "version",(0-${highestId}),(3,4)`,
      ),
    writeFreely: configure,
  },
  "+ECMTOPEN": {
    test: (desk) => says(`+QMTOPEN: ${ids(desk)},<host_name>,<port>`),
    read: (desk) => says(...addresses(desk)),
    write: (desk) => ({
      parameters: [
        connectId(desk),
        { name: "host_name", type: "text", mandatory: true, range: [1, desk.behaviour.limits.host] },
        { name: "port", type: "number", mandatory: true, range: [1, 65535] },
      ],
      run: open,
    }),
  },
  "+ECMTCLOSE": {
    test: (desk) => says(`+QMTCLOSE: ${ids(desk)}`),
    write: (desk) => ({
      parameters: [connectId(desk)],
      run: (desk, given) => ruled(desk, given, "CLOSE", (id) => desk.contexts.make(id).close()),
    }),
  },
  "+ECMTCONN": {
    test: (desk) => says(`+QMTCONN: ${ids(desk)},<clientID>[,<username>[,<password>]]`),
    read: (desk) => says(...states(desk)),
    write: (desk) => ({
      parameters: connParameters(desk).map((one) =>
        one.name === "clientID" ? { ...one, mandatory: true } : one
      ),
      run: connect,
    }),
  },
  "+ECMTDISC": {
    test: (desk) => says(`+QMTDISC: ${ids(desk)}`),
    write: (desk) => ({
      parameters: [connectId(desk)],
      run: (desk, given) => ruled(desk, given, "DISC", (id) => desk.contexts.make(id).disconnect()),
    }),
  },
  "+ECMTSUB": {
    test: (desk) => says(`+QMTSUB: ${ids(desk)},<msgID>,<topic>,<qos>[,<topic>,<qos>…]`),
    write: (desk) => ({ parameters: [connectId(desk), msgId(1), ...topics(desk, true)], run: subscribe }),
  },
  "+ECMTUNS": {
    test: (desk) => says(`+QMTUNS: ${ids(desk)},<msgID>,<topic>[,<topic>…]`),
    write: (desk) => ({ parameters: [connectId(desk), msgId(1), ...topics(desk, false)], run: unsubscribe }),
  },
  "+ECMTPUB": {
    test: (desk) => says(`+QMTPUB: ${ids(desk)},<msgID>,(0-2),(0,1),<topic>[,<length>[,<msg>]]`),
    write: (desk) => ({
      parameters: [
        connectId(desk),
        msgId(0),
        QOS,
        { name: "retain", type: "number", mandatory: true, range: [0, 1] },
        topic(desk),
        { name: "length", type: "number", mandatory: false, range: [1, desk.behaviour.limits.textPayload] },
        {
          name: "payload",
          type: "rest",
          mandatory: false,
          range: [0, desk.behaviour.limits.textPayload + 2],
        },
      ],
      run: publish,
    }),
  },
};

function ids({ behaviour: { highestId } }: Desk): string {
  return `(0-${highestId})`;
}

/**
 * The topics of SUB and UNS, of which only the first is required; each is followed by its QoS, if there is
 * one.
 */
function topics(desk: Desk, withQos: boolean): readonly Parameter[] {
  return Array.from({ length: desk.behaviour.topicsPerCommand }, (_, at): readonly Parameter[] => {
    const mandatory = at === 0;
    const name = at === 0 ? "" : String(at + 1);
    return [
      { ...topic(desk), name: `topic${name}`, mandatory },
      ...(withQos ? [{ ...QOS, name: `qos${name}`, mandatory }] : []),
    ];
  }).flat();
}

function named(
  { behaviour: { topicsPerCommand } }: Desk,
  given: Arguments,
): readonly { readonly filter: string; readonly qos: number }[] {
  return Array.from({ length: topicsPerCommand }, (_, at) => at === 0 ? "" : String(at + 1)).flatMap(
    (name) => {
      const filter = given.text(`topic${name}`);
      return filter === undefined ? [] : [{ filter, qos: given.number(`qos${name}`, 0) }];
    },
  );
}

function subscribe(desk: Desk, given: Arguments): Answer {
  const subscriptions = named(desk, given);
  if (!fitsFilters(desk, given, subscriptions.map(({ filter }) => filter))) return REFUSED;
  const id = given.number("msgID");
  return ruled(
    desk,
    given,
    "data",
    (context) => desk.contexts.make(context).exchanges.subscribe(id, ...subscriptions),
  );
}

function unsubscribe(desk: Desk, given: Arguments): Answer {
  const filters = named(desk, given).map(({ filter }) => filter);
  if (!fitsFilters(desk, given, filters)) return REFUSED;
  const id = given.number("msgID");
  return ruled(
    desk,
    given,
    "data",
    (context) => desk.contexts.make(context).exchanges.unsubscribe(id, ...filters),
  );
}

function publish(desk: Desk, given: Arguments): Answer {
  const message = {
    packetId: given.number("msgID"),
    qos: given.number("qos"),
    retain: given.number("retain") === 1,
    topic: given.text("topic") ?? "",
  };
  if (!fitsMessage(desk, given, message)) return REFUSED;
  const send = (payload: string): Answer =>
    ruled(desk, given, "data", (id) => desk.contexts.make(id).exchanges.publish({ ...message, payload }));
  // 0 is out of its range.
  const length = given.number("length", 0) || undefined;
  const inline = given.text("payload");
  if (inline !== undefined) {
    const payload = desk.hooks.inlinePayload(inline);
    return length === undefined || inline.length !== length ? REFUSED : send(payload);
  }
  if (!desk.behaviour.promptWhenOffline) {
    const answer = ruled(desk, given, "data", () => {});
    if (answer.kind !== "ok") return answer;
  }
  return {
    kind: "data",
    length,
    take: (data) => data.length > desk.behaviour.limits.dataPayload ? REFUSED : send(data),
  };
}
