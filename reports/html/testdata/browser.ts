const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];
/** No answer of the browser may take longer than this. */
const LIMIT_MS = 30_000;

/** A Chromium of its own without a window, driven over its DevTools protocol; disposing ends it. */
export class Browser implements AsyncDisposable {
  /** What pages wrote to the console as errors, exceptions, and refusals of the page's own policy. */
  readonly errors: string[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #drained: Promise<void>;
  #socket: WebSocket | undefined;
  #session: string | undefined;
  #last = 0;
  #page = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #loaded = Promise.withResolvers<void>();

  private constructor(child: Deno.ChildProcess, folder: string, drained: Promise<void>) {
    this.#child = child;
    this.#folder = folder;
    this.#drained = drained;
  }

  /** Starts the browser and one empty page. */
  static async start(): Promise<Browser> {
    const folder = await Deno.makeTempDir({ prefix: "attest-browser-" });
    const child = new Deno.Command("chromium", {
      args: [...FLAGS, `--user-data-dir=${folder}/profile`, "about:blank"],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const address = Promise.withResolvers<string>();
    const browser = new Browser(child, folder, drain(child.stderr, address));
    try {
      await browser.#connect(await within(address.promise, "the browser's DevTools address"));
    } catch (error) {
      await browser[Symbol.asyncDispose]();
      throw error;
    }
    return browser;
  }

  /** Shows a page and waits until it is loaded. */
  async open(html: string): Promise<void> {
    const file = `${this.#folder}/page-${++this.#page}.html`;
    await Deno.writeTextFile(file, html);
    this.#loaded = Promise.withResolvers();
    await this.#call("Page.navigate", { url: `file://${file}` });
    await within(this.#loaded.promise, "the page");
  }

  /** Waits until the page's script has unpacked its data and shown the cases. */
  async ready(): Promise<void> {
    await this.evaluate(`new Promise((done) => {
      const root = document.documentElement;
      const see = () => root.classList.contains("ready") && done(true);
      new MutationObserver(see).observe(root, { attributes: true });
      see();
    })`);
  }

  /** Gives the page a window of this size, in px. */
  async resize(width: number, height: number): Promise<void> {
    await this.#call("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  }

  /** The page as it is printed on A4. */
  async pdf(): Promise<Uint8Array> {
    const answer = await this.#call("Page.printToPDF", {
      paperWidth: 8.27,
      paperHeight: 11.69,
      printBackground: true,
    });
    return Uint8Array.fromBase64(String(field(answer, "data")));
  }

  /** A picture of the window as PNG. */
  async picture(): Promise<Uint8Array> {
    const answer = await this.#call("Page.captureScreenshot", { format: "png" });
    return Uint8Array.fromBase64(String(field(answer, "data")));
  }

  /** The resident memory of the largest process that draws pages, in MB (10^6 bytes), by `ps`. */
  async rendererMemory(): Promise<number> {
    const { stdout } = await new Deno.Command("ps", { args: ["-eo", "rss=,args=", "-ww"] }).output();
    const own = new TextDecoder().decode(stdout).split("\n").filter((line) =>
      line.includes("--type=renderer") && line.includes(this.#folder)
    );
    return Math.max(0, ...own.map((line) => Number.parseInt(line))) * 1024 / 1e6;
  }

  /** Runs an expression in the page, waits for it when it is a promise, and gives its value. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#call("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    const problem = field(answer, "exceptionDetails");
    if (problem !== undefined) throw new Error(`The page threw: ${JSON.stringify(problem)}`);
    return field(field(answer, "result"), "value");
  }

  /** Presses the mouse at a point of the window, draws it to another with some steps between, and lets it go. */
  async drag([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]): Promise<void> {
    const send = (type: string, x: number, y: number, buttons: number) =>
      this.#call("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons, clickCount: 1 });
    await send("mouseMoved", x, y, 0);
    await send("mousePressed", x, y, 1);
    for (let step = 1; step <= 4; step++) {
      await send("mouseMoved", x + (toX - x) * step / 4, y + (toY - y) * step / 4, 1);
    }
    await send("mouseReleased", toX, toY, 0);
  }

  async #connect(address: string): Promise<void> {
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data))));
    const opened = Promise.withResolvers<void>();
    socket.addEventListener("open", () => opened.resolve());
    socket.addEventListener("error", () => opened.reject(new Error(`No DevTools connection to ${address}`)));
    await within(opened.promise, "the DevTools connection");
    const target = await this.#call("Target.createTarget", { url: "about:blank" });
    const attached = await this.#call("Target.attachToTarget", {
      targetId: field(target, "targetId"),
      flatten: true,
    });
    this.#session = String(field(attached, "sessionId"));
    for (const domain of ["Page", "Runtime", "Log"]) await this.#call(`${domain}.enable`);
  }

  #call(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    this.#socket?.send(JSON.stringify({ id, method, params, ...session }));
    return within(answer.promise, method);
  }

  #receive(message: unknown): void {
    const id = field(message, "id");
    if (typeof id === "number") {
      const problem = field(message, "error");
      const answer = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (problem === undefined) answer?.resolve(field(message, "result"));
      else answer?.reject(new Error(JSON.stringify(problem)));
      return;
    }
    const params = field(message, "params");
    switch (field(message, "method")) {
      case "Page.loadEventFired":
        this.#loaded.resolve();
        break;
      case "Runtime.exceptionThrown":
        this.errors.push(JSON.stringify(params));
        break;
      case "Runtime.consoleAPICalled":
        if (field(params, "type") === "error") this.errors.push(JSON.stringify(params));
        break;
      case "Log.entryAdded":
        if (field(field(params, "entry"), "level") === "error") this.errors.push(JSON.stringify(params));
        break;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const socket = this.#socket;
    if (socket !== undefined && socket.readyState !== WebSocket.CLOSED) {
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
      // The browser ends itself with all its processes, which would outlive a kill of the first.
      this.#session = undefined;
      this.#call("Browser.close").catch(() => {});
      await within(closed, "the browser's end").catch(() => {});
    } else this.#child.kill("SIGTERM");
    await within(this.#child.status, "the browser's end").catch(() => this.#child.kill("SIGKILL"));
    await this.#child.status;
    await this.#drained;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Reads what the browser says to its end; it tells the address of its DevTools in a line of its own. */
async function drain(
  stream: ReadableStream<Uint8Array>,
  address: PromiseWithResolvers<string>,
): Promise<void> {
  let text = "";
  for await (const bytes of stream) {
    text = (text + new TextDecoder().decode(bytes)).slice(-20_000);
    const found = /DevTools listening on (ws:\/\/\S+)/.exec(text)?.[1];
    if (found !== undefined) address.resolve(found);
  }
  address.reject(new Error(`Chromium ended before it listened: ${text}`));
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`No sign of ${what} within ${LIMIT_MS} ms`)),
    LIMIT_MS,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
