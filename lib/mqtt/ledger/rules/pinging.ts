import { ALL_PACKETS, type LedgerRule, on, UNNUMBERED } from "../rule.ts";
import { silenceAt } from "../silence.ts";

/** Rules for keep alive: a client is not silent for longer than its Keep Alive, and PINGRESP answers PINGREQ. */
export const PINGING_RULES: readonly LedgerRule[] = [
  {
    id: "keep-alive-exceeded",
    who: "client",
    clauses: { "3.1": [], "3.1.1": ["MQTT-3.1.2-23"], "5.0": ["MQTT-3.1.2-20", "MQTT-3.2.2-21"] },
    about: "A client sends a packet, PINGREQ if nothing else, within its Keep Alive, or the Server Keep " +
      "Alive, plus a grace period, which is half of it by default.",
    needs: "connection",
    ...on(ALL_PACKETS, (_, { connection, manner, now }) => silenceAt(connection, manner, now)),
  },
  {
    id: "pingresp-unasked",
    who: "server",
    clauses: UNNUMBERED,
    about: "PINGRESP answers a PINGREQ that has no PINGRESP yet.",
    needs: "connection",
    ...on(
      ["PINGRESP"],
      (_, { connection }) =>
        connection.pings > 0 ? undefined : { message: "PINGRESP was sent, but no PINGREQ awaits it" },
    ),
  },
];
