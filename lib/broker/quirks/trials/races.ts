import { Broker } from "../../broker.ts";
import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";

/** A conversation that ends at different times with the usual broker and with a broker that has a quirk. */
export interface Race {
  readonly quirk: string;
  readonly play: Play;
  readonly first: "usual" | "quirky";
}

/** A client is silent after its CONNECT with a keep alive of 1 s. */
const silent: Play = async (port) => {
  await using client = await TestClient.connect(port, "a", { keepAlive: 1 });
  return await client.untilClosed();
};

/** A will has a longer delay than its session is kept. */
const sessionEnds: Play = async (port) => {
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("will");
  await using client = await TestClient.connect(port, "a", {
    properties: [{ name: "sessionExpiryInterval", value: 1 }],
    will: { topic: "will", properties: [{ name: "willDelayInterval", value: 100 }] },
  }, "5.0");
  client.drop();
  return await watcher.next();
};

/** A client sends 50 KiB in one message. */
const large: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send(publish("t", "x".repeat(50 * 1024), 1));
  return await client.next();
};

export const RACES: readonly Race[] = [
  { quirk: "keep-alive-short", play: silent, first: "quirky" },
  { quirk: "keep-alive-by-the-second", play: silent, first: "usual" },
  { quirk: "session-ends-late", play: sessionEnds, first: "usual" },
  { quirk: "reads-slowly", play: large, first: "usual" },
];

/** Plays the conversation with both brokers at once, and returns which finishes first. */
export async function winner({ quirk, play }: Race): Promise<"usual" | "quirky"> {
  await using usual = await Broker.start();
  await using quirky = await Broker.start({ quirks: [quirk] });
  const order: ("usual" | "quirky")[] = [];
  await Promise.all([
    play(usual.address.port).then(() => order.push("usual")),
    play(quirky.address.port).then(() => order.push("quirky")),
  ]);
  return order[0] ?? "usual";
}
