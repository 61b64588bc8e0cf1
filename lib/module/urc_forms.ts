import type { ModuleBehaviour } from "./behaviour.ts";
import type { Urc } from "./hooks.ts";
import { espLines } from "./esp/urc_lines.ts";
import { cmqttLines } from "./simcom/urc_lines.ts";

/** Returns the lines that an unsolicited result is printed as in a module's command set; none where it has no such line. */
export function urcLines(urc: Urc, behaviour: ModuleBehaviour): readonly string[] {
  const lines = () => {
    switch (behaviour.commands) {
      case "CMQTT":
        return cmqttLines(urc, behaviour);
      case "MQTT":
        return espLines(urc);
      default:
        return undefined;
    }
  };
  return lines() ?? [oneLine(urc, behaviour)];
}

function oneLine({ name, fields }: Urc, { commands, spaceAfterColon }: ModuleBehaviour): string {
  return `+${name.replace(/^ECMT/, commands)}${spaceAfterColon ? ": " : ":"}${fields.join(",")}`;
}
