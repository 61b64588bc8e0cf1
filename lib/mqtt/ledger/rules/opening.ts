import type { PacketType } from "../../packet.ts";
import {
  both,
  CLIENT_PACKETS,
  code,
  COMMON_PACKETS,
  each,
  type LedgerRule,
  maySend,
  on,
  only5,
  SERVER_PACKETS,
  UNNUMBERED,
} from "../rule.ts";

const FROM_SERVER: readonly PacketType[] = [...SERVER_PACKETS, ...COMMON_PACKETS];

/** Rules for the start of a connection: CONNECT and CONNACK first, once, and nothing after a refusal. */
export const OPENING_RULES: readonly LedgerRule[] = [
  {
    id: "wrong-direction",
    who: "both",
    clauses: UNNUMBERED,
    about: "Neither end sends a packet that only the other end may send, such as SUBSCRIBE from a server.",
    needs: "nothing",
    ...on([...CLIENT_PACKETS, ...SERVER_PACKETS], ({ type }, { by }) => {
      if (maySend(by, type)) return undefined;
      return {
        message: `The ${by} sent ${type}, which only a ${by === "client" ? "server" : "client"} may send`,
      };
    }),
  },
  {
    id: "before-connect",
    who: "client",
    clauses: { "3.1": [], ...both("MQTT-3.1.0-1") },
    about: "CONNECT is the first packet that a client sends on a connection.",
    needs: "connection",
    ...on(["SUBSCRIBE", "UNSUBSCRIBE", "PINGREQ", ...COMMON_PACKETS], ({ type }, { connection }) => {
      if (connection.connects > 0) return undefined;
      return { message: `${type} was sent before CONNECT, which must be the first packet of the connection` };
    }),
  },
  {
    id: "second-connect",
    who: "client",
    clauses: { "3.1": [], ...both("MQTT-3.1.0-2") },
    about: "A client sends CONNECT once on a connection.",
    needs: "nothing",
    ...on(["CONNECT"], (_, { connection }) => {
      if (connection.connects === 0) return undefined;
      return {
        message: `This is CONNECT number ${connection.connects + 1} on this connection; only 1 is allowed`,
      };
    }),
  },
  {
    id: "before-connack",
    who: "server",
    clauses: both("MQTT-3.2.0-1"),
    about: "CONNACK is the first packet that a server sends on a connection, except for AUTH in 5.0.",
    needs: "connection",
    ...on(
      ["SUBACK", "UNSUBACK", "PINGRESP", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP"],
      ({ type }, { connection }) => {
        if (connection.connacks > 0) return undefined;
        return { message: `${type} was sent before CONNACK, which must be the server's first packet` };
      },
    ),
  },
  {
    id: "second-connack",
    who: "server",
    clauses: { "3.1": [], ...each([], ["MQTT-3.2.0-2"]) },
    about: "A server sends CONNACK once on a connection.",
    needs: "connection",
    ...on(["CONNACK"], (_, { connection }) => {
      const { connacks, connects, version } = connection;
      // Before 5.0 the standard only says that CONNACK answers CONNECT, and one client may have sent two.
      const most = version === "5.0" ? 1 : Math.max(1, connects);
      if (connacks < most) return undefined;
      return {
        message: `This is CONNACK number ${connacks + 1} on this connection; only ${most} is allowed`,
      };
    }),
  },
  {
    id: "after-refusal",
    who: "server",
    clauses: each(["MQTT-3.2.2-5"], ["MQTT-3.2.2-7"]),
    about: "A server that has refused a CONNECT closes the connection and sends nothing more.",
    needs: "nothing",
    ...on(FROM_SERVER, ({ type }, { connection }) => {
      const { connack, version } = connection;
      if (!connack || connack.reason < (version === "5.0" ? 0x80 : 1)) return undefined;
      // These two have their own rules.
      if (type === "CONNACK" || type === "DISCONNECT") return undefined;
      return {
        message: `${type} follows a CONNACK with code ${
          code(connack.reason)
        }, after which the server must close`,
      };
    }),
  },
  {
    id: "disconnect-before-connack",
    who: "server",
    clauses: only5("MQTT-3.14.0-1"),
    about: "A server sends DISCONNECT only after a CONNACK with a code below 0x80.",
    needs: "connection",
    ...on(["DISCONNECT"], ({ reason }, { connection: { connack } }) => {
      if (connack && connack.reason < 0x80) return undefined;
      const after = connack ? `after a CONNACK with code ${code(connack.reason)}` : "before CONNACK";
      return { message: `DISCONNECT ${code(reason)} was sent ${after}; the server must close without it` };
    }),
  },
];
