import { duration, flag, type Form, integer } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { ConnectSettings } from "./profile.ts";
import { amount } from "./profile_parts.ts";
import { reportAt } from "./report_at.ts";

/** How clients connect if a profile does not say. */
export const CONNECTING: ConnectSettings = {
  rate: Infinity,
  outstanding: 64,
  withinMs: 10_000,
  again: true,
  backOffMs: [100, 5_000],
};

/** The form of how clients connect. */
export function connectForm(): Form<ConnectSettings> {
  return object("how connections come about", (keys, report): ConnectSettings => {
    const rate = keys.optional("rate", amount("a rate", 1_000_000), "connections begun per second");
    const atOnce = keys.optional("at-once", flag(), "as fast as the broker answers, in the place of a rate");
    const outstanding = keys.optional(
      "outstanding",
      integer({ least: 1, most: 10_000 }),
      "connections on their way at once at most; default 64, since brokers let few wait",
    );
    const withinMs = keys.optional(
      "within",
      duration(),
      "how long one may take until its CONNACK; default 10s",
    );
    const again = keys.optional(
      "again",
      flag(),
      "whether one that failed or was lost is tried again; default true",
    );
    const first = keys.optional(
      "back-off",
      duration(),
      "the wait before it is tried again, doubled each time; default 100ms",
    );
    const most = keys.optional("back-off-most", duration(), "the longest wait; default 5s");
    if (rate !== undefined && atOnce === true) {
      reportAt(keys, report, "at-once", "a rate, and all at once", "take one of them out");
    }
    const [firstMs, mostMs] = CONNECTING.backOffMs;
    return {
      rate: rate ?? CONNECTING.rate,
      outstanding: outstanding ?? CONNECTING.outstanding,
      withinMs: withinMs ?? CONNECTING.withinMs,
      again: again ?? CONNECTING.again,
      backOffMs: [Math.max(1, first ?? firstMs), Math.max(first ?? firstMs, most ?? mostMs)],
    };
  });
}
