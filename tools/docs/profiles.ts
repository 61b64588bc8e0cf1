import { loadProfile } from "../../lib/load/profile/load_profile.ts";
import type { Group } from "../../lib/load/profile/group.ts";
import type { DirectionPlan, Profile } from "../../lib/load/profile/profile.ts";
import type { Template } from "../../lib/load/profile/template.ts";
import { readYaml } from "../../lib/spec/yaml.ts";
import { paragraph, table } from "./markdown.ts";

const FOLDER = new URL("../../suites/load/", import.meta.url);

/** The additional options in the example of a profile that shows more the longer it runs. */
const FOR_HOURS: ReadonlyMap<string, string> = new Map([["soak", " --set settle=5m --set seconds=2h"]]);

/** The commands of profiles that need a target of another kind than a plain broker. */
const COMMANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["fleet-telemetry", [
    "deno task load fleet-telemetry --target mosquitto-tls              # certificates are issued for each device",
    "deno task load fleet-telemetry --set certificates=false            # against the reference broker, without TLS",
  ]],
  ["regional-failover", [
    "deno task load regional-failover --target mosquitto --target mosquitto-default",
    "deno task load regional-failover --target mqtt://10.0.0.1:1883 --target mqtt://10.0.0.2:1883",
  ]],
]);

/** A shipped profile as its file has it. */
interface Shipped {
  readonly name: string;
  readonly profile: Profile;
  readonly values: readonly (readonly [name: string, value: string])[];
}

/** Returns the shipped profiles by name. Throws Error for one with mistakes. */
export function shippedProfiles(): readonly Shipped[] {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".yaml"))
    .sort();
  return names.map((file) => {
    const text = Deno.readTextFileSync(new URL(file, FOLDER));
    const { profile, problems } = loadProfile(text, `suites/load/${file}`);
    if (!profile) throw new Error(`suites/load/${file}: ${problems[0]?.message}`);
    return { name: file.slice(0, -".yaml".length), profile, values: valuesOf(text) };
  });
}

function valuesOf(text: string): Shipped["values"] {
  const { root } = readYaml(text, "profile");
  const values = root?.kind === "map" ? root.entries.find(({ key }) => key === "values")?.value : undefined;
  if (values?.kind !== "map") return [];
  return values.entries.map(({ key, value }) => [key, value.kind === "scalar" ? value.source : ""] as const);
}

/** The page of one profile: what it shows, its clients, its thresholds, and its settings. */
export function profilePage({ name, profile, values }: Shipped): string {
  const [first] = values;
  const seconds = profile.stages.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const set = FOR_HOURS.get(name) ?? (first ? ` --set ${first[0]}=${first[1]}` : "");
  return [
    `# ${name}`,
    "",
    paragraph(`${profile.title}.`),
    "",
    paragraph(profile.about.trim()),
    "",
    "```sh",
    ...COMMANDS.get(name) ?? (profile.module
      ? [
        `deno task load ${name}                                    # against the virtual module`,
        `deno task load ${name} --target 'serial:/dev/ttyUSB0?baud=115200' --for 2h`,
      ]
      : [
        `deno task load ${name}                                    # against the reference broker`,
        `deno task load ${name} --target mqtt://127.0.0.1:1883${set}`,
      ]),
    "```",
    "",
    paragraph(
      `MQTT ${profile.protocol}, ${
        profile.module ? "one module" : `${clientsOf(profile)} clients`
      }, ${seconds} s as it ships` +
        (profile.warmUpMs > 0
          ? `, including a warm-up of ${profile.warmUpMs / 1000} s that is not measured`
          : "") +
        ".",
    ),
    "",
    "## Clients",
    "",
    ...profile.module ? [driving(profile.module)] : [table(
      ["group", "clients", "does"],
      profile.groups.map((group) => [group.name, String(group.clients), doing(group)]),
    )],
    "",
    "## Thresholds",
    "",
    ...profile.thresholds.map(({ expression }) => `- \`${expression}\``),
    "",
    paragraph(
      "In addition, attest checks for every message what QoS and session promise, and that the sums add up.",
    ),
    "",
    "## Values",
    "",
    table(["--set", "default"], values),
    "",
    `The file is [suites/load/${name}.yaml](../../suites/load/${name}.yaml).`,
    "",
  ].join("\n");
}

/** The list of all shipped profiles. */
export function profilesPage(): string {
  const rows = shippedProfiles().map(({ name, profile }) => `| [${name}](${name}.md) | ${profile.title} |`);
  return [
    "# The shipped load profiles",
    "",
    paragraph(
      "Each profile is sized for two cores that also run the broker. Raise the values with --set; attest checks before a " +
        "run how much the machine can carry.",
    ),
    "",
    "| profile | title |",
    "|---|---|",
    ...rows,
    "",
    paragraph(
      "The eight profiles of connection, fan-out, point-to-point and fan-in are the basic and enterprise use cases of the " +
        "Open MQTT Benchmark Suite, with its names, QoS, payloads and rates per client. Only the title page of ETSI TS " +
        "103 597-3 (performance tests of MQTT) is public, so none of its tests is here.",
    ),
    "",
    paragraph(
      "A median of 10 to 40 ms on an idle machine comes from Nagle's algorithm in the broker, which holds a packet back " +
        "until the previous one is acknowledged. Mosquitto uses it unless its configuration says `set_tcp_nodelay true`, as " +
        "that of the target `mosquitto` does.",
    ),
    "",
  ].join("\n");
}

function clientsOf(profile: Profile): number {
  return profile.groups.reduce((sum, { clients }) => sum + clients, 0);
}

/** Describes what a module is driven with, and how to read the measurements. */
function driving({ publish, deliver }: NonNullable<Profile["module"]>): string {
  const flow = ({ rate, qos, size }: DirectionPlan) =>
    `${rate} messages/s of ${size} bytes, ${qos.length === 1 ? "at QoS" : "in turn at QoS"} ${
      qos.join(", ")
    }`;
  const rows = [
    ...publish ? [["the host makes the module publish", flow(publish), "the broker"]] : [],
    ...deliver ? [["the broker sends to the module", flow(deliver), "the host, on the serial line"]] : [],
  ];
  return [
    paragraph(
      `attest plays both the host, which types the commands of the module's dialect, and the broker; the module is between
      them. Before the run the host types ATE0, AT+CMEE=1 and the setup of the target file.`,
    ),
    "",
    table(["from", "what", "must arrive at"], rows),
    "",
    paragraph(
      `Counts and times cover both directions together. A message is acknowledged by the module's own result line, or by
      its PUBACK or PUBCOMP; at QoS 0 it is unconfirmed. \`latency\` is the time from the scheduled moment to the arrival
      at the other side; \`puback\` and \`pubcomp\` are the times to the acknowledgement at QoS 1 and 2. The host types one
      command at a time. Messages scheduled meanwhile wait, and are timed from their scheduled moment. Commands that were
      refused or not answered count as failed and unanswered, with the module's answer (\`+CME ERROR: 3\`) among the
      reasons. A lost connection counts as disconnected. The module has 15 s to come back by itself; then the host opens
      the connection again.`,
    ),
  ].join("\n");
}

/** Describes in a line what the clients of a group do. */
function doing(group: Group): string {
  const parts: string[] = [];
  const { publish, churn, will } = group;
  if (group.subscribe.length > 0) {
    const filters = group.subscribe.map(({ filter, qos }) => `${textOf(filter)} at QoS ${qos}`).join(", ");
    parts.push(`subscribes to ${filters}`);
  }
  if (publish) {
    const rate = publish.rate === undefined ? "" : `, ${publish.rate} messages/s in all`;
    const retained = publish.retain ? ", retained" : "";
    parts.push(
      `publishes to ${textOf(publish.topic)} at QoS ${publish.qos}${retained}${sizes(group)}${rate}`,
    );
  }
  if (will) parts.push(`has a will at ${textOf(will.topic)}, QoS ${will.qos}`);
  if (churn) parts.push(`${churn.what === "connection" ? "reconnects" : "subscribes again"} all the time`);
  if (group.readPauseMs > 0) parts.push(`pauses ${group.readPauseMs} ms after each read`);
  if (!group.cleanSession) parts.push("keeps its session");
  for (const { fromMs, untilMs, leave } of group.online) {
    if (fromMs === 0 && untilMs === undefined) continue;
    const until = untilMs === undefined
      ? "to the end"
      : `to ${untilMs / 1000} s, when it ${leave === "cut" ? "is cut" : "leaves"}`;
    parts.push(`online from ${fromMs / 1000} s ${until}`);
  }
  if (parts.length === 0) parts.push(`holds its connection, keep-alive ${group.keepAlive} s`);
  return parts.join("; ");
}

function sizes({ publish }: Group): string {
  if (publish?.payload.kind !== "bytes") return "";
  const all = publish.payload.sizes.map(({ size }) => size);
  return `, ${all.length === 1 ? all[0] : `${Math.min(...all)} to ${Math.max(...all)}`} bytes`;
}

function textOf(template: Template): string {
  return template.map((part) => typeof part === "string" ? part : "word" in part ? `$${part.word}` : "…")
    .join("");
}
