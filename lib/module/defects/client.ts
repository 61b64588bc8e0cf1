import type { Draft } from "../../mqtt/packet.ts";
import { field, result, sent } from "../changes.ts";
import type { Defect } from "./defect.ts";

/** Faults of the MQTT client that only the broker's side shows. */
export const CLIENT_DEFECTS: readonly Defect[] = [
  {
    id: "mqtt-violations-accepted",
    description:
      "Commands may send what MQTT forbids: invalid topics and filters, ill-formed UTF-8, an id in use",
    clauses: [
      "MQTT-1.5.3-1",
      "MQTT-2.3.1-2",
      "MQTT-3.1.2-22",
      "MQTT-3.1.3-4",
      "MQTT-3.1.3-7",
      "MQTT-3.1.3-10",
      "MQTT-3.1.3-11",
      "MQTT-3.3.2-1",
      "MQTT-3.3.2-2",
      "MQTT-3.8.3-1",
      "MQTT-3.10.3-1",
      "MQTT-4.7.1-1",
      "MQTT-4.7.1-2",
      "MQTT-4.7.1-3",
    ],
    change: () => ({ refusesViolations: false }),
  },
  {
    id: "ping-before-connect",
    description: "PINGREQ is sent before CONNECT",
    clauses: ["MQTT-3.1.0-1"],
    change: sent("CONNECT", (packet) => [{ type: "PINGREQ" }, packet]),
  },
  {
    id: "connect-twice",
    description: "CONNECT is sent twice",
    clauses: ["MQTT-3.1.0-1"],
    change: sent("CONNECT", (packet) => [packet, packet]),
  },
  {
    id: "user-name-always",
    description: "CONNECT has a user name and a password when none were given",
    clauses: ["MQTT-3.1.2-18", "MQTT-3.1.2-20"],
    change: sent(
      "CONNECT",
      (packet) => [{ ...packet, userName: packet.userName ?? "admin", password: packet.password ?? "admin" }],
    ),
  },
  {
    id: "handshake-skipped",
    description: "A QoS 2 message is reported as delivered on a PUBACK, or on a PUBCOMP before PUBREC",
    clauses: ["MQTT-4.3.3-1"],
    change: () => ({ keepsHandshakes: false }),
  },
  {
    id: "will-always",
    description: "CONNECT has a will when none was set",
    clauses: ["MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-15", "ECMT-CFG-W15"],
    change: sent(
      "CONNECT",
      (
        packet,
      ) => [{
        ...packet,
        will: packet.will ?? { topic: "gone", payload: new Uint8Array(), qos: 0, retain: false },
      }],
    ),
  },
  {
    id: "will-topic-wrong",
    description: "The will has another topic than the one given",
    clauses: ["MQTT-3.1.2-9", "MQTT-3.1.3-10"],
    change: sent(
      "CONNECT",
      (packet) => [packet.will ? { ...packet, will: { ...packet.will, topic: "will" } } : packet],
    ),
  },
  {
    id: "publish-after-disconnect",
    description: "A packet follows DISCONNECT",
    clauses: ["MQTT-3.14.4-2", "ECMT-DISC-W2"],
    change: sent("DISCONNECT", (packet) => [packet, { type: "PUBLISH", topic: "late", payload: "late" }]),
  },
  {
    id: "topics-cut",
    description: "Topics and filters are sent without their last byte",
    clauses: ["MQTT-3.3.2-1", "MQTT-3.8.3-1", "MQTT-3.10.3-1"],
    change: (hooks) => ({
      send: (packet) =>
        hooks.send(packet).map((draft): Draft => {
          switch (draft.type) {
            case "PUBLISH":
              return { ...draft, topic: cut(draft.topic) };
            case "SUBSCRIBE":
              return {
                ...draft,
                subscriptions: (draft.subscriptions ?? []).map((one) => ({
                  ...one,
                  filter: cut(one.filter),
                })),
              };
            case "UNSUBSCRIBE":
              return { ...draft, filters: (draft.filters ?? []).map(cut) };
            default:
              return draft;
          }
        }),
    }),
  },
  {
    id: "sub-wrong-flags",
    description: "SUBSCRIBE and UNSUBSCRIBE have wrong flags in their fixed header",
    clauses: ["MQTT-3.8.1-1", "MQTT-3.10.1-1"],
    change: (hooks) => ({
      send: (packet) =>
        hooks.send(packet).map((draft) =>
          draft.type === "SUBSCRIBE" || draft.type === "UNSUBSCRIBE"
            ? { ...draft, wire: { flags: 0 } }
            : draft
        ),
    }),
  },
  {
    id: "pubrel-wrong-flags",
    description: "PUBREL has wrong flags in its fixed header",
    clauses: ["MQTT-3.6.1-1"],
    change: sent("PUBREL", (packet) => [{ ...packet, wire: { flags: 0 } }]),
  },
  {
    id: "pub-dup-at-qos0",
    description: "PUBLISH at QoS 0 has the DUP flag",
    clauses: ["MQTT-3.3.1-2", "MQTT-4.3.1-1"],
    change: sent("PUBLISH", (packet) => [packet.qos === 0 ? { ...packet, dup: true } : packet]),
  },
  {
    id: "puback-twice",
    description: "PUBLISH at QoS 1 is acknowledged twice",
    clauses: ["MQTT-3.3.4-1", "MQTT-4.3.2-2", "MQTT-4.6.0-2"],
    change: sent("PUBACK", (packet) => [packet, packet]),
  },
  {
    id: "qos0-acknowledged",
    description: "PUBLISH at QoS 0 is acknowledged",
    clauses: ["MQTT-3.3.4-1"],
    change: (hooks) => ({
      receive: (packet) => {
        const given = hooks.receive(packet);
        return given.type === "PUBLISH" && given.qos === 0 ? { ...given, qos: 1, packetId: 1 } : given;
      },
    }),
  },
  {
    id: "duplicates-after-reconnect",
    description: "A message resent with DUP is reported again",
    clauses: ["MQTT-4.3.3-2"],
    change: (hooks) => ({
      receive: (packet) => {
        const given = hooks.receive(packet);
        return given.type === "PUBLISH" && given.dup
          ? { ...given, dup: false, packetId: (given.packetId ?? 0) + 1 }
          : given;
      },
    }),
  },
  {
    id: "clean-session-remembers",
    description: "A clean session resends messages that the earlier connection did not complete",
    clauses: ["MQTT-3.1.2-6"],
    change: sent("CONNECT", (packet) => [{ ...packet, cleanStart: false }]),
  },
  {
    id: "conn-refusal-code-lost",
    description: "A refusal is always reported with code 1, whatever code the broker sent",
    clauses: ["ECMT-CONN-U6"],
    change: field("ECMTCONN", 2, (code) => Number(code) > 1 ? 1 : code),
  },
  {
    id: "conn-result-missing",
    description: "+ECMTCONN is never sent",
    clauses: ["ECMT-CONN-U3", "ECMT-CONN-U"],
    change: result("ECMTCONN", () => []),
  },
  {
    id: "conn-result-twice",
    description: "+ECMTCONN is sent twice",
    clauses: ["ECMT-CONN-U"],
    change: result("ECMTCONN", (fields) => [fields, fields]),
  },
  {
    id: "sub-result-missing",
    description: "+ECMTSUB is never sent",
    clauses: ["ECMT-SUB-U", "ECMT-SUB-U2"],
    change: result("ECMTSUB", () => []),
  },
  {
    id: "sub-result-twice",
    description: "+ECMTSUB is sent twice",
    clauses: ["ECMT-SUB-U"],
    change: result("ECMTSUB", (fields) => [fields, fields]),
  },
  {
    id: "close-result-missing",
    description: "+ECMTCLOSE is never sent",
    clauses: ["ECMT-CLOSE-U", "ECMT-CLOSE-U1"],
    change: result("ECMTCLOSE", () => []),
  },
  {
    id: "close-result-failed",
    description: "+ECMTCLOSE reports a failure",
    clauses: ["ECMT-CLOSE-U", "ECMT-CLOSE-U1"],
    change: field("ECMTCLOSE", 1, () => -1),
  },
  {
    id: "stat-after-close",
    description: "A connection closed by a command is reported as lost",
    clauses: ["ECMT-CLOSE-U1", "ECMT-DISC-U1"],
    change: (hooks) => ({
      urc: (urc) =>
        hooks.urc(urc).flatMap((each) =>
          each.name === "ECMTCLOSE" || each.name === "ECMTDISC"
            ? [each, { name: "ECMTSTAT", fields: [0, 1] }]
            : [each]
        ),
    }),
  },
  {
    id: "unanswered-as-success",
    description: "A request that the broker never answers is reported as done",
    clauses: ["ECMT-CONN-U4", "ECMT-PUB-U4"],
    change: (hooks) => ({
      urc: (urc) =>
        hooks.urc(urc).map((each) => {
          const at = each.name === "ECMTCONN"
            ? 1
            : ["ECMTSUB", "ECMTUNS", "ECMTPUB"].includes(each.name)
            ? 2
            : -1;
          if (at < 0 || each.fields[at] !== 2) return each;
          return { ...each, fields: each.fields.map((value, index) => index === at ? 0 : value) };
        }),
    }),
  },
  {
    id: "recv-cut-at-nul",
    description: "A payload is shown only up to its first NUL",
    clauses: ["ECMT-RECV-U4"],
    change: field("ECMTRECV", 3, (text) => typeof text === "string" ? text.replace(/\0[^]*$/, "") : text),
  },
  {
    id: "recv-cut-at-line",
    description: "A payload is shown only up to its first line end",
    clauses: ["ECMT-RECV-U3"],
    change: field("ECMTRECV", 3, (text) => typeof text === "string" ? text.replace(/[\r\n][^]*$/, "") : text),
  },
  {
    id: "recv-cut-at-500",
    description: "Only the first 500 bytes of a payload are shown",
    clauses: ["ECMT-RECV-U1"],
    change: field("ECMTRECV", 3, (text) => typeof text === "string" ? text.slice(0, 500) : text),
  },
];

/** Returns a text of a draft without its last byte. */
function cut(text: Uint8Array | string | undefined): Uint8Array {
  return (typeof text === "string" ? new TextEncoder().encode(text) : text ?? new Uint8Array()).slice(0, -1);
}
