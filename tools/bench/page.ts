/**
 * Measures a report's page in Debian's Chromium: the size of the file, the time until a reader can use it,
 * the memory of the rendering process, the time of a filter and of opening a case, and how many pages ten
 * failures fill in print.
 */
import { Command } from "commander";
import { plainTable } from "../../lib/cli/terminal/plain_table.ts";
import { readJournal } from "../../lib/run/journal.ts";
import { fold, type RunResult } from "../../lib/run/result.ts";
import { renderHtml } from "../../reports/html/page.tsx";
import { Browser } from "../../reports/html/testdata/browser.ts";
import { failingResult, longResult } from "../../reports/testdata/sample.ts";
import { median } from "./median.ts";

/** The limit of each figure, for a run of 6,000 cases. */
const GOALS = { fileMb: 4, memoryMb: 300, filterMs: 100, printed: 4 };
const ROUNDS = 3;
const TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))";

interface Measured {
  readonly name: string;
  readonly cases: number;
  readonly fileMb: number;
  readonly renderMs: number;
  readonly readyMs: number;
  readonly memoryMb: number;
  readonly filterMs: number;
  readonly openMs: number;
}

/** Runs the bench and returns the exit status: 0 if every goal is reached, 1 if not, 2 for a wrong option. */
export async function benchPage(args: readonly string[]): Promise<number> {
  const command = new Command("bench page")
    .description("Measure a report's page in Chromium: file, time until it is ready, memory, filter")
    .argument("[journals...]", "journals of runs to measure beside the made ones of 6,000 and 30,000 cases")
    .exitOverride();
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    return error instanceof Error && Reflect.get(error, "exitCode") === 0 ? 0 : 2;
  }
  const runs: [string, RunResult][] = [];
  for (const path of command.args) {
    try {
      runs.push([path, fold(readJournal(Deno.readFileSync(path)).events)]);
    } catch (error) {
      console.error(
        `error: "${path}" cannot be read as a journal: ${error instanceof Error ? error.message : ""}`,
      );
      return 2;
    }
  }
  runs.push(["made, 6,000", longResult(6_000)], ["made, 30,000", longResult(30_000)]);
  const measured: Measured[] = [];
  for (const [name, result] of runs) measured.push(await measure(name, result));
  const printed = await printedPages(failingResult(10));
  console.log(plainTable(
    ["run", "cases", "file MB", "render ms", "ready ms", "memory MB", "filter ms", "open ms"],
    measured.map((one) => [
      one.name,
      String(one.cases),
      one.fileMb.toFixed(2),
      one.renderMs.toFixed(0),
      one.readyMs.toFixed(0),
      one.memoryMb.toFixed(0),
      one.filterMs.toFixed(0),
      one.openMs.toFixed(0),
    ]),
  ));
  console.log(`ten failures print on ${printed} pages of A4`);
  const missed = measured.filter(({ cases, fileMb, memoryMb, filterMs }) =>
    cases <= 8_000 && (fileMb > GOALS.fileMb || memoryMb > GOALS.memoryMb || filterMs > GOALS.filterMs)
  );
  for (const { name } of missed) {
    console.log(
      `missed: ${name} (at most ${GOALS.fileMb} MB, ${GOALS.memoryMb} MB in memory, ${GOALS.filterMs} ms)`,
    );
  }
  if (printed > GOALS.printed) console.log(`missed: at most ${GOALS.printed} pages`);
  return missed.length === 0 && printed <= GOALS.printed ? 0 : 1;
}

async function measure(name: string, result: RunResult): Promise<Measured> {
  const before = performance.now();
  const html = renderHtml(result);
  const renderMs = performance.now() - before;
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    await using browser = await Browser.start();
    await browser.resize(1280, 900);
    const start = performance.now();
    await browser.open(html);
    await browser.ready();
    await browser.evaluate(TWO_FRAMES);
    const readyMs = performance.now() - start;
    const texts = ["chapter", "case-1", "mqtt qos", "zzz", ""];
    const filters = [];
    for (const text of texts) filters.push(await filterMs(browser, text));
    const openMs = Number(
      await browser.evaluate(`(async () => {
      const from = performance.now();
      document.querySelector("tr.suite .fold[aria-expanded=false]")?.click();
      document.querySelector("tr.case a").click();
      while (document.querySelector("tr.detail") === null) await ${TWO_FRAMES};
      return performance.now() - from;
    })()`),
    );
    const memoryMb = await browser.rendererMemory();
    rounds.push({ readyMs, filterMs: Math.max(...filters), openMs, memoryMb });
  }
  return {
    name,
    cases: result.cases.length,
    fileMb: new TextEncoder().encode(html).length / 1e6,
    renderMs,
    readyMs: median(rounds.map((one) => one.readyMs)),
    memoryMb: median(rounds.map((one) => one.memoryMb)),
    filterMs: median(rounds.map((one) => one.filterMs)),
    openMs: median(rounds.map((one) => one.openMs)),
  };
}

/** Returns the time from the input to the second frame after it, in ms. */
async function filterMs(browser: Browser, text: string): Promise<number> {
  return Number(
    await browser.evaluate(`(async () => {
      const box = document.getElementById("find");
      const from = performance.now();
      box.value = ${JSON.stringify(text)};
      box.dispatchEvent(new Event("input"));
      await ${TWO_FRAMES};
      return performance.now() - from;
    })()`),
  );
}

/** Counts the pages that a run with ten failures fills; Chromium writes each page as an object of that type. */
async function printedPages(result: RunResult): Promise<number> {
  await using browser = await Browser.start();
  await browser.open(renderHtml(result));
  await browser.ready();
  const pdf = new TextDecoder("latin1").decode(await browser.pdf());
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
