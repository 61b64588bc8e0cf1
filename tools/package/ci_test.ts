import assert from "node:assert/strict";
import { parse } from "yaml";
import { missing } from "../../reports/testdata/tool.ts";
import { DENO_VERSION, NPM_NAME } from "./naming.ts";

const ROOT = new URL("../../", import.meta.url);

/** A program `npx` that writes its arguments, one per line, writes a report, and exits with 1. */
const NPX = `#!/bin/sh
printf '%s\\n' "$@" > "$SAID"
mkdir -p "$LEAVES" && echo '# Conformance report' > "$LEAVES/report.md"
exit 1
`;

interface Step {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a CI script with a fake npx. Returns the arguments of npx, and the other results. */
async function played(shell: string, script: string, env: Readonly<Record<string, string>>) {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(`${folder}/dist`);
    await Deno.mkdir(`${folder}/mqtt`);
    // What a shell would find for the glob of suites.
    await Deno.writeTextFile(`${folder}/mqtt/found`, "");
    await Deno.writeTextFile(`${folder}/dist/${NPM_NAME}-0.1.0.tgz`, "");
    await Deno.writeTextFile(`${folder}/npx`, NPX, { mode: 0o755 });
    const { code, stdout, stderr } = await new Deno.Command(shell, {
      args: ["-e", "-c", script],
      cwd: folder,
      clearEnv: true,
      env: {
        PATH: `${folder}:/usr/bin:/bin`,
        SAID: `${folder}/said`,
        LEAVES: `${folder}/results/attest`,
        ATTEST_ACTION: folder,
        GITHUB_OUTPUT: `${folder}/output`,
        GITHUB_STEP_SUMMARY: `${folder}/summary`,
        ...env,
      },
    }).output();
    const read = async (name: string) => await Deno.readTextFile(`${folder}/${name}`).catch(() => "");
    return {
      code,
      folder,
      out: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr),
      words: (await read("said")).trimEnd().split("\n"),
      output: await read("output"),
      summary: await read("summary"),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "the action passes on its inputs unchanged, and the exit status",
  ignore: missing("bash"),
  async fn() {
    const action = parse(await Deno.readTextFile(new URL("action.yml", ROOT)));
    const [make, run]: Step[] = action.runs.steps;
    assert.ok(make && run);
    assert.match(
      make.run,
      new RegExp(`^npx -y deno@${DENO_VERSION.replaceAll(".", "\\.")} task .* package$`),
    );
    // An expression within a script could inject a command into it.
    assert.ok(!make.run.includes("${{") && !run.run.includes("${{"));
    const inputs = Object.keys(run.env).filter((name) => name.startsWith("INPUT_"));
    const named = Object.keys(action.inputs).filter((name) => name !== "working-directory");
    assert.deepEqual(inputs, named.map((name) => `INPUT_${name.toUpperCase().replaceAll("-", "_")}`));

    const given = Object.fromEntries(inputs.map((name) => [name, ""]));
    const { code, folder, words, output, summary, out } = await played("bash", run.run, {
      ...given,
      INPUT_SUITES: "mqtt/* own.yaml",
      INPUT_TARGET: "mosquitto\nmqtt://127.0.0.1:1883",
      INPUT_ARGUMENTS: "--operator\nAda $(id) `id`\n",
      INPUT_ALLOW_RUN: "mybroker",
      INPUT_FORMAT: "html,badge",
      INPUT_OUT: "results/attest",
    });
    assert.deepEqual(words, [
      ...[
        "-y",
        "--package",
        `${folder}/dist/${NPM_NAME}-0.1.0.tgz`,
        "attest",
        "--allow-run=mybroker",
        "conform",
      ],
      ...["mqtt/*", "own.yaml", "--target", "mosquitto", "--target", "mqtt://127.0.0.1:1883"],
      ...["--operator", "Ada $(id) `id`", "--format", "html,badge", "--out", "results/attest"],
    ]);
    assert.equal(code, 1, out);
    assert.match(out, /::error::A case failed/);
    assert.equal(output, `status=1\nfolder=${folder}/results/attest\n`);
    assert.equal(summary, "# Conformance report\n");
  },
});

Deno.test({
  name: "the template for GitLab passes on its variables unchanged, and the exit status",
  ignore: missing("sh"),
  async fn() {
    const template = parse(await Deno.readTextFile(new URL("examples/ci/gitlab-template.yml", ROOT)));
    const { script, variables } = template[".attest"];
    assert.ok(variables.ATTEST_PACKAGE.startsWith(`${NPM_NAME}@`));
    const { code, words } = await played("sh", script[0], {
      ...variables,
      ATTEST_SUITES: "mqtt/* at/*",
      ATTEST_TARGETS: "mosquitto seed",
    });
    assert.equal(code, 1);
    assert.deepEqual(words, [
      ...["-y", "--package", variables.ATTEST_PACKAGE, "attest", "conform", "mqtt/*", "at/*"],
      ...["--target", "mosquitto", "--target", "seed", "--format", variables.ATTEST_FORMATS],
      ...["--out", variables.ATTEST_OUT],
    ]);
  },
});
