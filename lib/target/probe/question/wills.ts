import { connected, isAccepted, type Question } from "../asking.ts";
import { claimed, notClaimed } from "../finding.ts";
import { withReason } from "../probe_client.ts";

/**
 * Asks whether clients may have a will, which is so unless a CONNECT with one is refused. The suites test
 * whether it is published.
 */
export const WILLS: Question = {
  about: "wills",
  async ask(asking) {
    await using client = await connected(asking, {
      will: { topic: `${asking.prefix}/will`, payload: "gone", qos: 0, retain: false },
    });
    if (isAccepted(client) !== false) return [claimed("wills", "a CONNECT with a will is accepted")];
    const answer = client.connack
      ? `answers ${withReason("CONNACK", client.version, client.connack.reason)}`
      : client.ending ?? "";
    return [notClaimed("wills", `the broker ${answer} to a CONNECT with a will`)];
  },
};
