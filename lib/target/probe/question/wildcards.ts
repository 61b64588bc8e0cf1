import { announced, type Asking, connected, type Question } from "../asking.ts";
import { claimed, notClaimed } from "../finding.ts";
import { type Granted, subscribed } from "../subscribing.ts";

/**
 * Asks whether filters may have wildcards: by CONNACK, or by a SUBACK that refuses them but grants filters
 * without one.
 */
export const WILDCARDS: Question = {
  about: "wildcards",
  async ask(asking) {
    if (announced(asking, "wildcardSubscriptionAvailable") === 0) {
      return [notClaimed("wildcards", "CONNACK announces Wildcard Subscription Available 0")];
    }
    const [plain, ...wild] = await Promise.all(["a", "+/a", "#"].map((filter) => granted(asking, filter)));
    const refused = wild.find((one) =>
      one.refusal !== undefined && (one.codes || tells(asking, one.refusal))
    );
    return [
      refused && plain?.codes && plain.refusal === undefined
        ? notClaimed("wildcards", `the broker ${refused.refusal ?? ""} to a filter with a wildcard`)
        : claimed(
          "wildcards",
          wild.every(({ codes }) => codes) ? "+ and # are granted" : "no SUBACK refuses them",
        ),
    ];
  },
};

/** Whether a refusal without SUBACK counts: SUBACK of 3.1 has no code for it, and DISCONNECT of 5.0 has one. */
function tells(asking: Asking, refusal: string): boolean {
  return asking.version === "3.1" || refusal.includes("DISCONNECT");
}

async function granted(asking: Asking, filter: string): Promise<Granted> {
  await using client = await connected(asking);
  return await subscribed(asking, client, [`${asking.prefix}/w/${filter}`]);
}
