import assert from "node:assert/strict";
import { ScriptedBroker } from "../../broker/scripted.ts";
import { pause } from "../../ground/wait.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import { describe } from "../../mqtt/describe.ts";
import type { Draft, Packet } from "../../mqtt/packet.ts";
import type { BrokerPlace } from "../plan/plan.ts";
import { readSys, sysDifference } from "./sys_counters.ts";

const NEVER = new AbortController().signal;
const RECEIVED = "$SYS/broker/publish/messages/received";
const SENT = "$SYS/broker/publish/messages/sent";

/** The two messages with which a broker reports its counts; the first ones are retained. */
function told(received: number, sent: number, retain = true): readonly Draft[] {
  return [[RECEIVED, received] as const, [SENT, sent] as const]
    .map(([topic, count]): Draft => ({ type: "PUBLISH", topic, payload: String(count), retain }));
}

/** A broker that the test plays: the nth connection gets the nth list; its retained messages answer SUBSCRIBE. */
class CountingBroker implements AsyncDisposable {
  readonly heard: string[] = [];
  readonly #listener = ScriptedBroker.listen("127.0.0.1");
  readonly #over = new AbortController();
  readonly #serving: Promise<void>;

  constructor(...tells: readonly (readonly Draft[] | "closes")[]) {
    this.#serving = this.#serve(tells);
  }

  get place(): BrokerPlace {
    return {
      address: { kind: "mqtt", host: "127.0.0.1", port: this.#listener.port },
      credentials: { userName: "u", password: "p" },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#serving;
    await this.#listener.close();
  }

  async #serve(tells: readonly (readonly Draft[] | "closes")[]): Promise<void> {
    for (const tell of tells) {
      const transport = await this.#listener.accept(60_000, this.#over.signal);
      if (!transport) return;
      await using link = new MqttLink(transport, { version: "3.1.1" });
      for (;;) {
        const arrival = await link.receive(60_000, this.#over.signal);
        if (arrival?.kind !== "packet") break;
        this.heard.push(describe(arrival.packet));
        if (tell === "closes") break;
        for (const draft of answers(arrival.packet, tell)) {
          // An update comes some time after the retained messages.
          if (draft.type === "PUBLISH" && draft.topic === RECEIVED && !draft.retain) await pause(5);
          await link.send(draft).catch(() => {});
        }
      }
    }
  }
}

function isRetained(draft: Draft): boolean {
  return draft.type === "PUBLISH" && draft.retain === true;
}

function answers(packet: Packet, tell: readonly Draft[]): readonly Draft[] {
  switch (packet.type) {
    case "CONNECT":
      return [{ type: "CONNACK", reason: 0 }];
    case "SUBSCRIBE":
      return [{ type: "SUBACK", packetId: packet.packetId, reasons: [0, 0] }, ...tell.filter(isRetained)];
    case "PINGREQ":
      return [{ type: "PINGRESP" }, ...tell.filter((draft) => !isRetained(draft))];
    default:
      return [];
  }
}

Deno.test("a broker's counts are read from its retained messages, with its credentials", async () => {
  await using broker = new CountingBroker(told(100, 40));
  assert.deepEqual(await readSys(broker.place, NEVER), { received: 100, sent: 40, before: 0, delivered: 2 });
  assert.match(
    broker.heard[0] ?? "",
    /^CONNECT level=4 "attest-sys-\w{8}" clean keepAlive=30 user="u" password$/,
  );
  assert.equal(broker.heard[1], `SUBSCRIBE id=1 "${RECEIVED}" q0 "${SENT}" q0`);
});

Deno.test("a broker that publishes no counts, or no numbers, or closes, has no reading", async () => {
  const retain = true;
  const texts = [RECEIVED, SENT].map((topic) =>
    ({ type: "PUBLISH", topic, payload: "many", retain }) as const
  );
  const other = [{ type: "PUBLISH", topic: "$SYS/broker/uptime", payload: "5", retain }] as const;
  for (const tell of [[], texts, other, "closes"] as const) {
    await using broker = new CountingBroker(tell);
    assert.equal(await readSys(broker.place, NEVER), undefined);
  }
  const gone = new CountingBroker();
  const { place } = gone;
  await gone[Symbol.asyncDispose]();
  assert.equal(await readSys(place, NEVER), undefined);
});

Deno.test("an update is awaited that contains all that was sent", async () => {
  await using broker = new CountingBroker([
    ...told(100, 40),
    ...told(120, 60, false),
    ...told(150, 80, false),
  ]);
  assert.deepEqual(await readSys(broker.place, NEVER, 150), {
    received: 150,
    sent: 80,
    // The message with the first count of an update is sent before the second is made.
    before: 5,
    delivered: 6,
  });
});

Deno.test("the difference leaves out what the broker sent to the readers of its counts", async () => {
  // It sent 2 to the first reader after its counts were made, and 3 to the second one before.
  await using broker = new CountingBroker(told(100, 40), [...told(110, 50), ...told(130, 75, false)]);
  const before = [await readSys(broker.place, NEVER)];
  assert.deepEqual(await sysDifference([broker.place], before, 30, NEVER), { received: 30, sent: 30 });
});

Deno.test("several brokers are added up, and one without counts makes the sum unknown", async () => {
  const last = [...told(10, 5), ...told(14, 12, false)];
  await using one = new CountingBroker(told(10, 5), last, last);
  // It does not count what it sent to its readers.
  await using two = new CountingBroker(told(20, 5), [...told(20, 5), ...told(26, 5, false)]);
  const places = [one.place, two.place];
  const before = [await readSys(one.place, NEVER), await readSys(two.place, NEVER)];
  assert.equal(await sysDifference(places, [before[0], undefined], 10, NEVER), undefined);
  assert.deepEqual(await sysDifference(places, before, 10, NEVER), { received: 10, sent: 2 });
});
