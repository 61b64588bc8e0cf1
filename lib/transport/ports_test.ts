import { deepStrictEqual } from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import { listPorts } from "./ports.ts";

Deno.test("listPorts() returns adapters by their names, omits ports without hardware, and shows no control bytes", async () => {
  const root = await Deno.makeTempDir();
  try {
    const write = async (path: string, text: string) => {
      await Deno.mkdir(`${root}${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}${path}`, text);
    };
    for (const name of ["ttyS0", "ttyS1", "ttyUSB10", "ttyUSB2", "ttyACM0", "tty1", "null"]) {
      await write(`/dev/${name}`, "");
    }
    await write("/sys/class/tty/ttyS0/type", "4\n");
    await write("/sys/class/tty/ttyS1/type", "0\n");
    await write("/sys/devices/usb1/1-1/product", "NB-IoT\x1b[31m module\n");
    await write("/sys/devices/usb1/1-1/manufacturer", "Maker\n");
    await write("/sys/devices/usb1/1-1/serial", "0042\n");
    await Deno.mkdir(`${root}/sys/devices/usb1/1-1/1-1:1.0/ttyUSB2`, { recursive: true });
    await Deno.mkdir(`${root}/sys/class/tty/ttyUSB2`, { recursive: true });
    await link(
      `${root}/sys/devices/usb1/1-1/1-1:1.0/ttyUSB2`,
      `${root}/sys/class/tty/ttyUSB2/device`,
    );
    await Deno.mkdir(`${root}/dev/serial/by-id`, { recursive: true });
    await link("../../ttyUSB2", `${root}/dev/serial/by-id/usb-Maker_NB-IoT_0042-if00-port0`);

    deepStrictEqual((await listPorts(root)).map(defined), [
      { path: "/dev/ttyACM0" },
      { path: "/dev/ttyS0", description: "built-in serial port" },
      {
        path: "/dev/ttyUSB2",
        stable: "/dev/serial/by-id/usb-Maker_NB-IoT_0042-if00-port0",
        description: "Maker NB-IoT [31m module, serial number 0042",
      },
      { path: "/dev/ttyUSB10" },
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("listPorts() returns nothing if there is nothing to read", async () => {
  deepStrictEqual(await listPorts("/nowhere-at-all"), []);
});

// Deno.symlink() needs permission for the whole file system; ln needs only permission to run.
async function link(target: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("ln", { args: ["-s", target, path] }).output();
  if (!success) throw new Error(`No link at ${path}`);
}
