import { duration, type Form, integer, word } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { Churn, Group, Lifetime, Online } from "./group.ts";
import { share } from "./profile_parts.ts";
import { reportAt } from "./report_at.ts";
import { spreadForm } from "./spread.ts";

/** What comes and goes by default in a group with the role `churn`. */
export const CHURN: Churn = { what: "connection", upMs: 1_000, downMs: 1_000 };

/** The form of a period in which the clients of a group are connected. */
export const onlineForm = (): Form<Online> =>
  object("a time online", (keys, report): Online => {
    const fromMs = keys.optional("from", duration(), "since the load began; default 0s") ?? 0;
    const untilMs = keys.optional("until", duration(), "default the end of the load");
    const leave = keys.optional(
      "leave",
      word(["disconnect", "cut"], "way to leave"),
      "by DISCONNECT (default), or cut: by closing the connection without DISCONNECT",
    );
    if (untilMs !== undefined && untilMs <= fromMs) {
      reportAt(keys, report, "until", "a time that ends before it begins");
    }
    return { fromMs, untilMs, leave: leave ?? "disconnect" };
  });

/** The form of what comes and goes in a group with the role `churn`. */
export const churnForm = (): Form<Churn> =>
  object("a churn", (keys): Churn => {
    const what = keys.optional(
      "what",
      word(["connection", "subscription"], "thing to churn"),
      "what comes and goes: the connection (default), or the subscriptions",
    );
    const upMs = keys.optional("up", duration(), "how long it stays; default 1s");
    const downMs = keys.optional("down", duration(), "how long it is gone; default 1s");
    return {
      what: what ?? CHURN.what,
      upMs: Math.max(1, upMs ?? CHURN.upMs),
      downMs: downMs ?? CHURN.downMs,
    };
  });

/** The form of a lifetime; a minute has 60,000 ms. */
export const lifetimeForm = (): Form<Lifetime> =>
  object("a lifetime", (keys, report): Lifetime | undefined => {
    const up = keys.optional(
      "up",
      spreadForm(),
      "how long a connection lives: 10m, { from, to } or { mean }",
    );
    const perMinute = keys.optional(
      "per-minute",
      share(),
      "instead of up: the share of the connections that end each minute",
    );
    const down = keys.optional("down", spreadForm(), "how long the client stays offline; default 1s");
    const leave = keys.optional(
      "leave",
      word(["disconnect", "cut"], "way to leave"),
      "by DISCONNECT (default) once nothing is in flight, or cut: by closing the connection without DISCONNECT",
    );
    if ((up === undefined) === (perMinute === undefined)) {
      const found = up === undefined ? "a lifetime without a length" : "a lifetime with up and per-minute";
      const key = keys.has("up") || !keys.has("per-minute") ? "up" : "per-minute";
      reportAt(keys, report, key, found, "write either up or per-minute");
      return undefined;
    }
    if (perMinute === 0) reportAt(keys, report, "per-minute", "a share of nothing", "remove the lifetime");
    return {
      up: up ?? { kind: "exponential", meanMs: 60_000 / (perMinute || 1) },
      down: down ?? { kind: "fixed", ms: 1_000 },
      leave: leave ?? "disconnect",
    };
  });

/** The form of the messages after which a load ends. */
export const endsAfterForm = (): Form<NonNullable<Group["endsAfter"]>> =>
  object("an end by messages", (keys, report): Group["endsAfter"] => {
    const count = () => integer({ least: 1, most: 1_000_000_000 });
    const each = keys.optional("each", count(), "each client of the group has received this many");
    const all = keys.optional("all", count(), "the clients of the group have together received this many");
    if (keys.has("each") === keys.has("all")) {
      const found = keys.has("each") ? "an end by each and by all" : "an end by no messages";
      reportAt(keys, report, keys.has("all") ? "all" : "each", found, "write { each: 1 } or { all: 1000 }");
      return undefined;
    }
    return each === undefined ? all === undefined ? undefined : { all } : { each };
  });
