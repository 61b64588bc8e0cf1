import type { PacketType } from "../../mqtt/packet.ts";
import type { Hooks } from "../hooks.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** Adds a delay before packets of some types to the hooks. */
function late(ms: number, ...types: readonly PacketType[]): (hooks: Hooks) => Partial<Hooks> {
  return ({ sendDelayMs }) => ({
    sendDelayMs: (packet) => sendDelayMs(packet) + (types.includes(packet.type) ? ms : 0),
  });
}

const PING_ANY_TIME =
  "A client may send PINGREQ at any time, whatever its keep-alive time is (MQTT 3.1.2.10)";

/** Quirks of what the MQTT client sends, and when. */
export const CLIENT_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "ping-early",
    about: "PINGREQ is sent after a quarter of the keep-alive time",
    lawful: PING_ANY_TIME,
    behaviour: { pingAt: 0.25 },
  },
  {
    id: "ping-at-half",
    about: "PINGREQ is sent after half the keep-alive time",
    lawful: PING_ANY_TIME,
    behaviour: { pingAt: 0.5 },
  },
  {
    id: "ping-at-the-end",
    about: "PINGREQ is sent when the keep-alive time ends, and not before",
    lawful:
      "The time between two packets must not exceed the keep-alive time, so all of it may be used [MQTT-3.1.2-23]",
    behaviour: { pingAt: 1 },
  },
  {
    id: "ping-behind-connack",
    about: "The first PINGREQ is sent right after CONNACK",
    lawful: PING_ANY_TIME,
    behaviour: { pingsAtOnce: true },
  },
  {
    id: "ping-without-keep-alive",
    about: "PINGREQ is sent every second, even if keep-alive is off or long",
    lawful: PING_ANY_TIME,
    behaviour: { pingEveryMs: 1_000 },
  },
  {
    id: "resends-unanswered",
    about:
      "An unacknowledged PUBLISH is resent with DUP, and an unanswered PUBREL is resent, as the timeout option says",
    lawful:
      "MQTT 3.1.1 lets a client resend at any time; the option's second value is how often [ECMT-CFG-W14]",
    behaviour: { resendsUnanswered: true },
    claims: { supports: ["retransmission"] },
  },
  {
    id: "qos2-shown-at-pubrel",
    about: "A QoS 2 message is shown when PUBREL arrives, not when PUBLISH does",
    lawful: "MQTT 3.1.1 shows both methods in figure 4.3 and leaves the choice to the receiver",
    behaviour: { showsQos2At: "PUBREL" },
  },
  {
    id: "acknowledgements-late",
    about: "PUBACK, PUBREC, PUBREL and PUBCOMP are sent 400 ms after the packet that they answer",
    lawful: "MQTT sets no time for an acknowledgement",
    change: late(400, "PUBACK", "PUBREC", "PUBREL", "PUBCOMP"),
    points: ["sendDelayMs PUBACK", "sendDelayMs PUBREC", "sendDelayMs PUBREL", "sendDelayMs PUBCOMP"],
  },
  {
    id: "requests-late",
    about: "CONNECT, SUBSCRIBE, UNSUBSCRIBE and PUBLISH are sent 400 ms after the OK of their command",
    lawful: "OK means only that the module accepted the command [ECMT-OPEN-W5]",
    change: late(400, "CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "PUBLISH"),
    points: [
      "sendDelayMs CONNECT",
      "sendDelayMs SUBSCRIBE",
      "sendDelayMs UNSUBSCRIBE",
      "sendDelayMs PUBLISH",
    ],
  },
  {
    id: "packets-split",
    about: "Each packet is sent in four TCP segments, the first two of one byte",
    lawful: "TCP carries bytes, and a packet may be split anywhere",
    behaviour: { segments: "split" },
  },
  {
    id: "packets-joined",
    about: "Packets are collected for 30 ms and sent in one TCP segment",
    lawful: "TCP carries bytes, and several packets may arrive at once",
    behaviour: { segments: "joined" },
  },
  {
    id: "empty-credentials-left-out",
    about: "An empty user name or password is left out of CONNECT",
    lawful: "The application note does not distinguish an empty text from none",
    commands: "QMT",
    behaviour: { leavesOutEmptyCredentials: true },
  },
];
