import type { QoS } from "../../../mqtt/packet.ts";
import { announced, type Asking, connected, type Question } from "../asking.ts";
import { claimed, type Finding, notClaimed } from "../finding.ts";
import { subscribed } from "../subscribing.ts";

/**
 * Asks which QoS the broker supports: by the Maximum QoS of CONNACK, or by what SUBACK grants to every
 * filter.
 */
export const QOS: Question = {
  about: "QoS",
  async ask(asking) {
    const most = announced(asking, "maximumQoS");
    const [one, two] = await Promise.all(([1, 2] as const).map((qos) => grantedAt(asking, qos)));
    return ([1, 2] as const).map((qos): Finding => {
      const name = `qos${qos}`;
      if (most !== undefined && most < qos) return notClaimed(name, `CONNACK announces Maximum QoS ${most}`);
      const granted = Math.max(qos === 1 ? one ?? -1 : -1, two ?? -1);
      if (granted >= qos) return claimed(name, `a subscription at QoS ${qos} is granted`);
      if (granted < 0) return claimed(name, "no SUBACK says otherwise");
      return notClaimed(name, `every subscription at QoS ${qos} is granted QoS ${granted}`);
    });
  },
};

/** Returns the highest QoS granted to subscriptions at `qos`, or undefined if none is. */
async function grantedAt(asking: Asking, qos: QoS): Promise<number | undefined> {
  await using client = await connected(asking);
  const filters = [`${asking.prefix}/q${qos}`, `${asking.prefix}/q${qos}/deeper`];
  const { codes } = await subscribed(asking, client, filters, qos);
  const granted = codes?.filter((code) => code <= 2) ?? [];
  return granted.length === 0 ? undefined : Math.max(...granted);
}
