import { connected, type Question } from "../asking.ts";
import { claimed, notClaimed } from "../finding.ts";
import { published } from "../publishing.ts";
import { subscribed } from "../subscribing.ts";

/**
 * Asks whether clients can send each other messages at topics that begin with `$`: claimed only if one
 * arrives.
 */
export const DOLLAR_TOPICS: Question = {
  about: "topics that begin with $",
  async ask(asking) {
    const [own, usual] = [`$${asking.prefix}/own`, `${asking.prefix}/usual`];
    const [sub, pub] = await Promise.all([connected(asking), connected(asking)]);
    await using _ = sub;
    await using __ = pub;
    const { codes, refusal } = await subscribed(asking, sub, [own, usual]);
    if (refusal !== undefined || !codes) {
      return [notClaimed("dollar-topics", `the broker ${refusal ?? "does not answer"} to such a filter`)];
    }
    // A later message shows that it does not come, unless the broker reorders messages.
    const messages = [own, usual].map((topic) => ({ topic, payload: "m" }));
    const taken = await published(asking, pub, messages, 0);
    const came = () => sub.messages.some(({ topic }) => topic === own);
    if (taken.refusal === undefined) {
      await sub.until(() => came() || sub.messages.length > 0, asking.times.patienceMs);
    }
    await sub.until(came, asking.times.graceMs);
    return [
      came()
        ? claimed("dollar-topics", "a message at such a topic reaches another client")
        : notClaimed("dollar-topics", "a message at such a topic reaches no other client, which is allowed"),
    ];
  },
};
