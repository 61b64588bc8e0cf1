// Draws the charts of a load report from the data in the page. The script before this one is uPlot.
/* global uPlot */
const { runs, panels } = JSON.parse(document.getElementById("data").textContent);
const several = runs.length > 1;
const ink = document.body.appendChild(document.createElement("i"));
ink.hidden = true;
/** Resolves a colour of the style sheet for the current theme, which a canvas can't do itself. */
function colour(name) {
  ink.style.color = `var(${name})`;
  return getComputedStyle(ink).color;
}
const HUES = ["--line-1", "--line-2", "--line-3", "--line-4", "--line-5", "--line-6", "--line-7", "--line-8"];
const DASHES = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
const overTime = [];
const together = uPlot.sync("time");

/** A line of a chart: one column of one run. */
function line(run, column, label, scale, hue, dash) {
  return { run, column, label, scale, hue, dash };
}

/** For one run all columns are drawn; for several runs only the main ones, with a colour for each run. */
function lines(columns, chief) {
  if (!several) {
    return columns.map(([column, label, scale], n) => line(runs[0], column, label, scale, n, 0));
  }
  const chosen = columns.filter(([column]) => chief.includes(column));
  return runs.flatMap((run, n) =>
    chosen.map(([column, label, scale], k) => line(run, column, `${run.name}: ${label}`, scale, n, k))
  );
}

/** All times of all runs, and each line's value at them. */
function table(chosen) {
  const times = [...new Set(runs.flatMap((run) => run.time))].sort((a, b) => a - b);
  const places = runs.map((run) => new Map(run.time.map((time, n) => [time, n])));
  const rows = chosen.map(({ run, column }) => {
    const values = run.columns[column];
    const place = places[runs.indexOf(run)];
    return times.map((time) => values[place.get(time)] ?? (place.has(time) ? null : undefined));
  });
  return [times, ...rows];
}

const short = (value) => value === null || value === undefined ? "–" : String(Number(value.toPrecision(4)));

function axes(unit) {
  return [{
    scale: "y",
    label: unit,
    side: 3,
    size: 62,
    labelSize: 18,
    stroke: colour("--soft"),
    grid: { stroke: colour("--hair") },
    ticks: { stroke: colour("--line") },
    values: (_chart, splits) => splits.map((value) => value === null ? "" : short(value)),
  }];
}

const bottom = (label, values) => ({
  label,
  labelSize: 18,
  stroke: colour("--soft"),
  grid: { stroke: colour("--hair") },
  ticks: { stroke: colour("--line") },
  values,
});

function size(place) {
  return { width: Math.max(320, place.clientWidth), height: 280 };
}

const clock = (_chart, splits) =>
  splits.map((seconds) => {
    const [m, s] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
    return m === 0 ? `${s} s` : `${m}:${String(s).padStart(2, "0")}`;
  });

/** Dragging zooms all charts over time to the selected range; a double click resets them. */
let zooming = false;
function follow(chart, key) {
  if (key !== "x" || zooming) return;
  zooming = true;
  const { min, max } = chart.scales.x;
  for (const other of overTime) if (other !== chart) other.setScale("x", { min, max });
  zooming = false;
}

function draw(place, chosen, data, options) {
  place.textContent = "";
  // Without a pointer the legend would be empty.
  const settle = (chart) => {
    requestAnimationFrame(() => {
      if (chart.cursor.idx === null || chart.cursor.idx === undefined || !(chart.cursor.left >= 0)) {
        chart.setLegend({ idx: options.rest });
      }
    });
  };
  const chart = new uPlot(
    {
      ...size(place),
      legend: { live: true },
      ...options,
      hooks: { ...options.hooks, setCursor: [settle], setSize: [settle] },
      series: [
        options.x,
        ...chosen.map(({ label, scale, hue, dash }) => ({
          label,
          scale,
          stroke: colour(HUES[hue % HUES.length]),
          dash: DASHES[dash % DASHES.length],
          width: 1.5,
          points: { show: data[0].length < 3 },
          value: (_chart, value) => short(value),
        })),
      ],
    },
    data,
    place,
  );
  settle(chart);
  new ResizeObserver(() => chart.setSize(size(place))).observe(place);
  return chart;
}

function timeChart(id, unit, columns, chief, { log = false } = {}) {
  const place = document.getElementById(id);
  const present = columns.filter(([column]) => runs.some((run) => run.columns[column]));
  const chosen = lines(present, chief).filter(({ run, column }) => run.columns[column]);
  if (!place || chosen.length === 0) return undefined;
  const data = table(chosen);
  const chart = draw(place, chosen, data, {
    scales: { x: { time: false }, y: log ? { distr: 3 } : { range: fromZero } },
    axes: [bottom("time", clock), ...axes(unit)],
    cursor: { sync: { key: together.key }, drag: { x: true, y: false } },
    x: { label: "s", value: (_chart, value) => short(value) },
    hooks: { setScale: [follow] },
    rest: data[0].indexOf(runs[0].time[runs[0].shown]),
  });
  overTime.push(chart);
  return chart;
}

function fromZero(_chart, _min, max) {
  return [0, max > 0 ? max * 1.05 : 1];
}

const PERCENTS = [["p100", "max"], ["p99.9", "p99.9"], ["p99", "p99"], ["p90", "p90"], ["p50", "p50"]];
let latencyChart;
function drawLatency(metric) {
  const at = overTime.indexOf(latencyChart);
  if (at >= 0) overTime.splice(at, 1);
  latencyChart?.destroy();
  latencyChart = timeChart(
    "latency",
    "ms",
    PERCENTS.map(([key, label]) => [`${metric}.${key}`, label, "y"]),
    [`${metric}.p99`, `${metric}.p50`],
    { log: true },
  );
}

let distributionChart;
function drawDistribution(metric) {
  distributionChart?.destroy();
  distributionChart = undefined;
  const place = document.getElementById("distribution");
  // Each value from the scheduled moment has one from the moment of sending beside it.
  const actual = `${metric}.actual`;
  const chosen = runs.flatMap((run, n) =>
    [metric, actual].filter((name) => run.distributions[name]).map((name, k) => ({
      points: run.distributions[name],
      label: `${several ? `${run.name}: ` : ""}${
        k === 0 ? "from the scheduled moment" : "from the moment of sending"
      }`,
      scale: "y",
      hue: several ? n : k,
      dash: several ? k : 0,
    }))
  );
  if (chosen.length === 0) {
    place.textContent = "No run has a distribution of it";
    return;
  }
  const nines = [...new Set(chosen.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const rows = chosen.map(({ points }) => {
    const values = new Map(points);
    return nines.map((x) => values.get(x));
  });
  distributionChart = draw(place, chosen, [nines, ...rows], {
    scales: { x: { time: false }, y: { distr: 3 } },
    axes: [
      {
        ...bottom("percentile", (_chart, splits) => splits.map(percentName)),
        splits: (_chart, _axis, min, max) =>
          Array.from({ length: Math.floor(max - min) + 2 }, (_, n) => Math.floor(min) + n),
      },
      ...axes("ms"),
    ],
    cursor: { drag: { x: true, y: false } },
    rest: Math.max(0, nines.findLastIndex((x) => x <= 2)),
    x: { label: "percentile", value: (_chart, value) => value === null ? "–" : percentName(value) },
  });
}

function percentName(nines) {
  if (nines <= 0) return "0 %";
  const whole = Number.isInteger(nines);
  return `${
    ((1 - 10 ** -nines) * 100).toFixed(whole ? Math.max(0, nines - 2) : Math.max(1, Math.ceil(nines) - 1))
  } %`;
}

for (const { id, unit, columns, chief } of panels) {
  timeChart(id, unit, columns.map(([column, label]) => [column, label, "y"]), chief);
}

/** The curve of a search: the result of each rate. */
function drawCurve(place, points) {
  const chosen = [["p99", "p99"], ["p50", "p50"], ["max", "max"]].map(([column, label], n) => ({
    column,
    label,
    scale: "y",
    hue: n,
    dash: 0,
  }));
  const data = [
    points.map(({ rate }) => rate),
    ...chosen.map(({ column }) => points.map((point) => point[column])),
  ];
  draw(place, chosen, data, {
    scales: { x: { time: false }, y: { distr: 3 } },
    axes: [bottom("messages/s", (_chart, splits) => splits.map(short)), ...axes("ms")],
    cursor: { drag: { x: true, y: false } },
    rest: points.length - 1,
    x: { label: "messages/s", value: (_chart, value) => short(value) },
  });
}
const curve = document.getElementById("curve");
if (curve) drawCurve(curve, runs[0].curve);

for (const select of document.querySelectorAll("select[data-draws]")) {
  const redraw = select.dataset.draws === "latency" ? drawLatency : drawDistribution;
  select.addEventListener("change", () => redraw(select.value));
  redraw(select.value);
}
// For tests and for who looks at the page in the browser's console.
globalThis.attestCharts = { overTime, distribution: () => distributionChart };
