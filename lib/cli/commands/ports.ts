import { listPorts } from "../../transport/ports.ts";
import type { Screen } from "../terminal/screen.ts";
import { Command } from "./command.ts";

/** Makes the command `ports`. */
export function portsCommand(screen: Screen) {
  return new Command("ports")
    .action(async () => {
      const ports = await listPorts();
      if (ports.length === 0) return screen.print("This machine has no serial port");
      for (const port of ports) screen.print([port.path, port.description ?? ""].join("  ").trimEnd());
    });
}
