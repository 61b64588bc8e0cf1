import assert from "node:assert/strict";
import { TestFolder } from "../../catalog/test_folder.ts";
import { COMMANDS } from "../command_table.ts";
import { pipe, said } from "../test_screen.ts";
import { SHELLS } from "./completion.ts";

/** Calls the function that is registered for the first word, as bash does, and prints what it offers. */
const OFFERS = `
offers() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
  $(complete -p "$1" | sed -n 's/.*-F \\([^ ]*\\).*/\\1/p')
  echo "\${COMPREPLY[*]}"
}
`;

/** What bash prints with the completions loaded. */
async function bash(folder: TestFolder, text: string, before = ""): Promise<readonly string[]> {
  const { out } = await said("completions", "bash");
  const script = folder.write("attest.bash", out);
  const main = folder.write("main.bash", `${before}\nsource '${script}'\n${OFFERS}\n${text}\n`);
  const command = new Deno.Command("bash", { args: ["--norc", main], cwd: folder.path });
  const { code, stdout, stderr } = await command.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(code, 0);
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

Deno.test("bash completes commands, options, their values, and the names that ship", async () => {
  await using folder = new TestFolder();
  folder.write("mine.yaml", "");
  const tried: readonly (readonly [line: string, offered: string])[] = [
    ["attest co", "conform completions"],
    ["attest help pro", "prove probe"],
    ["attest conform --targ", "--target"],
    ["attest conform --target mosquitto-w", "mosquitto-ws mosquitto-wss"],
    ["attest conform --target = rabbit", "rabbitmq"],
    ["attest conform --target mi", "mine.yaml"],
    ["attest conform --protocol ''", "3.1 3.1.1 5.0 3 4 5"],
    ["attest conform --level ''", "must should may"],
    ["attest conform --format html,ju", "html,junit"],
    ["attest conform --jobs ''", ""],
    ["attest conform mqtt/qos", "mqtt/qos0 mqtt/qos1 mqtt/qos2"],
    ["attest conform mqtt/ping --dry", "--dry-run"],
    ["attest load fan-in", "fan-in-basic fan-in-enterprise"],
    ["attest list --pro", "--profiles"],
    ["attest module --variant ''", "seed ec616s qmt esp simcom"],
    ["attest broker --defect puback-for-", "puback-for-qos2"],
    ["attest report mi", "mine.yaml"],
    ["attest completions ''", "bash zsh fish"],
    ["attest nonsense x", ""],
    ["deno task load fan-in", "fan-in-basic fan-in-enterprise"],
    ["deno task conf", "conform"],
    ["deno run x", ""],
  ];
  const offered = await bash(
    folder,
    `${tried.map(([line]) => `echo "$(offers ${line})"`).join("\n")}\necho end`,
  );
  assert.deepEqual(offered, [...tried.map(([, words]) => words), "end"]);
});

Deno.test("the earlier completions of deno still serve it, even if the script is read twice", async () => {
  await using folder = new TestFolder();
  const before = "_deno() { COMPREPLY=(before); }\ncomplete -F _deno deno";
  const text = `source ${folder.path}/attest.bash\noffers deno task conf\noffers deno task load fan-out-b`;
  assert.deepEqual(await bash(folder, text, before), ["before", "fan-out-basic"]);
});

for (const shell of SHELLS) {
  Deno.test(`the completions for ${shell} name every command and option, and ${shell} accepts their syntax`, async () => {
    const { status, out } = await said("completions", shell);
    assert.equal(status, 0);
    for (const { name, load } of COMMANDS) {
      const command = await load(pipe([], []), () => {});
      for (const { long } of command.options) {
        const written = shell === "fish" ? ` -l ${long?.slice(2)} ` : `${long}`;
        assert.ok(out.includes(written), `${name} ${long}`);
      }
      assert.ok(out.includes(name), name);
    }
    await using folder = new TestFolder();
    assert.equal(await syntaxStatus(shell, folder.write("script", out)), 0);
  });
}

/** The exit status of a shell that only reads a script; 0 if it is not installed, which is printed. */
async function syntaxStatus(shell: string, script: string): Promise<number> {
  try {
    return (await new Deno.Command(shell, { args: ["-n", script] }).output()).code;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`${shell} is not installed: its syntax is not checked`);
    return 0;
  }
}
