import { casesOf } from "../../../../lib/cli/record/result_file.ts";
import { differences } from "../../../compare/verdicts.ts";
import { reportCommand } from "../../../../lib/cli/commands/report.ts";
import { readRunFile } from "../../../../lib/cli/record/journal_file.ts";
import type { Screen } from "../../../../lib/cli/terminal/screen.ts";
import { FORMAT_NAMES } from "../../../../reports/format_name.ts";
import { caseMarkdown } from "../../../../reports/mod.ts";
import { sampleResult } from "../../../../reports/testdata/sample.ts";
import { readAccess } from "../../../../lib/target/access.ts";
import type { TargetFile } from "../../../../lib/target/target_file.ts";
import { shard } from "../sample.ts";
import { dirname } from "node:path";

/** Renders a journal in every format, as text, and compared with another run. */
export async function feedJournal(path: string): Promise<void> {
  const out = `${dirname(path)}/reports`;
  await report(path, "--out", out, "--format", FORMAT_NAMES.join(","));
  const run = await readRunFile(path);
  const [first] = run?.result.cases ?? [];
  if (run && first) {
    caseMarkdown(first, run.result);
    await report(path, "--case", first.id);
  }
  const other = new URL("../../../../reports/testdata/sample.ndjson", import.meta.url).pathname;
  if (!run?.result.load) await report(path, other);
  else await report(path, path, "--out", out);
}

/** Merges two shards, the first of which is the input. */
export async function feedShards(path: string): Promise<void> {
  const second = `${dirname(path)}/second.ndjson`;
  await Deno.writeTextFile(second, shard(2).text);
  const out = `${dirname(path)}/merged`;
  await report(path, second, "--merge", "--out", out, "--format", "html,json");
}

/** Reads a result as `deno task compare` does. */
export async function feedResult(path: string): Promise<void> {
  const cases = await casesOf(path);
  differences(cases, sampleResult().cases);
}

/** Reads a password and certificates as a target does. */
export async function feedSecret(path: string): Promise<void> {
  const place = { file: path, line: 1, column: 1, length: 1 };
  const secret = { from: "file", path, place } as const;
  const file: TargetFile = {
    name: "secret",
    title: "secret",
    tests: "broker",
    protocols: ["5.0"],
    supports: [],
    values: new Map(),
    credentials: { userName: secret, password: secret },
  };
  await readAccess(file, (text) => text);
  await readAccess({ ...file, tls: { ca: path, certificate: path, key: path } }, (text) => text);
}

const NOWHERE: Screen = {
  live: false,
  columns: 100,
  draw: () => {},
  print: () => {},
  complain: () => {},
  paint: (_, text) => text,
};

async function report(...args: readonly string[]): Promise<void> {
  await reportCommand(NOWHERE, () => {}).parseAsync([...args], { from: "user" });
}
