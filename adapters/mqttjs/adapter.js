// Drives MQTT.js by attest's adapter protocol: a line of JSON each way.
import mqtt from "mqtt";
import manifest from "mqtt/package.json" with { type: "json" };
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";

const LEVELS = { "3.1": 3, "3.1.1": 4, "5.0": 5 };
/** What the library calls the transports. */
const SCHEMES = { tcp: "mqtt", tls: "mqtts", ws: "ws", wss: "wss" };
/** The library calls these two properties by other names than attest. */
const OTHERWISE = { userProperty: "userProperties", maximumQoS: "maximumQoS" };
const BINARY = ["correlationData", "authenticationData"];
const FLAGS = ["requestProblemInformation", "requestResponseInformation", "payloadFormatIndicator"];

class Unsupported extends Error {}

/**
 * The clients that attest has named, by their names: the library's object and its stores, whether a disconnect was asked
 * for, whether it is connected, and what the broker's DISCONNECT said.
 */
const clients = new Map();
let lastToken = 0;

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function bytes(octets) {
  return typeof octets === "string" ? Buffer.from(octets, "utf8") : Buffer.from(octets.hex, "hex");
}

/** Text for the library, whose strings are Unicode. */
function text(octets) {
  if (typeof octets === "string") return octets;
  throw new Unsupported("its strings are Unicode, and hold no other bytes");
}

function octets(value) {
  if (typeof value === "string") return value;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return { hex: Buffer.from(value).toString("hex") };
  }
}

function properties(given = {}) {
  const entries = Object.entries(given).map(([name, value]) => {
    if (name === "userProperty") {
      const pairs = {};
      for (const [key, item] of value) (pairs[text(key)] ??= []).push(text(item));
      return [OTHERWISE[name], pairs];
    }
    if (BINARY.includes(name)) return [name, bytes(value)];
    if (FLAGS.includes(name)) return [name, value === 1 ? true : value === 0 ? false : value];
    return [name, typeof value === "number" || Array.isArray(value) ? value : text(value)];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function told(found) {
  const entries = Object.entries(found ?? {}).map(([name, value]) => {
    if (name === "userProperties") {
      const pairs = Object.entries(value);
      return [
        "userProperty",
        pairs.flatMap(([key, items]) => [items].flat().map((item) => [key, item ?? ""])),
      ];
    }
    if (name === "subscriptionIdentifier") return [name, value];
    // The library makes a list of a property that wrongly comes twice.
    const one = Array.isArray(value) ? value.at(-1) : value;
    const as = name === "subscriptionIdentifiersAvailable" ? "subscriptionIdentifierAvailable" : name;
    if (typeof one === "boolean") return [as, one ? 1 : 0];
    return [as, typeof one === "number" ? one : octets(one)];
  });
  return entries.length > 0 ? { properties: Object.fromEntries(entries) } : {};
}

function tell(one, on, fields = {}) {
  if (clients.get(one.name) === one) write({ on, client: one.name, ...fields });
}

function listen(one) {
  const { library } = one;
  library.on("connect", (packet) => {
    one.connected = true;
    tell(one, "connected", { sessionPresent: Boolean(packet.sessionPresent), ...told(packet.properties) });
  });
  library.on("message", (topic, payload, packet) =>
    tell(one, "message", {
      topic,
      payload: octets(payload),
      qos: packet.qos,
      retain: packet.retain,
      ...told(packet.properties),
    }));
  library.on("disconnect", (packet) => {
    one.reason = { reason: packet.reasonCode ?? 0, ...told(packet.properties) };
  });
  library.on("error", (error) => {
    // The library gives the code of a CONNACK that refuses as that of an error.
    if (!one.connected && typeof error.code === "number") tell(one, "notConnected", { reason: error.code });
    else tell(one, "error", { text: String(error.message ?? error) });
  });
  library.on("close", () => {
    const { ended, reason } = one;
    one.connected = false;
    one.reason = undefined;
    if (!ended) tell(one, "lost", reason);
  });
}

function connect(request) {
  const will = request.will && {
    topic: text(request.will.topic),
    payload: bytes(request.will.payload),
    qos: request.will.qos,
    retain: request.will.retain,
    properties: properties(request.will.properties),
  };
  const level = LEVELS[request.protocol];
  const options = {
    protocol: SCHEMES[request.transport ?? "tcp"],
    host: request.server,
    port: request.port,
    protocolVersion: level,
    protocolId: level === 3 ? "MQIsdp" : "MQTT",
    clientId: text(request.clientId),
    clean: request.cleanStart,
    keepalive: request.keepAlive,
    username: request.userName === undefined ? undefined : text(request.userName),
    password: request.password === undefined ? undefined : bytes(request.password),
    will,
    properties: level === 5 ? properties(request.properties) : undefined,
    path: request.path,
    ca: request.ca === undefined ? undefined : readFileSync(request.ca),
    reconnectPeriod: 0,
    resubscribe: false,
  };
  const known = clients.get(request.client);
  if (known) {
    const { library, outgoingStore, incomingStore } = known;
    Object.assign(library.options, options);
    known.ended = false;
    library.reconnect({ outgoingStore, incomingStore });
    return { ok: true };
  }
  const outgoingStore = new mqtt.Store({ clean: false });
  const incomingStore = new mqtt.Store({ clean: false });
  const library = mqtt.connect({ ...options, outgoingStore, incomingStore });
  const one = { name: request.client, library, outgoingStore, incomingStore, ended: false, connected: false };
  clients.set(request.client, one);
  listen(one);
  return { ok: true };
}

/** Calls the library, which tells by a callback how it went; an error at once is its refusal. */
function withToken(
  one,
  done,
  call,
) {
  const token = ++lastToken;
  let refused;
  let called = false;
  call((error, ...rest) => {
    const packet = rest.at(-1);
    if (!called && error) refused = error;
    else done(error, packet, token);
  });
  called = true;
  return refused ? { refused: String(refused.message) } : { ok: true, token };
}

function publish(one, request) {
  const { qos, retain } = request;
  const options = { qos, retain, properties: properties(request.properties) };
  return withToken(one, (error, packet, token) => {
    const code = error?.code ?? packet?.reasonCode;
    if (error && typeof code !== "number") return tell(one, "failed", { token, text: String(error.message) });
    tell(one, "published", {
      token,
      ...(typeof code === "number" ? { reason: code } : {}),
      ...(packet?.cmd === "publish" ? {} : told(packet?.properties)),
    });
  }, (callback) => one.library.publish(text(request.topic), bytes(request.payload), options, callback));
}

function subscribe(one, request) {
  const filters = {};
  for (const { filter, qos, noLocal, retainAsPublished, retainHandling } of request.filters) {
    filters[text(filter)] = { qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling };
  }
  const options = { properties: properties(request.properties) };
  return withToken(one, (error, packet, token) => {
    const codes = packet?.cmd === "suback" ? packet.granted : error?.packet?.granted;
    if (codes) return tell(one, "subscribed", { token, reasons: codes, ...told(packet?.properties) });
    tell(one, "failed", { token, text: String(error?.message) });
  }, (callback) => one.library.subscribe(filters, options, callback));
}

function unsubscribe(one, request) {
  const options = { properties: properties(request.properties) };
  return withToken(one, (error, packet, token) => {
    if (error && packet?.cmd !== "unsuback") {
      return tell(one, "failed", { token, text: String(error.message) });
    }
    const codes = packet?.granted?.length > 0 ? { reasons: packet?.granted } : {};
    tell(one, "unsubscribed", { token, ...codes, ...told(packet?.properties) });
  }, (callback) => one.library.unsubscribe(request.filters.map(text), options, callback));
}

function disconnect(one, request) {
  one.ended = true;
  const options = {};
  if (request.reason !== undefined) options.reasonCode = request.reason;
  if (request.properties) options.properties = properties(request.properties);
  // The library closes its half; its "close" comes once the broker has closed the other.
  one.library.stream.once("finish", () => tell(one, "disconnected"));
  one.library.end(false, options);
  return { ok: true };
}

function reset() {
  const all = [...clients.values()];
  clients.clear();
  for (const { library } of all) library.end(true);
  return { ok: true };
}

function answer(request) {
  try {
    if (request.do === "connect") return connect(request);
    if (request.do === "reset") return reset();
    const one = clients.get(request.client);
    if (!one) return { refused: "this client has never connected" };
    switch (request.do) {
      case "publish":
        return publish(one, request);
      case "subscribe":
        return subscribe(one, request);
      case "unsubscribe":
        return unsubscribe(one, request);
      case "disconnect":
        return disconnect(one, request);
      case "cut":
        one.library.stream.destroy();
        return { ok: true };
      default:
        return { unsupported: `there is no ${request.do}` };
    }
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message };
    return { refused: String(error) };
  }
}

write({
  hello: "mqttjs",
  adapter: 1,
  version: manifest.version,
  protocols: Object.keys(LEVELS),
  transports: Object.keys(SCHEMES),
  supports: ["cut"],
});
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.do === "quit") break;
  write({ id: request.id, ...answer(request) });
}
process.exit(0);
