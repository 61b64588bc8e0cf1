import { renderToString } from "preact-render-to-string";
import uplotCss from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplot from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import type { LoadResult } from "../../lib/run/load_result.ts";
import { type Metric, METRICS } from "../../lib/run/metrics.ts";
import { htmlDocument, scriptJson } from "../html/document.tsx";
import pageCss from "../html/page.css" with { type: "text" };
import { visible } from "../../lib/ground/text.ts";
import { chartRun, TIMED } from "./chart_data.ts";
import script from "./charts.js" with { type: "text" };
import { compareLoads, type LoadSet } from "./comparison.ts";
import { Compared } from "./compared.tsx";
import { panelsOf } from "./panels.ts";
import { headlineOf, Verdicts } from "./verdicts.tsx";
import type { LoadRun, NamedLoad } from "./load_run.ts";
import loadCss from "./load.css" with { type: "text" };
import { Counted, Environment, Evidence, ProfileText, Timings, Trials } from "./measured.tsx";

const css = [pageCss, uplotCss, loadCss].join("");

/** How many runs a chart can show with distinguishable lines. */
const MOST_DRAWN = 16;

/**
 * A load as one HTML page that needs no network. Thresholds, promises, numbers and the profile are readable without the script,
 * which draws the charts.
 */
export function renderLoadHtml(result: LoadRun): string {
  const { load } = result;
  return page(
    `${load.profile.name}, ${ranText(load)}: ${headlineOf(result).text}`,
    [{ name: load.profile.name, result }],
    (
      <>
        <Head result={result} />
        <Charts runs={[load]} />
        <Timings load={load} />
        <Trials load={load} />
        <Counted load={load} />
        <Evidence load={load} />
        <Environment result={result} />
        <ProfileText load={load} />
      </>
    ),
  );
}

/**
 * Several loads as one page: their figures compared with the first set, and their charts on top of one another.
 */
export function renderLoadComparison(sets: readonly LoadSet[], runs: readonly NamedLoad[]): string {
  const [first] = runs;
  const drawn = runs.slice(0, MOST_DRAWN);
  const title = sets.length > 1 ? `${sets.length} sets of runs compared` : `${runs.length} runs of one load`;
  return page(
    title,
    drawn,
    (
      <>
        <header id="summary" class="summary">
          <p class="kind">Load report</p>
          <h1>{title}</h1>
          <p class="sub">{sets.map(({ name, loads }) => `${visible(name)} (${loads.length})`).join(", ")}</p>
          {runs.length > drawn.length
            ? <p class="notice">The charts show the first {drawn.length} of {runs.length} runs.</p>
            : null}
        </header>
        <Compared sets={sets} figures={compareLoads(sets)} />
        {first ? <Charts runs={drawn.map(({ result }) => result.load)} /> : null}
        {runs.map(({ name, result }) => (
          <section key={name}>
            <h2>{visible(name)}: {headlineOf(result).text}</h2>
            <Verdicts load={result.load} />
          </section>
        ))}
        {first ? <Environment result={first.result} /> : null}
        {first ? <ProfileText load={first.result.load} /> : null}
      </>
    ),
  );
}

function page(title: string, runs: readonly NamedLoad[], content: preact.JSX.Element): string {
  const body = renderToString(
    <>
      <nav aria-label="Parts of the report">
        <a class="word-mark" href="#summary">attest</a>
        <a href="#charts">Charts</a>
        <a href="#environment">Environment</a>
        <a href="#profile">Profile</a>
      </nav>
      <main>{content}</main>
    </>,
  );
  const drawn = runs.map(({ name, result }) => chartRun(visible(name), result.load));
  const data = {
    runs: drawn,
    panels: panelsOf(drawn),
  };
  return htmlDocument({
    title: `${visible(title)} · attest`,
    icon: "data:,",
    style: css,
    scripts: [uplot, script],
    data: [{ id: "data", text: scriptJson(data) }],
    body,
  });
}

/** What was run, in numbers: `2,005 clients, 200 messages/s, 60 s`. */
function ranText({ clients, stages, plannedMs }: LoadResult): string {
  const rate = Math.max(0, ...stages.flatMap(({ fromRate, toRate }) => [fromRate, toRate]));
  return [
    `${clients.toLocaleString("en")} client${clients === 1 ? "" : "s"}`,
    ...(rate > 0 ? [`${Number(rate.toPrecision(4)).toLocaleString("en")} messages/s`] : []),
    ...(plannedMs > 0 ? [`${Number((plannedMs / 1000).toFixed(1)).toLocaleString("en")} s`] : []),
  ].join(", ");
}

function Head({ result }: { result: LoadRun }) {
  const { load } = result;
  const { text, tone } = headlineOf(result);
  const seconds = (load.measuredMs / 1000).toFixed(1);
  return (
    <header id="summary" class="summary">
      <p class="kind">Load report</p>
      <h1 class={tone}>{text}</h1>
      <p class="sub">
        {visible(load.profile.title)}: {ranText(load)} on {load.brokers.map(visible).join(", ")}, MQTT{" "}
        {visible(load.protocol)}, {load.mode} mode{load.pauseMs > 0 ? `, pauses of ${load.pauseMs} ms` : ""},
        {" "}
        {seconds} s measured
      </p>
      {load.generatorLimited === undefined ? null : (
        <p class="notice" role="note">
          Generator-limited: {visible(load.generatorLimited)}. The figures say nothing about the broker.
        </p>
      )}
      {load.endedEarly === undefined ? null : <p class="notice" role="note">{visible(load.endedEarly)}.</p>}
      {result.complete
        ? null
        : <p class="notice" role="note">The run did not end; the page shows what its journal has.</p>}
      {result.interrupted ? <p class="notice" role="note">The run was interrupted.</p> : null}
      <Verdicts load={load} />
    </header>
  );
}

function Charts({ runs }: { runs: readonly LoadResult[] }) {
  const timed = timedIn(runs);
  const choice = (draws: string) => (
    <select data-draws={draws} aria-label="What was timed">
      {timed.map((metric) => <option key={metric} value={metric} title={METRICS[metric]}>{metric}</option>)}
    </select>
  );
  const panel = (id: string, title: string, select: preact.JSX.Element | null = null) => (
    <figure class="panel" key={id}>
      <figcaption>{title}{select}</figcaption>
      <div id={id} class="chart"></div>
    </figure>
  );
  const [first, ...others] = panelsOf(runs.map((load) => chartRun("", load)));
  if (!first && timed.length === 0) {
    return (
      <section id="charts">
        <h2>Charts</h2>
        <p class="sub">No second of the load was recorded, so there is nothing to draw.</p>
      </section>
    );
  }
  return (
    <section id="charts">
      <h2>Charts</h2>
      <p class="sub">
        Drag across a chart to zoom; all charts over time zoom together. Double-click to reset. Legends show
        the last measured value, or the value under the pointer.
      </p>
      <div class="charts">
        {first ? panel(first.id, first.title) : null}
        {timed.length > 0 ? panel("latency", "Percentiles over time", choice("latency")) : null}
        {timed.length > 0 ? panel("distribution", "Distribution", choice("distribution")) : null}
        {others.map(({ id, title }) => panel(id, title))}
      </div>
    </section>
  );
}

/** What some run has timed. */
function timedIn(runs: readonly LoadResult[]): readonly Metric[] {
  return TIMED.filter((metric) => runs.some(({ timings }) => timings[metric] !== undefined));
}
