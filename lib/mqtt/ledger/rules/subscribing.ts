import { codeAt } from "../offsets.ts";
import { counted, type LedgerRule, on, only5 } from "../rule.ts";

/**
 * Rules for responses to SUBSCRIBE and UNSUBSCRIBE: one code for each filter, and no higher QoS than
 * requested.
 */
export const SUBSCRIBING_RULES: readonly LedgerRule[] = [
  {
    id: "suback-codes",
    who: "server",
    clauses: { "3.1": ["MQTT31-3.9-1"], "3.1.1": ["MQTT-3.8.4-5"], "5.0": ["MQTT-3.8.4-6"] },
    about: "SUBACK has one code for each filter of its SUBSCRIBE.",
    needs: "nothing",
    ...on(["SUBACK"], ({ type, packetId, reasons }, { connection }) => {
      const request = connection.requests.get(packetId);
      if (request?.type !== "SUBSCRIBE" || request.doubled) return undefined;
      return miscounted(type, reasons.length, request.count);
    }),
  },
  {
    id: "unsuback-codes",
    who: "server",
    clauses: only5("MQTT-3.11.3-2"),
    about: "UNSUBACK has one code for each filter of its UNSUBSCRIBE.",
    needs: "nothing",
    ...on(["UNSUBACK"], ({ type, packetId, reasons }, { connection }) => {
      const request = connection.requests.get(packetId);
      if (request?.type !== "UNSUBSCRIBE" || request.doubled) return undefined;
      return miscounted(type, reasons.length, request.count);
    }),
  },
  {
    id: "granted-above-requested",
    who: "server",
    clauses: { "3.1": ["MQTT31-3.9-1"], "3.1.1": ["MQTT-3.8.4-5"], "5.0": ["MQTT-3.8.4-7"] },
    about: "SUBACK grants no filter a higher QoS than SUBSCRIBE requested.",
    needs: "nothing",
    ...on(["SUBACK"], ({ packetId, reasons }, { connection, size }) => {
      const request = connection.requests.get(packetId);
      if (!request || request.doubled || request.count !== reasons.length) return undefined;
      const at = request.subscriptions.findIndex(({ qos }, n) =>
        (reasons[n] ?? 0) <= 2 && (reasons[n] ?? 0) > qos
      );
      if (at < 0) return undefined;
      return {
        message: `SUBACK grants QoS ${reasons[at]} for filter ${at + 1}; SUBSCRIBE requested QoS ${
          request.subscriptions[at]?.qos
        }`,
        offset: codeAt(reasons, at, size),
      };
    }),
  },
];

function miscounted(type: string, codes: number, filters: number) {
  if (codes === filters) return undefined;
  return { message: `${type} has ${counted(codes, "code")} for ${counted(filters, "filter")}` };
}
