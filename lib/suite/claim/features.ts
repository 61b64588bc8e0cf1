import { suggest } from "../../ground/nearest.ts";

/** A feature that a target can claim under `supports:` and a case can require. */
export interface Feature {
  readonly name: string;
  /** The kind of target that can have it. */
  readonly tests: "broker" | "module" | "client";
  /** What a target with the feature does; the subject is the target. */
  readonly about: string;
  /** Why a case that needs it is skipped, if there is more to say than that the target does not claim it. */
  readonly missing?: string | undefined;
}

/** What every client library has, whether its file says so or not. */
export const OWN_PACKET_IDS = "own-packet-ids";

const broker = (name: string, about: string): Feature => ({ name, tests: "broker", about });
const client = (name: string, about: string): Feature => ({ name, tests: "client", about });
const module = (name: string, about: string): Feature => ({ name, tests: "module", about });

/** All features. The suite language's reference page lists them. */
export const FEATURES: readonly Feature[] = [
  broker("qos1", "accepts and delivers messages at QoS 1"),
  broker("qos2", "accepts and delivers messages at QoS 2"),
  broker("retained", "stores retained messages"),
  broker("wills", "publishes wills"),
  broker("sessions", "keeps sessions after the connection closes"),
  broker("wildcards", "accepts filters with wildcards"),
  broker("shared-subscriptions", "accepts shared subscriptions (5.0)"),
  broker("subscription-identifiers", "accepts subscription identifiers (5.0)"),
  broker("dollar-topics", "delivers clients' messages to topics that begin with `$`"),
  broker("empty-client-id", "assigns a client id to a client without one"),
  broker(
    "several-in-flight",
    "sends a client the next message of QoS 1 or 2 before the client acknowledges the last one",
  ),
  broker("large-packets", "accepts packets of slightly more than 2 MiB"),
  broker("websocket", "accepts MQTT over WebSocket"),
  broker("persistence", "keeps its sessions and retained messages across a restart"),
  broker("publish-authorization", "rejects messages to topics below its value `deniedTopic`"),
  broker("subscribe-authorization", "rejects subscriptions to filters below its value `deniedFilter`"),
  broker("credentials", "accepts only clients with the right user name, its value `knownUser`, and password"),
  broker(
    "redirection",
    "redirects a client whose client id is its value `movedClient`: CONNACK 0x9C or 0x9D (5.0)",
  ),
  {
    ...broker(
      "enhanced-auth",
      "authenticates clients by the AUTH exchange that its file declares under `auth:`; the " +
        "declaration implies the feature",
    ),
    missing: "The target file declares no exchange under auth:",
  },
  broker("re-authentication", "accepts an AUTH by which such a client re-authenticates"),
  {
    ...module(
      "host-packet-ids",
      "lets the host choose packet identifiers; its dialect says so, and no file claims it",
    ),
    missing: "The module chooses packet identifiers itself, as its dialect says",
  },
  module("release-assistance", "has the release assistance parameter in its publish command"),
  module(
    "connected-at-connect",
    "counts as connected once CONNECT is sent, and reconnects by itself if it is cut off before CONNACK",
  ),
  module("disc-needs-client", "rejects DISC on a connection without a client"),
  module("packet-limit", "accepts and sends packets of at most 1,157 bytes"),
  module("ssl", "has the option `ssl`"),
  module("echomode", "has an option `echomode` that takes effect instead of being only stored"),
  module(
    "retransmission",
    "resends a PUBLISH on the same connection if its acknowledgement takes too long",
  ),
  client(
    "version-fallback",
    "connects again in an older version of MQTT once the broker has refused its own",
  ),
  client(
    "auth-exchange",
    "takes part in an AUTH exchange of 5.0 that its application answers, as its adapter's `auth` says",
  ),
  client("late-disconnect", "sends DISCONNECT only once its messages are acknowledged"),
  client(
    "sends-again",
    "sends a message that was not acknowledged again as a new one when it connects without its session",
  ),
  client(
    OWN_PACKET_IDS,
    "chooses packet identifiers itself, as every client library does; a module gets them from the case",
  ),
];

/** The names of all features. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map(({ name }) => name);

/** The prefix of features that a user defines for their own suites and targets; no built-in feature has it. */
const OWN = /^x-./;

/** Whether a target can claim a feature with this name: one of {@link FEATURES}, or a user-defined one. */
export function isFeature(name: string): boolean {
  return OWN.test(name) || FEATURE_NAMES.includes(name);
}

/** Suggests a replacement for an unknown feature name. */
export function featureHint(name: string): string {
  return suggest(name, FEATURE_NAMES) ?? "a feature of your own begins with x-";
}
