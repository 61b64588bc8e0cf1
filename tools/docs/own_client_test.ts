import { equal, match, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);
const FOLDER = new URL("examples/own-client/", ROOT);
const PYTHON = "/usr/bin/python3";

const hasPython = await Deno.stat(PYTHON).then(() => true, () => false);
if (!hasPython) console.warn(`The tutorial for client libraries is not run: it needs ${PYTHON}`);

/** The blocks of the page, in order. */
async function blocks(): Promise<readonly string[]> {
  const page = await Deno.readTextFile(new URL("docs/tutorial-client.md", ROOT));
  return [...page.matchAll(/^```(?:python|yaml)\n(.*?)^```/gms)].map((found) => found[1] ?? "");
}

Deno.test("the tutorial for client libraries shows its files as they are", async () => {
  const shown = await blocks();
  for (const [at, name] of ["tiny.py", "adapter", "tiny.yaml"].entries()) {
    equal(shown[at], await Deno.readTextFile(new URL(name, FOLDER)), name);
  }
});

Deno.test({
  name: "the library of the tutorial passes once it is mended as the page says",
  ignore: !hasPython,
  async fn() {
    const [library = "", adapter = "", target = "", wrong = "", right = ""] = await blocks();
    const folder = await Deno.makeTempDir();
    try {
      const mended = library.replace(wrong, right);
      ok(mended !== library, "the page mends a line that the library does not have");
      await Deno.writeTextFile(`${folder}/tiny.py`, mended);
      await Deno.writeTextFile(`${folder}/adapter`, adapter, { mode: 0o755 });
      await Deno.writeTextFile(
        `${folder}/tiny.yaml`,
        target.replace("examples/own-client/adapter", `${folder}/adapter`),
      );
      const words = [
        "run",
        "-P=conform",
        `--allow-run=deno,${folder}/adapter`,
        "main.ts",
        "conform",
        "client/connect",
      ];
      const { code, stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...words,
          "--filter",
          "client/connect/refused",
          "--target",
          `${folder}/tiny.yaml`,
          "--allow-start",
          `${folder}/adapter`,
          "--out",
          `${folder}/out`,
        ],
        cwd: fileURLToPath(ROOT),
        env: { PYTHONDONTWRITEBYTECODE: "1" },
      }).output();
      match(new TextDecoder().decode(stdout), /5 passed, 0 failed/);
      equal(code, 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
