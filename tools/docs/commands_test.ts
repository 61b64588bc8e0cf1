import assert from "node:assert/strict";
import { completedCommands } from "../../lib/cli/completion/completion.ts";
import { ended, pipe, spawned } from "../../lib/cli/test_screen.ts";
import { shellWords } from "../../lib/ground/shell_word.ts";
import { type ShownCommand, shownCommands } from "./commands.ts";
import { documents } from "./documents.ts";

const ROOT = new URL("../../", import.meta.url);

/** Commands that the test runs as written, in page order, with their exit status. */
const RUN: ReadonlyMap<string, number> = new Map([
  ["deno task lint examples/own-suite/hello.yaml examples/own-suite/openings.yaml", 0],
  [
    "deno task conform examples/own-suite/hello.yaml --target reference --protocol 3.1.1 --seed 7 --out results/tutorial",
    0,
  ],
  [
    "deno task conform examples/own-suite/hello.yaml --target examples/own-suite/faulty.yaml --protocol 3.1.1 --out results/tutorial",
    1,
  ],
  [
    "deno task conform examples/own-suite/hello.yaml --target reference --set largest=65536 --out results/tutorial",
    0,
  ],
  ["deno task conform examples/own-suite/hello.yaml --target reference --out results/hello", 0],
  ["deno task report results/tutorial --format markdown,pcapng", 0],
  ["deno task report results/tutorial --case own/hello/greets --format markdown", 0],
  ["deno task report results/tutorial --format site --out results/site", 0],
  [
    "deno run -P=conform --allow-run=deno,examples/own-client/adapter main.ts conform client/connect --filter client/connect/refused --target examples/own-client/tiny.yaml --allow-start examples/own-client/adapter --out results/tiny",
    1,
  ],
  ["deno task conform mqtt/ping --target reference --out results/ping", 0],
  ["deno task conform mqtt/ping --target mosquitto --protocol 5 --dry-run", 0],
  ["deno task conform mqtt --target mosquitto --dry-run", 0],
]);

/** Reasons not to run a command: the first matching pattern counts. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npx -y deno@/, "the whole job or all tests; the continuous integration runs both"],
  [/serial:\/dev|tcp-serial:|lab-module\.yaml|power-cycle/, "needs a module on a line"],
  [/lab\.yaml|lab\.expect\.yaml|mybroker|my-profile\.yaml|hosts\.txt/, "needs a file of the reader's own"],
  [/--target mqtts?:\/\/|--target wss?:\/\/|--target unix:/, "needs a broker at an address"],
  [/^OTEL_DENO=|^ATTEST=\$PWD sbatch|^START=\$\(date/, "needs a service of the reader's own"],
  [/^deno task report (?:--merge )?results\/(?:shard|old)/, "needs the runs of two machines or versions"],
  [/^deno task bench /, "measures for minutes"],
  [/^deno task load /, "loads a broker for its whole time; lib/load tests the profiles"],
  [/^deno task (?:broker|module)\b/, "serves until it is ended; its own tests start it"],
  [
    /--target (?:mosquitto|rabbitmq|ejabberd|aedes|activemq|virtual-module|reference-secured)\b/,
    "takes up to minutes, or a broker that is not everywhere",
  ],
  [
    /^deno task expectations |results\/(?:both|first|again|rabbitmq|office|acceptance)\b/,
    "reads or makes a run that takes minutes or Mosquitto",
  ],
  [
    /^npx (?:-y --package \S+ )?attest |^attest |^deno task package$/,
    "makes or calls the npm package; tools/package/install_test.ts does that",
  ],
  [/^deno install -g /, "installs a command for the user who runs the test"],
  [/^chromium |^jq |^curl /, "another program"],
  [/^deno task conform --out results\/first$/, "the whole job"],
];

/** Returns the commands of README and docs by page. */
async function commandsByPage(): Promise<ReadonlyMap<string, readonly ShownCommand[]>> {
  const urls = [...await documents(ROOT)].sort((a, b) => a.href < b.href ? -1 : 1);
  return new Map(
    await Promise.all(urls.map(async (url) => {
      const page = url.pathname.slice(ROOT.pathname.length);
      return [page, shownCommands(page, await Deno.readTextFile(url))] as const;
    })),
  );
}

async function allCommands(): Promise<readonly ShownCommand[]> {
  return [...(await commandsByPage()).values()].flat();
}

Deno.test("every command of README and docs is run here or named with the reason why not", async () => {
  for (const { page, line, text } of await allCommands()) {
    const known = RUN.has(text) || NOT_RUN.some(([pattern]) => pattern.test(text));
    assert.ok(known, `${page}:${line}: "${text}" is neither run nor named with a reason`);
  }
});

Deno.test("every command of README and docs names a command and options that there are", async () => {
  const commands = await completedCommands(pipe([], []));
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  for (const { page, line, text } of await allCommands()) {
    const words = shellWords(text);
    const at = words.findIndex((word, index) => word === "task" && words[index - 1]?.startsWith("deno"));
    if (at < 0) continue;
    const [name = "", ...args] = words.slice(at + 1);
    assert.ok(Object.hasOwn(config.tasks, name), `${page}:${line}: there is no task "${name}"`);
    const command = commands.find((one) => one.name === name);
    if (!command) continue;
    for (const arg of args.filter((word) => /^--[a-z]/.test(word))) {
      const [flag = ""] = arg.split("=");
      const there = flag === "--help" || command.options.some((option) => option.flag === flag);
      assert.ok(there, `${page}:${line}: ${name} has no option ${flag}`);
    }
  }
});

Deno.test("a command that reads the results of a run comes after the one that creates them", async () => {
  for (const [page, commands] of await commandsByPage()) {
    const made = new Set<string>();
    for (const { line, text } of commands) {
      const out = /--out (results\/[\w-]+)/.exec(text)?.[1];
      const readings = [...text.matchAll(/(?<!--out )\b(results\/[\w-]+)/g)].map((match) => match[1] ?? "");
      for (const read of readings) {
        assert.ok(
          made.has(read) || OTHER_PAGE.has(`${page} ${read}`),
          `${page}:${line}: nothing above makes ${read}`,
        );
      }
      if (out !== undefined) made.add(out);
    }
  }
});

/** Pages that continue with the results of another page, which they name. */
const OTHER_PAGE: ReadonlySet<string> = new Set([
  "docs/how-to/report-again.md results/tutorial",
  "docs/how-to/many-machines.md results/shard-2",
  "docs/how-to/many-machines.md results/whole",
]);

/** Runs a command of a page: a task, or Deno itself. */
async function ran(
  text: string,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const [, kind, name = "", ...args] = shellWords(text);
  if (kind === "run") {
    const command = new Deno.Command(Deno.execPath(), { args: [kind, name, ...args], cwd: ROOT.pathname });
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { status: code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  }
  const permissions = name === "lint" ? "read" : name === "report" ? "report" : "conform";
  return await ended(spawned([name, ...args], { cwd: ROOT.pathname, permissions }));
}

Deno.test("the commands that are quick end as they should", async () => {
  const order = ["docs/tutorial.md", "README.md"];
  const rank = (page: string) => order.includes(page) ? order.indexOf(page) : order.length;
  const shown = (await allCommands()).filter(({ text }) => RUN.has(text)).sort((a, b) =>
    rank(a.page) - rank(b.page)
  );
  assert.ok(
    [...RUN.keys()].every((text) => shown.some((one) => one.text === text)),
    "a command to run stands nowhere",
  );
  for (const { page, line, text } of shown) {
    const said = await ran(text);
    assert.equal(said.status, RUN.get(text), `${page}:${line}: ${text}\n${said.out}${said.err}`);
  }
});

Deno.test("shownCommands() joins lines, and takes only what follows a prompt if there is one", () => {
  const markdown =
    "x\n```sh\n$ a b \\\n  c   # remark\nprinted\n```\n```sh\nd 'e # f' # g\n# h\n```\n```yaml\ni: j\n```\n";
  assert.deepEqual(shownCommands("p.md", markdown).map(({ line, text }) => [line, text]), [[3, "a b c"], [
    8,
    "d 'e # f'",
  ]]);
  assert.deepEqual(shellWords("deno task 'mqtt/*' --x=\"a b\"c"), ["deno", "task", "mqtt/*", "--x=a bc"]);
});
