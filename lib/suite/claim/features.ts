import { suggest } from "../../ground/nearest.ts";

/** A feature that a target can claim under `supports:` and a case can require. */
export interface Feature {
  readonly name: string;
  /** The kind of target that can have it. */
  readonly tests: "broker" | "module";
  /** What a target with the feature does; the subject is the target. */
  readonly about: string;
  /** Why a case that needs it is skipped, where more can be said than that the target does not claim it. */
  readonly missing?: string | undefined;
}

const broker = (name: string, about: string): Feature => ({ name, tests: "broker", about });
const module = (name: string, about: string): Feature => ({ name, tests: "module", about });

/** The features that there are. The table of the suite language's page is made of them. */
export const FEATURES: readonly Feature[] = [
  broker("qos1", "takes and delivers messages at QoS 1"),
  broker("qos2", "takes and delivers messages at QoS 2"),
  broker("retained", "keeps retained messages"),
  broker("wills", "publishes wills"),
  broker("sessions", "keeps sessions over a connection's end"),
  broker("wildcards", "takes filters with wildcards"),
  broker("shared-subscriptions", "takes shared subscriptions of 5.0"),
  broker("subscription-identifiers", "takes subscription identifiers of 5.0"),
  broker("dollar-topics", "delivers a client's messages at topics that begin with `$`"),
  broker("empty-client-id", "gives a client without an id one"),
  broker(
    "several-in-flight",
    "sends a client the next message of QoS 1 or 2 before it has acknowledged the last one",
  ),
  broker("large-packets", "takes packets of 2 MiB and somewhat more"),
  broker("websocket", "takes MQTT over WebSocket"),
  broker("persistence", "keeps its sessions and retained messages over a restart"),
  broker(
    "authorization",
    "refuses messages below the topic `deniedTopic`, and subscriptions below `deniedFilter`, two of its values",
  ),
  {
    ...broker(
      "enhanced-auth",
      "authenticates clients by the exchange of AUTH packets that its file declares under `auth:`, by which it has the feature",
    ),
    missing: "The target file declares no exchange under auth:",
  },
  broker("re-authentication", "takes an AUTH by which such a client authenticates itself again"),
  {
    ...module(
      "host-packet-ids",
      "lets the host choose packet identifiers; its dialect says so, and no file claims it",
    ),
    missing: "The module chooses packet identifiers itself, as its dialect says",
  },
  module("release-assistance", "has the release assistance parameter of its publish command"),
  module(
    "connected-at-connect",
    "counts as connected once CONNECT was sent, and comes back by itself when it is cut off before CONNACK",
  ),
  module("disc-needs-client", "refuses DISC on a connection without a client"),
  module("packet-limit", "takes and sends packets of no more than 1,157 bytes"),
  module("ssl", "has the option `ssl`"),
  module("echomode", "has an option `echomode` that does something, in place of one that is only kept"),
  module(
    "retransmission",
    "sends a PUBLISH again on the same connection when its acknowledgement takes too long",
  ),
];

/** The names of all features. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map(({ name }) => name);

/** A word that a user's own suites and targets share; attest has no feature that begins so. */
const OWN = /^x-./;

/** Whether a target can claim a feature of this name: one of {@link FEATURES}, or a word of the user's own. */
export function isFeature(name: string): boolean {
  return OWN.test(name) || FEATURE_NAMES.includes(name);
}

/** What would be right in the place of a word that is no feature. */
export function featureHint(name: string): string {
  return suggest(name, FEATURE_NAMES) ?? "a feature of your own begins with x-";
}
