import assert from "node:assert/strict";
import { peerNamed, PEERS } from "./peers.ts";
import { type CommandName, type Trial, type TrialOptions, tryOn } from "./trial.ts";

/** The limits of a run, whatever the peer does: resident memory, and the size of a journal of these few cases. */
const MEMORY = 400e6;
const JOURNAL = 8e6;

const hasPython = await new Deno.Command("/usr/bin/python3", {
  args: ["--version"],
  stdout: "null",
  stderr: "null",
}).output().then(() => true, () => false);

/** Runs a command against a peer, in its own folder that is removed afterwards. Returns its reports. */
async function tried(
  name: string,
  command: CommandName,
  options: Partial<TrialOptions> = {},
): Promise<Trial & { readonly texts: ReadonlyMap<string, string> }> {
  const folder = await Deno.makeTempDir({ prefix: "attest-hostile-" });
  try {
    const peer = peerNamed(name);
    const suite = peer.plays === "broker" ? "tools/hostile/cases.yaml" : "at/line";
    const filter = peer.plays === "broker" ? [] : ["--filter", "at/line/error-plain"];
    const trial = await tryOn(peer, command, {
      out: `${folder}/out`,
      args: command === "conform" ? [suite, ...filter] : [],
      // Most end long before that; the others must end by then.
      interruptMs: 6_000,
      killMs: 60_000,
      ...options,
    });
    const texts = await Promise.all(
      trial.files.map(async (file) => [file, await Deno.readTextFile(`${folder}/out/${file}`)] as const),
    );
    return { ...trial, texts: new Map(texts) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Checks the limits of every run, whatever the peer does. */
function assertBounded(trial: Trial): void {
  const said = trial.printed.slice(-2_000);
  assert.ok([0, 1, 3, 130].includes(trial.status), `it exited with ${trial.status}: ${said}`);
  assert.ok(
    trial.peakBytes > 10e6 && trial.peakBytes < MEMORY,
    `${trial.peakBytes} bytes of memory: ${said}`,
  );
  assert.ok(trial.journalBytes > 0 && trial.journalBytes < JOURNAL, `${trial.journalBytes} bytes of journal`);
  assert.deepEqual(trial.files, ["journal.ndjson", "junit.xml", "report.html", "result.json"], said);
  // Only lines.
  assert.doesNotMatch(trial.printed.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
  assert.doesNotMatch(trial.printed, /Uncaught|^\s+at .*\.ts:\d+/m);
}

for (
  const name of ["close-connected", "trickle-connected", "garbage-connected", "retained", "pty-lines"]
) {
  Deno.test(`conform keeps its bounds on a peer that ${peerNamed(name).about}`, async () => {
    const trial = await tried(name, "conform");
    assertBounded(trial);
    assert.ok(trial.status !== 0, "no case passes on such a peer");
  });
}

Deno.test("conform charts a flood of packets up to a bound, and says what it leaves out", async () => {
  const trial = await tried("flood-publish", "conform");
  assertBounded(trial);
  assert.match(
    trial.texts.get("journal.ndjson") ?? "",
    /"direction":"note","text":"\d+ further entries are not charted, with \d+ bytes on the wire"/,
  );
});

Deno.test("conform describes a packet of 256 MB by its type, its topic and its size, and does not store it", async () => {
  const trial = await tried("large", "conform");
  assertBounded(trial);
  const size = 268_435_460;
  assert.ok(
    trial.printed.includes(
      `Unexpected PUBLISH "hostile/large" of ${size} bytes, more than this case has sent`,
    ),
    trial.printed,
  );
});

for (const name of ["flood-publish", "flood-subscribed"]) {
  Deno.test(`load ends by itself on a peer that ${peerNamed(name).about}`, async () => {
    const trial = await tried(name, "load", { interruptMs: 120_000 });
    assertBounded(trial);
    assert.equal(trial.status, 1, trial.printed);
    const { load, reason } = JSON.parse(trial.texts.get("result.json") ?? "");
    assert.equal(reason, undefined);
    assert.ok(load.counts.unexpected > 1_000, "the flood was read");
    assert.ok(load.series.length >= 3, "the workers were heard each second");
  });
}

Deno.test("load ends by Ctrl-C in the middle of a flood, with its reports", async () => {
  const trial = await tried("flood-publish", "load", { args: ["--for", "10m"], interruptMs: 4_000 });
  assertBounded(trial);
  assert.equal(trial.status, 130, trial.printed);
});

Deno.test("load does not hold packets of 256 MB", async () => {
  assertBounded(await tried("large", "load"));
});

for (const name of ["escapes", "escapes-refusing", "serial-escapes", "pty-escapes"]) {
  Deno.test(`no report contains the text of a peer that ${peerNamed(name).about} unchanged`, async () => {
    const trial = await tried(name, "conform");
    assertBounded(trial);
    for (const [file, text] of trial.texts) {
      assert.doesNotMatch(text.replaceAll(/[\n\t]/g, ""), /[\p{Cc}\u202e]/u, file);
      if (file.endsWith("html")) assert.doesNotMatch(text, /<script>hostile/);
      if (file.endsWith("xml")) assert.doesNotMatch(text, /<script|\]\]>(?!<)/);
    }
  });
}

for (const [name, command] of [["escapes", "conform"], ["escapes", "load"]] as const) {
  Deno.test(`${command} draws nothing on a terminal but its own, on a peer that ${peerNamed(name).about}`, {
    ignore: !hasPython,
  }, async () => {
    const { printed, status } = await tried(name, command, { terminal: true });
    assert.ok(status !== 0 && status !== 137, printed);
    // The command's own sequences are for the live line, colours and line ends.
    const own = ["\r\n", "\r\x1b[2K", "\n", ...Array.from({ length: 100 }, (_, code) => `\x1b[${code}m`)];
    const rest = own.reduce((text, one) => text.replaceAll(one, ""), printed);
    assert.doesNotMatch(rest, /[\p{Cc}\p{Cf}]/u);
    assert.ok(printed.includes("\x1b["), "colours or a live line");
  });
}

Deno.test("each hostile peer has a name of its own and says what it does", () => {
  assert.equal(new Set(PEERS.map(({ name }) => name)).size, PEERS.length);
  for (const { name, about } of PEERS) assert.match(`${name} ${about}`, /^[a-z-]+ [a-z].*[^.]$/);
  assert.throws(() => peerNamed("nobody"), /Unknown hostile peer "nobody"; the peers are close, /);
});
