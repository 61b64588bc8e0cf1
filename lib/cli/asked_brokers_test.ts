import assert from "node:assert/strict";
import { Broker } from "../broker/broker.ts";
import { TestFolder } from "../catalog/test_folder.ts";
import { said } from "./test_screen.ts";

/** The part of result.json that these tests use. */
interface Result {
  readonly targets: readonly {
    readonly supports: readonly string[];
    readonly version?: string;
    readonly claims: readonly {
      readonly protocol: string;
      readonly supports: readonly string[];
      readonly capacities: Readonly<Record<string, string>>;
    }[];
  }[];
  readonly cases: readonly {
    readonly id: string;
    readonly protocol: string;
    readonly verdict: string;
    readonly reason?: string;
    readonly beyond?: string;
  }[];
}

/** Runs suites on a target without known deviations. */
async function run(folder: TestFolder, target: string, ...suites: readonly string[]): Promise<Result> {
  const out = `${folder.path}/out`;
  const options = ["--target", target, "--no-expect", "--out", out, "--format", "json"];
  const { err } = await said("conform", ...suites, ...options);
  assert.equal(err, "");
  return JSON.parse(await Deno.readTextFile(`${out}/result.json`));
}

function failing({ cases }: Result): readonly string[] {
  return cases.filter(({ verdict }) => verdict !== "pass" && verdict !== "skip")
    .map(({ id, protocol, verdict, reason }) => `${id} ${protocol}: ${verdict}, ${reason}`);
}

function beyond({ cases }: Result): ReadonlySet<string | undefined> {
  return new Set(cases.map((one) => one.beyond));
}

Deno.test("a broker that refuses topics over 4,096 bytes fails no case, and those that need more say so", async () => {
  await using broker = await Broker.start({
    alter: {
      refusesTopic: (topic) => topic.length > 4_096 ? "close" : undefined,
      refusesFilter: (filter) => filter.length > 4_096 ? 0x8f : undefined,
    },
  });
  await using folder = new TestFolder();
  const result = await run(
    folder,
    `mqtt://127.0.0.1:${broker.address.port}`,
    ...[
      "mqtt/sizes/topic-of-each-length",
      "mqtt/sizes/subscribe-of-each-length",
      "mqtt/sizes/very-deep-topic",
    ],
    ...[
      "mqtt/qos0/topic-of-any-length",
      "mqtt/wills/topic-of-any-length",
      "mqtt/subscriptions/longest-filter",
    ],
  );
  assert.deepEqual(failing(result), []);
  assert.deepEqual(beyond(result), new Set([undefined, "topicLength"]));
  const reason = "capacity: the target accepts 4096 bytes in a topic, this case needs 16383";
  assert.ok(result.cases.some((one) => one.reason === reason));
  assert.deepEqual(result.targets[0]?.claims.map(({ capacities }) => capacities["topicLength"]), [
    "4096",
    "4096",
    "4096",
  ]);
});

Deno.test("a broker that keeps 16 retained messages fails no case, even if cases run side by side elsewhere", async () => {
  await using broker = await Broker.start({ alter: { mostRetained: () => 16 } });
  await using folder = new TestFolder();
  const address = `mqtt://127.0.0.1:${broker.address.port}`;
  const result = await run(folder, address, "mqtt/retain", "mqtt/retained", "mqtt/grid");
  assert.deepEqual(failing(result), []);
  assert.deepEqual(beyond(result), new Set([undefined, "retainedMessages"]));
});

Deno.test("a broker that loses retained messages silently keeps its claim, and fails", async () => {
  await using broker = await Broker.start({ defects: ["retained-not-kept"] });
  await using folder = new TestFolder();
  const result = await run(folder, `mqtt://127.0.0.1:${broker.address.port}`, "mqtt/grid/retained-1-to-0");
  assert.ok(result.targets[0]?.supports.includes("retained"));
  assert.equal(failing(result).length, 2);
});

const MOSQUITTO = "/usr/sbin/mosquitto";
const installed = await Deno.stat(MOSQUITTO).then(({ isFile }) => isFile, () => false);
if (!installed) console.log(`${MOSQUITTO} is not installed: its tests are skipped`);

/** A target file that starts Mosquitto and claims nothing. */
function mosquitto(folder: TestFolder, ...settings: readonly string[]): string {
  return folder.write(
    "asked.yaml",
    [
      "target: asked",
      "title: Mosquitto, which is probed",
      "tests: broker",
      "start:",
      "  mosquitto:",
      `    settings: { ${settings.join(", ")} }`,
    ].join("\n"),
  );
}

Deno.test(
  "Mosquitto in its default configuration is probed for what it supports",
  { ignore: !installed },
  async () => {
    await using folder = new TestFolder();
    const suites = ["mqtt/grid", "mqtt/order", "mqtt/cuts/three*", "mqtt/generated"];
    const result = await run(folder, mosquitto(folder), ...suites);
    assert.deepEqual(failing(result), []);
    const [target] = result.targets;
    assert.match(target?.version ?? "", /^mosquitto version /);
    assert.ok(target?.supports.includes("several-in-flight"));
    const five = target?.claims.find(({ protocol }) => protocol === "5.0");
    assert.deepEqual([five?.capacities["inFlight"], five?.capacities["receiveMaximum"]], ["20", "20"]);
  },
);

Deno.test("Mosquitto with limits is sent nothing that it forbids", { ignore: !installed }, async () => {
  await using folder = new TestFolder();
  const file = mosquitto(folder, "max_qos: 1", "retain_available: false", "max_packet_size: 20000");
  const suites = [
    "mqtt/grid",
    "mqtt/sizes",
    "mqtt/qos0/payload-sizes",
    "mqtt/retained",
    "mqtt/connect-fields/*",
  ];
  const result = await run(folder, file, ...suites, "mqtt/wills/retained-at-qos");
  // It has its own answer to a wrong CONNECT, with and without limits.
  const own = /connect-fields\/(?!flags-without|sizes-of|everything)/;
  assert.deepEqual(failing(result).filter((one) => !own.test(one)), []);
  const skipped = (protocol: string, reason: RegExp) =>
    result.cases.filter((one) => one.protocol === protocol && reason.test(one.reason ?? "")).length;
  for (const protocol of PROTOCOLS) {
    assert.ok(skipped(protocol, /does not claim "qos2"/) > 10);
    assert.ok(skipped(protocol, /does not claim "retained"/) > 10);
    assert.ok(
      skipped(protocol, /^capacity: the target accepts 2000\d bytes in a packet, /) > 0,
    );
  }
});

const PROTOCOLS = ["3.1", "3.1.1", "5.0"];
