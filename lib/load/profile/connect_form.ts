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
  failover: false,
};

/** The form of how clients connect. */
export function connectForm(): Form<ConnectSettings> {
  return object("how clients connect", (keys, report): ConnectSettings => {
    const rate = keys.optional("rate", amount("a rate", 1_000_000), "connections started per second");
    const atOnce = keys.optional("at-once", flag(), "as fast as the broker answers, instead of a rate");
    const outstanding = keys.optional(
      "outstanding",
      integer({ least: 1, most: 10_000 }),
      "the most connections that may be opening at once; default 64, because brokers queue few",
    );
    const withinMs = keys.optional(
      "within",
      duration(),
      "how long a connection may take until its CONNACK; default 10s",
    );
    const again = keys.optional(
      "again",
      flag(),
      "whether to retry a connection that failed or was lost; default true",
    );
    const first = keys.optional(
      "back-off",
      duration(),
      "the wait before a retry, doubled each time; default 100ms",
    );
    const most = keys.optional("back-off-most", duration(), "the longest wait; default 5s");
    const failover = keys.optional(
      "failover",
      flag(),
      "whether a client whose connection failed or was lost tries the next target; default false",
    );
    if (rate !== undefined && atOnce === true) {
      reportAt(keys, report, "at-once", "a rate, and all at once", "remove one of them");
    }
    const [firstMs, mostMs] = CONNECTING.backOffMs;
    return {
      rate: rate ?? CONNECTING.rate,
      outstanding: outstanding ?? CONNECTING.outstanding,
      withinMs: withinMs ?? CONNECTING.withinMs,
      again: again ?? CONNECTING.again,
      backOffMs: [Math.max(1, first ?? firstMs), Math.max(first ?? firstMs, most ?? mostMs)],
      failover: failover ?? CONNECTING.failover,
    };
  });
}
