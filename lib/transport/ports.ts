/** The serial ports of this machine. */

/** One port. */
export interface PortInfo {
  /** The device, such as `/dev/ttyUSB0`. */
  readonly path: string;
  /** A name that stays the same when the adapter is plugged in elsewhere: its link in /dev/serial/by-id. */
  readonly stable?: string | undefined;
  /** Vendor, product and serial number if the bus reports them, otherwise the kind of port. */
  readonly description?: string | undefined;
}

/**
 * Lists USB serial adapters, modems (ttyACM) and the built-in ports with hardware, sorted by path. `root` is
 * put before /dev and /sys, for tests. Needs read permission there; unreadable entries are omitted.
 */
export async function listPorts(root = ""): Promise<PortInfo[]> {
  const stable = await stableNames(root);
  const ports: PortInfo[] = [];
  for (const name of await names(`${root}/dev`)) {
    if (!/^(tty(USB|ACM|S|AMA|XRUSB)\d+|cu\..+)$/.test(name)) continue;
    if (/^ttyS\d+$/.test(name) && !await hasUart(root, name)) continue;
    const link = stable.get(name);
    const description = await describe(root, name);
    ports.push({
      path: `/dev/${name}`,
      stable: link,
      description,
    });
  }
  return ports.sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

async function stableNames(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of await names(`${root}/dev/serial/by-id`)) {
    const target = await quiet(() => Deno.readLink(`${root}/dev/serial/by-id/${name}`));
    const device = target?.split("/").pop();
    if (device !== undefined) found.set(device, `/dev/serial/by-id/${name}`);
  }
  return found;
}

/**
 * Whether a built-in port has hardware: Linux creates ttyS0 and up in any case; type 0 means that no hardware
 * was found.
 */
async function hasUart(root: string, name: string): Promise<boolean> {
  const type = await line(`${root}/sys/class/tty/${name}/type`);
  return type !== undefined && type !== "0";
}

async function describe(root: string, name: string): Promise<string | undefined> {
  if (/^ttyS/.test(name)) return "built-in serial port";
  // The device is the USB interface's port; vendor and product are one to three levels above.
  let folder = await quiet(() => Deno.realPath(`${root}/sys/class/tty/${name}/device`));
  for (let up = 0; folder !== undefined && up < 4; up++, folder = folder.replace(/\/[^/]*$/, "")) {
    const product = await line(`${folder}/product`);
    if (product === undefined) continue;
    const maker = await line(`${folder}/manufacturer`);
    const serial = await line(`${folder}/serial`);
    const text = [maker, product].filter((part) => part !== undefined).join(" ");
    return serial === undefined ? text : `${text}, serial number ${serial}`;
  }
  return undefined;
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  await quiet(async () => {
    for await (const entry of Deno.readDir(folder)) found.push(entry.name);
  });
  return found;
}

async function line(path: string): Promise<string | undefined> {
  const text = await quiet(() => Deno.readTextFile(path));
  // A device provides its own strings; remove control characters that would affect the terminal.
  // deno-lint-ignore no-control-regex
  return text?.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").trim().slice(0, 120);
}

async function quiet<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch {
    return undefined;
  }
}
