import assert from "node:assert/strict";
import { playStep } from "./play.ts";
import { TestCase } from "./test_case.ts";

const HOME = new URL("../../", import.meta.url);

/** A verb's form, and a player that counts how often it ran. */
const SAYS = `import { mapForm } from "../../spec/form_parts.ts";
import { text } from "../../spec/form.ts";
import type { StepBase, Verb } from "./verb.ts";

export interface RememberStep extends StepBase {
  readonly kind: "remember";
  readonly name: string;
}

export const remember: Verb<RememberStep> = {
  kind: "remember",
  about: "remembers a name",
  written: [["remember: name"]],
  form: () => mapForm(text(), (name) => ({ name })),
  map: (step) => step,
};
`;
const DOES = `import type { RememberStep } from "../../suite/step/remember.ts";
import type { Player } from "../player.ts";

export const remember: Player<RememberStep> = ({ name }, { context }) =>
  void context.scope.set("remembered", name);
`;
const RUN = `import { loadSuite } from "./suite/file/load.ts";
import { Scope } from "./spec/scope.ts";
import { CaseTime } from "./play/case_time.ts";
import { ChartRecorder } from "./play/chart_recorder.ts";
import { playStep } from "./play/play.ts";
import { suiteJsonSchema } from "./suite/file/schema.ts";

const { suite, problems } = loadSuite(
  'suite: own/x\\ntitle: X\\nprotocols: ["5.0"]\\ncases:\\n' +
    "  - { case: one, purpose: it MUST, steps: [remember: hello] }\\n",
  "own.yaml",
);
const scope = new Scope();
const context = {
  id: "own/x/one", seed: 1, protocol: "5.0", caseId: "1", topic: "t", scope,
  recorder: new ChartRecorder(undefined, () => 0, 1), signal: new AbortController().signal,
  time: new CaseTime({ limitMs: Infinity, withinMs: 1 }),
};
for (const step of suite?.cases[0]?.steps ?? []) {
  await playStep(step, { context, party: () => { throw new Error("no lane"); } });
}
console.log(JSON.stringify({
  problems: problems.length,
  remembered: scope.get("remembered"),
  inSchema: JSON.stringify(suiteJsonSchema()).includes("remembers a name"),
}));
`;

Deno.test("a verb is added by two files and a line in each table, and the compiler asks for both", async () => {
  const home = await Deno.makeTempDir({ prefix: "attest-verb-" });
  try {
    await copySources("lib", home);
    for (const file of ["deno.json", "deno.lock"]) {
      await Deno.copyFile(new URL(file, HOME), `${home}/${file}`);
    }
    await Deno.mkdir(`${home}/tools/lint`, { recursive: true });
    await Deno.writeTextFile(`${home}/lib/run_it.ts`, RUN);
    await Deno.writeTextFile(`${home}/lib/suite/step/remember.ts`, SAYS);
    await append(`${home}/lib/suite/step/verbs.ts`, 'export { remember } from "./remember.ts";\n');
    const half = await deno(home, "check", "--quiet", "lib/play/play.ts");
    assert.equal(half.code, 1);
    assert.match(half.err, /Property 'remember' is missing/);

    await Deno.writeTextFile(`${home}/lib/play/step/remember.ts`, DOES);
    await append(`${home}/lib/play/step/players.ts`, 'export { remember } from "./remember.ts";\n');
    const whole = await deno(home, "check", "--quiet", "lib/play/play.ts");
    assert.equal(whole.code, 0, whole.err);
    const run = await deno(home, "run", "--quiet", "--allow-env=LOG_TOKENS,LOG_STREAM", "lib/run_it.ts");
    assert.equal(run.code, 0, run.err);
    assert.deepEqual(JSON.parse(run.out), { problems: 0, remembered: { data: "hello" }, inSchema: true });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("a step of no verb is a fault of who made it", async () => {
  const place = { file: "", line: 1, column: 1, length: 1 };
  const { context } = new TestCase();
  await assert.rejects(
    playStep({ kind: "juggle", source: "juggle: 3", place }, { context, party: () => assert.fail("a lane") }),
    /^TypeError: unknown verb "juggle"$/,
  );
});

async function append(file: string, text: string): Promise<void> {
  await Deno.writeTextFile(file, text, { append: true });
}

async function copySources(folder: string, home: string): Promise<void> {
  await Deno.mkdir(`${home}/${folder}`, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, HOME))) {
    if (isDirectory && name !== "testdata") await copySources(`${folder}/${name}`, home);
    if (/\.(ts|json)$/.test(name) && !name.endsWith("_test.ts")) {
      await Deno.copyFile(new URL(`${folder}/${name}`, HOME), `${home}/${folder}/${name}`);
    }
  }
}

async function deno(cwd: string, ...args: readonly string[]) {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd, env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}
