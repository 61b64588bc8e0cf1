import assert from "node:assert/strict";
import fc from "fast-check";
import { StartedProcess } from "../process.ts";
import type { ProcessStart } from "../process_form.ts";
import { loadTarget } from "../target_file.ts";
import { SETTINGS } from "./settings.ts";

const HEAD = "target: demo\ntitle: Demo\ntests: broker\n";

/** Reads a target file that starts Mosquitto; the argument is the value of `mosquitto:`. */
function read(mosquitto: unknown): { readonly start?: ProcessStart; readonly problems: readonly string[] } {
  const text = `${HEAD}start: ${JSON.stringify({ mosquitto })}\n`;
  const { target, problems } = loadTarget(text, "t.yaml");
  const told = problems.map(({ message, hint }) => `${message}: ${hint}`);
  return target?.start?.kind === "process" ? { start: target.start, problems: told } : { problems: told };
}

function configOf(mosquitto: unknown): readonly string[] {
  const { start, problems } = read(mosquitto);
  assert.deepEqual(problems, []);
  return start?.config?.trimEnd().split("\n") ?? assert.fail();
}

Deno.test("the configuration has the settings of the file, and the required listeners", () => {
  assert.deepEqual(
    configOf({
      websocket: true,
      settings: { persistence: true, log_dest: "file", max_qos: 1, allow_anonymous: false },
    }),
    [
      "user root",
      "persistence_location {folder}/",
      "allow_anonymous false",
      "log_dest file {folder}/mosquitto.log",
      "persistence true",
      "listener {port} 127.0.0.1",
      "max_qos 1",
      "listener {port.ws} 127.0.0.1",
      "protocol websockets",
      "max_qos 1",
    ],
  );
  assert.deepEqual(configOf({ over: "wss", settings: { require_certificate: true } }), [
    "user root",
    "allow_anonymous true",
    "listener {port.plain} 127.0.0.1",
    "listener {port} 127.0.0.1",
    "protocol websockets",
    "certfile {folder}/server.pem",
    "keyfile {folder}/server.key",
    "cafile {folder}/ca.pem",
    "require_certificate true",
  ]);
  assert.deepEqual(
    configOf({ over: "unix", files: { acl: "topic read #" }, settings: { acl_file: "acl" } }),
    [
      "user root",
      "allow_anonymous true",
      "acl_file {folder}/acl",
      "listener 0 {folder}/broker.sock",
    ],
  );
});

Deno.test("contradictions are reported", () => {
  assert.deepEqual(read({ over: "ws", websocket: true }).problems, [
    "a Mosquitto over ws that also accepts WebSocket: write over: mqtt",
  ]);
  assert.deepEqual(read({ settings: { require_certificate: true } }).problems, [
    "a certificate is required over mqtt: write over: mqtts or over: wss",
  ]);
  assert.deepEqual(read({ settings: { max_inflight_mesages: 1 } }).problems, [
    'unknown key "max_inflight_mesages" in the settings of Mosquitto: did you mean max_inflight_messages?',
  ]);
});

Deno.test("every setting is in the reference", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/reference/target-file.md", import.meta.url));
  const missing = SETTINGS.filter(({ name, about }) => !page.includes(`| \`${name}\` | ${about} |`));
  assert.deepEqual(missing.map(({ name }) => name), []);
});

Deno.test("any value makes one line, of its own setting, without a path outside the folder", () => {
  const settings = fc.constantFrom(...SETTINGS.map(({ name }) => name));
  const nasty = fc.constantFrom(
    "1\nplugin x",
    "true\rplugin x",
    "a\u2028plugin x",
    "../x",
    "/etc/shadow",
    "x/../../y",
  );
  fc.assert(
    fc.property(settings, fc.oneof(fc.string(), fc.string({ unit: "binary" }), nasty), (name, value) => {
      const files = { [/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value) ? value : "none"]: "text" };
      const { start } = read({ files, settings: { [name]: value } });
      if (!start) return;
      const added = (start.config ?? "").split("\n").filter((line) => line.startsWith(`${name} `));
      assert.equal(added.length, 1);
      const rest = added[0]?.slice(name.length + 1) ?? "";
      assert.match(rest, /^(file \{folder\}\/mosquitto\.log|(\{folder\}\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*)$/);
      const others = (start.config ?? "").split("\n").filter((line) => !line.startsWith(`${name} `));
      const own = [
        "user root",
        "allow_anonymous true",
        "listener {port} 127.0.0.1",
        "persistence_location {folder}/",
        "",
      ];
      assert.deepEqual(others.filter((line) => !own.includes(line)), []);
    }),
  );
});

/** A value for each setting whose default does not suffice. */
const VALUES: Readonly<Record<string, unknown>> = {
  acl_file: "acl",
  password_file: "passwords",
  auto_id_prefix: "auto-",
  clientid_prefixes: "attest",
  log_dest: "file",
  log_type: "error",
  max_connections: -1,
  memory_limit: 500_000_000,
  max_qos: 2,
  max_packet_size: 1_000_000,
  persistent_client_expiration: "14d",
};
const FLAG =
  /^(allow_|autosave_on|check_|connection_m|log_timestamp|persistence|queue_qos0|require_|retain_|set_|upgrade_)/;

const installed = await Deno.stat("/usr/sbin/mosquitto").then(() => true, () => false);
if (!installed) console.log('"/usr/sbin/mosquitto" is not installed: its test is skipped');

Deno.test({ name: "Mosquitto knows every setting that a file may give", ignore: !installed }, async () => {
  const settings = Object.fromEntries(
    SETTINGS.map(({ name }) => [name, VALUES[name] ?? (FLAG.test(name) ? true : 1_000)]),
  );
  const files = { acl: "topic readwrite #\n", passwords: "\n" };
  const { start, problems } = read({ over: "mqtts", files, settings });
  assert.deepEqual(problems, []);
  assert.ok(start);
  await using process = await StartedProcess.start("demo", start, new AbortController().signal);
  assert.equal(process.running, true);
});
