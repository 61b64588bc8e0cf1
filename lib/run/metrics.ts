/**
 * The names of what a load measures and counts, as used in profiles' thresholds, in the journal and in
 * results.
 */

/** The timings in microseconds. They start at the planned moment unless the name says `actual`. */
export const METRICS = {
  "latency": "from a message's planned moment to its arrival at a subscriber",
  "latency.actual": "from sending a message to its arrival at a subscriber",
  "puback": "from a QoS 1 message's planned moment to its PUBACK",
  "puback.actual": "from sending a QoS 1 message to its PUBACK",
  "pubrec": "from a QoS 2 message's planned moment to its PUBREC",
  "pubrec.actual": "from sending a QoS 2 message to its PUBREC",
  "pubcomp": "from a QoS 2 message's planned moment to its PUBCOMP",
  "pubcomp.actual": "from sending a QoS 2 message to its PUBCOMP",
  "response": "from a request's planned moment to its response",
  "response.actual": "from sending a request to its response",
  "retained.latency": "from SUBSCRIBE to the arrival of a retained message",
  "connect": "from the moment a connection was due to its CONNACK",
  "connect.actual": "from the moment a connection was begun to its CONNACK",
  "connect.tcp":
    "from the moment a connection was begun until the network connection was there, without the TLS handshake, and with the answer to the upgrade of a WebSocket",
  "connect.tls": "the TLS handshake",
  "connect.connack": "from CONNECT to CONNACK",
  "suback": "from SUBSCRIBE to SUBACK",
  "lateness": "from a message's planned moment until the generator sent it, if only the generator delayed it",
  "loop-lag": "the delay of a worker's timer",
} as const;
/** The name of a timing. */
export type Metric = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS).filter((name): name is Metric =>
  Object.hasOwn(METRICS, name)
);

/** The counters. */
export const COUNTERS = {
  "planned": "messages whose planned moment came",
  "sent": "messages written to a connection",
  "unsent": "messages whose planned moment came but that were not sent before the end",
  "unconfirmed": "messages sent with QoS 0, which are not acknowledged",
  "acknowledged": "messages whose PUBACK or PUBCOMP came with success",
  "failed": "messages that were refused, or lost with their connection",
  "unanswered": "messages sent with QoS 1 or 2 without a last answer at the end",
  "resent": "PUBLISH packets resent after a reconnect",
  "due": "deliveries that the messages and subscriptions promise",
  "received": "expected messages that arrived, each counted once",
  "lost": "expected deliveries that did not arrive",
  "lost.promised": "lost deliveries that QoS and session promise",
  "duplicated": "messages that arrived again",
  "duplicated.promised": "duplicates that QoS forbids",
  "reordered": "messages that arrived after a later one of their topic and publisher",
  "corrupted": "messages whose checksum is wrong",
  "unexpected": "messages that are not of this run, or that no subscription lets in",
  "late": "messages that came later than the profile's late-after",
  "retained": "retained messages that came for a new subscription",
  "wills": "wills that came",
  "awaited": "messages for which groups with ends-after waited, and which did not come before the end",
  "requests": "requests sent",
  "responses": "responses that came",
  "certificates": "certificates that the load has issued or read, one for each client that has its own",
  "connect.attempted": "connections begun",
  "connect.succeeded": "connections with a CONNACK of success",
  "connect.failed": "connections that did not come so far",
  "disconnected": "connections that were lost",
  "connect.left": "connections that clients ended since their lifetime was over",
  "connect.again": "connections with a CONNACK of success of clients that had one before",
  "subscribed": "filters with a SUBACK of success",
  "subscribe.failed": "filters refused",
  "sent.bytes": "bytes written",
  "received.bytes": "bytes read",
  "fault.qos2-duplicate": "QoS 2 messages delivered again after they were complete",
  "fault.packet-id-reuse": "packet identifiers used again while in flight",
  "fault.receive-maximum": "messages in flight beyond the receive maximum",
  "fault.retain-flag": "deliveries to an established subscription with the retain flag set",
  "fault.protocol": "packets that violate the protocol in another way",
} as const;
/** The name of a counter. */
export type Counter = keyof typeof COUNTERS;
export const COUNTER_NAMES = Object.keys(COUNTERS).filter((name): name is Counter =>
  Object.hasOwn(COUNTERS, name)
);

/** The counter that another counter's share refers to. */
export const SHARE_OF: Partial<Readonly<Record<Counter, Counter>>> = {
  "unsent": "planned",
  "acknowledged": "sent",
  "failed": "sent",
  "unanswered": "sent",
  "lost": "due",
  "lost.promised": "due",
  "received": "due",
  "duplicated": "received",
  "duplicated.promised": "received",
  "reordered": "received",
  "corrupted": "received",
  "late": "received",
  "connect.failed": "connect.attempted",
  "connect.succeeded": "connect.attempted",
};

/** The values read from the machine. */
export const GAUGES = {
  "cpu": "cores that attest used, on average",
  "broker.cpu": "cores that the broker used, if attest started it",
  "memory": "the highest resident memory of attest, in MB",
  "memory.slope": "the growth of attest's memory in the second half of the measured time, in MB per hour",
  "search.rate": "the highest rate at which the thresholds held, in messages per second",
} as const;
/** The name of a value read from the machine. */
export type Gauge = keyof typeof GAUGES;
export const GAUGE_NAMES = Object.keys(GAUGES).filter((name): name is Gauge => Object.hasOwn(GAUGES, name));

/** Counts by name; a missing count is zero. */
export type Counts = Partial<Record<Counter, number>>;

/** Adds the counts of `more` to `sum`. */
export function addCounts(sum: Counts, more: Counts): void {
  for (const name of COUNTER_NAMES) {
    const value = more[name];
    if (value !== undefined && value !== 0) sum[name] = (sum[name] ?? 0) + value;
  }
}

/** Adds the counts of the reasons in `more` to those in `sum`. */
export function addReasons(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [reason, times] of Object.entries(more)) sum[reason] = (sum[reason] ?? 0) + times;
}
