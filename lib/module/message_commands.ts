import { topicFilterFault, topicNameFault } from "../mqtt/topic.ts";
import { type Answer, type CommandTable, type Desk, REFUSED, refusesViolations, says } from "./answer.ts";
import { asUtf8 } from "./binary.ts";
import type { Message } from "./drafts.ts";
import { connectId, ruled } from "./link_commands.ts";
import type { Arguments, Parameter } from "./parameters.ts";

/** The commands SUB, UNS and PUB. */
export const MESSAGE_COMMANDS: CommandTable = {
  "+ECMTSUB": {
    test: () => says('+ECMTSUB: (0),<msgID>,"<topic>",<qos>'),
    write: (desk) => ({
      parameters: [connectId(desk), msgId(1), topic(desk), QOS],
      run: (desk, given) => {
        const { id, filter } = named(given);
        if (!fitsFilters(desk, given, [filter])) return REFUSED;
        return ruled(
          desk,
          given,
          "data",
          (context) =>
            desk.contexts.make(context).exchanges.subscribe(id, { filter, qos: given.number("qos") }),
        );
      },
    }),
  },
  "+ECMTUNS": {
    test: () => says('+ECMTUNS: (0),<msgID>,"<topic>"'),
    write: (desk) => ({
      parameters: [connectId(desk), msgId(1), topic(desk)],
      run: (desk, given) => {
        const { id, filter } = named(given);
        if (!fitsFilters(desk, given, [filter])) return REFUSED;
        return ruled(
          desk,
          given,
          "data",
          (context) => desk.contexts.make(context).exchanges.unsubscribe(id, filter),
        );
      },
    }),
  },
  "+ECMTPUB": {
    test: () => says('+ECMTPUB: (0),<msgID>,<qos>,<retain>,"<topic>"[,"<payload>"]'),
    write: (desk) => ({
      parameters: [
        connectId(desk),
        msgId(0),
        QOS,
        {
          name: "retain",
          type: "number",
          mandatory: true,
          range: [0, Math.max(...desk.behaviour.retainValues)],
        },
        topic(desk),
        { name: "payload", type: "rest", mandatory: false, range: [0, desk.behaviour.limits.textPayload] },
      ],
      run: publish,
    }),
  },
};

export const QOS: Parameter = { name: "qos", type: "number", mandatory: true, range: [0, 2] };

export function msgId(lowest: number): Parameter {
  return { name: "msgID", type: "number", mandatory: true, range: [lowest, 65535] };
}

export function topic(desk: Desk): Parameter {
  return { name: "topic", type: "text", mandatory: true, range: [1, desk.behaviour.limits.topic] };
}

function named(given: Arguments): { readonly id: number; readonly filter: string } {
  return { id: given.number("msgID"), filter: given.text("topic") ?? "" };
}

/** Whether SUBSCRIBE or UNSUBSCRIBE may be sent: valid filters, and a free id [MQTT-2.3.1-2]. */
export function fitsFilters(desk: Desk, given: Arguments, filters: readonly string[]): boolean {
  const exchanges = desk.contexts.find(given.number("tcpconnectID"))?.exchanges;
  if (exchanges?.busy) return false;
  if (!refusesViolations(desk)) return true;
  const id = given.number("msgID");
  for (const filter of filters) {
    const text = asUtf8(filter);
    if (text === undefined || topicFilterFault(text)) return false;
  }
  return !exchanges?.idInUse(id);
}

export function fitsMessage(desk: Desk, given: Arguments, message: Omit<Message, "payload">): boolean {
  const { behaviour, hooks } = desk;
  const { packetId, qos } = message;
  const refusesZero = behaviour.refusesIdZero && hooks.refusesIdZero && !behaviour.choosesId;
  if (qos > 0 && packetId === 0 && refusesZero) return false;
  if (qos === 0 && packetId !== 0 && behaviour.idZeroOnlyAtQos0) return false;
  const exchanges = desk.contexts.find(given.number("tcpconnectID"))?.exchanges;
  if (qos > 0 && (exchanges?.full || exchanges?.busy)) return false;
  if (!refusesViolations(desk)) return true;
  const text = asUtf8(message.topic);
  if (text === undefined || topicNameFault(text)) return false;
  return qos === 0 || !exchanges?.idInUse(packetId);
}

function publish(desk: Desk, given: Arguments): Answer {
  const { behaviour, hooks } = desk;
  const retain = given.number("retain");
  const [, highest] = hooks.range("ECMTPUB.retain", [0, Math.max(...behaviour.retainValues)]);
  const known = behaviour.retainValues.includes(retain) || highest > Math.max(...behaviour.retainValues);
  if (!known) return REFUSED;
  const message = {
    packetId: given.number("msgID"),
    qos: given.number("qos"),
    retain: retain % 10 === 1,
    topic: given.text("topic") ?? "",
  };
  if (!fitsMessage(desk, given, message)) return REFUSED;
  const send = (payload: string): Answer =>
    ruled(desk, given, "data", (id) => desk.contexts.make(id).exchanges.publish({ ...message, payload }));
  const inline = given.text("payload");
  if (inline !== undefined) return send(hooks.inlinePayload(inline));
  if (!behaviour.promptWhenOffline) {
    const answer = ruled(desk, given, "data", () => {});
    if (answer.kind !== "ok") return answer;
  }
  return { kind: "data", take: (data) => data.length > behaviour.limits.dataPayload ? REFUSED : send(data) };
}
