/** A command that works as written in the project's folder, and what it does. */
export type Example = readonly [command: string, does: string];

/** The examples at the top of each command's help, by the command's name; those of attest itself are under "". */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  "": [
    ["deno task conform", "all suites on attest's own broker and module"],
    ["deno task conform --target mosquitto", "all broker suites on Mosquitto"],
    ["deno task load fan-out-basic", "a load on attest's own broker"],
    ["deno task conform --help", "the examples and options of one command"],
  ],
  conform: [
    ["deno task conform", "all suites on attest's own broker and module"],
    [
      "deno task conform mqtt/qos2 --target mosquitto",
      "one suite on Mosquitto, which attest starts and stops",
    ],
    ["deno task conform --target mqtt://127.0.0.1:1883", 'a running broker; "deno task broker" serves one'],
    ["deno task conform mqtt --protocol 5 --dry-run", "show what would run in MQTT 5.0, but run nothing"],
    ["deno task conform mqtt/ping --out results/ping", "write the results to results/ping"],
    ["deno task conform --rerun-failed results/ping", "run again what did not pass there"],
  ],
  load: [
    ["deno task load fan-out-basic", "on attest's own broker, in a separate process"],
    ["deno task load qos-mix --set pairs=5 --set seconds=3s", "the profile with other values"],
    ["deno task load soak --target mosquitto --for 1m", "with a last stage of a minute"],
    ["deno task list --profiles", "the profiles that ship"],
  ],
  prove: [
    ["deno task prove mqtt/ping/answered --defect pingresp-doubled", "whether a case notices a defect"],
    ["deno task prove --recorded", "whether all recorded pairs of defect and case still hold"],
    ["deno task prove mqtt/ping --quirks --recorded", "whether an unusual but conforming broker passes"],
  ],
  probe: [
    ["deno task probe --target mosquitto", "a broker that attest starts"],
    ["deno task probe --target mqtt://127.0.0.1:1883", 'a running broker; "deno task broker" serves one'],
  ],
  list: [
    ["deno task list mqtt/qos2", "the cases of one suite"],
    ["deno task list 'at/*' --filter ECMT-PUB", "the module cases about some clauses"],
    ["deno task list --targets", "the targets that ship; also --profiles, --dialects"],
    ["deno task list --clauses", "all clauses, each with its cases"],
  ],
  lint: [
    ["deno task lint", "all files that ship"],
    ["deno task lint examples/own-suite/hello.yaml", "one file; its first key gives its kind"],
  ],
  report: [
    ["deno task conform mqtt/ping --out results/ping", "a run to render"],
    ["deno task report results/ping --format markdown", "in another format"],
    ["deno task report results/ping --case mqtt/ping/answered", "one case"],
    ["deno task report results/ping results/ping", "how two runs differ"],
  ],
  broker: [
    ["deno task broker", "on 127.0.0.1:1883, until Ctrl-C"],
    ["deno task broker --port 0 --ws 0", "on free ports, with WebSocket"],
    ["deno task broker --defect puback-lost", "with a defect; --defects lists them"],
  ],
  module: [
    ["deno task module", "on a pty, whose name it prints, until Ctrl-C"],
    ["deno task module --tcp 4001", "for --target tcp-serial://127.0.0.1:4001"],
    ["deno task module --variant qmt", "with Quectel's commands"],
  ],
  ports: [["deno task ports", "the paths to write after serial:"]],
  completions: [
    ["deno task --quiet completions bash", "for bash: source <(deno task --quiet completions bash)"],
    ["deno task --quiet completions zsh", "for zsh: source <(deno task --quiet completions zsh)"],
    ["deno task --quiet completions fish", "for fish: deno task --quiet completions fish | source"],
  ],
  schema: [["deno task schema", "write the files in docs/schema"]],
};

/** The part of a help text that shows the examples of a command; empty if it has none. */
export function examplesText(command: string): string {
  const examples = Object.hasOwn(EXAMPLES, command) ? EXAMPLES[command] ?? [] : [];
  if (examples.length === 0) return "";
  const width = Math.max(...examples.map(([text]) => text.length));
  return `Examples:\n${examples.map(([text, does]) => `  ${text.padEnd(width)}  ${does}\n`).join("")}\n`;
}
