/** The same work on MQTT.js. See raw.c for the command line; batched= has no effect here. */
import mqtt from "mqtt";
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";

const PAYLOAD = 64;
const CONNECTING = 64;

const work = { port: 1883, pubs: 0, subs: 0, idle: 0, qos: 0, window: 20, batched: 0, seconds: 5, rate: 0 };
for (const word of Deno.args) {
  const [name = "", value] = word.split("=");
  if (!(name in work)) throw new Error(`unknown argument "${name}"`);
  work[name as keyof typeof work] = Number(value);
}
const qos = work.qos as 0 | 1 | 2;
const latencies: number[] = [];
let sent = 0;
let received = 0;

interface Peer {
  readonly client: mqtt.MqttClient;
  readonly topic: string;
  sent: number;
  inflight: number;
  received: number;
  pair?: Peer;
}

function tell(event: object): void {
  console.log(JSON.stringify(event));
}

function connect(n: number, topic: string, subscribes: boolean): Promise<Peer> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${work.port}`, {
    clientId: `js-${n}`,
    keepalive: 3600,
    reconnectPeriod: 0,
    protocolVersion: 4,
  });
  const peer: Peer = { client, topic, sent: 0, inflight: 0, received: 0 };
  client.on("message", (_topic, payload) => {
    received++;
    peer.received++;
    if (work.rate > 0) latencies.push(performance.now() - payload.readDoubleLE(0));
  });
  return new Promise((resolve, reject) => {
    client.once("error", reject);
    client.once("connect", () => {
      if (!subscribes) return resolve(peer);
      client.subscribe(topic, { qos }, (error) => error ? reject(error) : resolve(peer));
    });
  });
}

async function connectAll(): Promise<Peer[]> {
  const count = work.pubs + work.subs + work.idle;
  const peers: Peer[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const n = next++;
      const subscribes = n >= work.pubs && n < work.pubs + work.subs;
      peers[n] = await connect(n, `bench/${subscribes ? n - work.pubs : n}`, subscribes);
    }
  };
  await Promise.all(Array.from({ length: CONNECTING }, worker));
  return peers;
}

function publish(peer: Peer, moment: number, done: () => void): void {
  const payload = Buffer.alloc(PAYLOAD, "x");
  payload.writeDoubleLE(moment, 0);
  sent++;
  peer.sent++;
  peer.inflight++;
  peer.client.publish(peer.topic, payload, { qos }, (error) => {
    peer.inflight--;
    if (!error) done();
  });
}

/**
 * Returns how many messages a publisher may send now: at QoS 0 as many as its socket accepts, but not too far
 * ahead of its subscriber.
 */
function room(peer: Peer): number {
  if (qos > 0) return work.window - peer.inflight;
  if (peer.client.stream.writableLength > 16 * 1024) return 0;
  return peer.pair ? Math.min(64, 500 - (peer.sent - peer.pair.received)) : 64;
}

/** Sends whenever there is room. */
function flow(peers: Peer[]): Promise<void> {
  const end = performance.now() + work.seconds * 1000;
  return new Promise((resolve) => {
    const turn = () => {
      if (performance.now() >= end) return resolve();
      const before = sent;
      for (const peer of peers.slice(0, work.pubs)) {
        for (let n = room(peer); n > 0; n--) publish(peer, 0, () => {});
      }
      if (sent > before) setImmediate(turn);
      else setTimeout(turn, 1);
    };
    turn();
  });
}

/** The planned moment of message j of publisher k is (j * publishers + k) / rate. */
function scheduled(peers: Peer[]): Promise<void> {
  const due = work.rate * work.seconds;
  const begin = performance.now();
  const limit = begin + work.seconds * 1000 + 3000;
  const next = new Array<number>(work.pubs).fill(0);
  return new Promise((resolve) => {
    const turn = () => {
      const now = performance.now();
      for (const [k, peer] of peers.slice(0, work.pubs).entries()) {
        for (;;) {
          const number = (next[k] ?? 0) * work.pubs + k;
          const moment = begin + number * 1000 / work.rate;
          if (number >= due || moment > now || (qos > 0 && peer.inflight >= work.window)) break;
          next[k] = (next[k] ?? 0) + 1;
          publish(peer, moment, turn);
        }
      }
    };
    const timer = setInterval(() => {
      turn();
      if (received < due && performance.now() < limit) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}

const peers = await connectAll();
for (const [n, peer] of peers.slice(0, work.subs).entries()) {
  const subscriber = peers[work.pubs + n];
  if (!subscriber) continue;
  peer.pair = subscriber;
  subscriber.pair = peer;
}
tell({ event: "ready" });
if (work.rate > 0) await scheduled(peers);
else if (work.pubs > 0) await flow(peers);
latencies.sort((a, b) => a - b);
const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)];
tell({ event: "done", sent, received, p50: at(0.5), p99: at(0.99), max: at(1) });
// Stays until the bench closes our input.
for await (const _ of Deno.stdin.readable) { /* nothing comes */ }
Deno.exit(0);
