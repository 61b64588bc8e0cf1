import type { Hooks } from "../hooks.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** A quirk of modules with ESP-AT. */
function esp(
  id: string,
  about: string,
  lawful: string,
  rest: Omit<ModuleQuirk, "id" | "about" | "lawful" | "commands">,
): ModuleQuirk {
  return { id, about, lawful, commands: "MQTT", ...rest };
}

const besides = (at: string, ...lines: readonly string[]) => ({ besides }: Hooks): Partial<Hooks> => ({
  besides: (moment) => [...besides(moment), ...(moment === at ? lines : [])],
});

const SILENT = "The documentation does not say";

/** Peculiarities that only modules with ESP-AT can have. */
export const ESP_QUIRKS: readonly ModuleQuirk[] = [
  esp(
    "err-code-in-front",
    "ERR CODE:0x00006011 comes before each ERROR",
    "The documentation has such codes, which firmware prints if it was built with them",
    {
      change: (hooks) => ({ explains: (name) => [...hooks.explains(name), "ERR CODE:0x00006011"] }),
      points: ["explains"],
    },
  ),
  esp(
    "space-behind-colon",
    "Results have a space after the colon",
    `${SILENT} whether there is one; its examples have none`,
    {
      change: (hooks) => ({
        urcLines: (urc, lines) =>
          hooks.urcLines(urc, lines).map((line) => urc.name === "ECMTSTAT" ? line.replace(":", ": ") : line),
      }),
      points: ["urcLines ECMTSTAT"],
    },
  ),
  esp(
    "esp-bare-prompt",
    "The prompt is > without a trailing space",
    `${SILENT} whether there is one`,
    { change: () => ({ prompt: "\r\n>" }) },
  ),
  esp(
    "esp-ids-lowest",
    "A packet has the lowest free identifier, so identifiers repeat",
    "MQTT requires only that an identifier is not in use [MQTT-2.3.1-2]",
    { behaviour: { chosenIds: "lowest" } },
  ),
  esp(
    "wifi-lines",
    "+WIFI: CONNECTED and +WIFI: GOT IP come before the first command",
    "The module reports this by itself when its network is up",
    { change: besides("power-on", "+WIFI: CONNECTED", "+WIFI: GOT IP"), points: ["besides power-on"] },
  ),
  esp(
    "one-raw-publish-at-a-time",
    "MQTTPUBRAW at QoS 1 and 2 is refused while one waits for its acknowledgement",
    `${SILENT} how many may wait`,
    { behaviour: { inFlight: 1 }, claims: { values: { publishesAtOnce: 1 } } },
  ),
  esp(
    "answers-late",
    "Each answer comes 100 ms late",
    `${SILENT} how soon an answer comes`,
    { behaviour: { finalDelayMs: 100 } },
  ),
];
