/** The greeting to a module that may be asleep, and the module's answer once it is awake. [ECMT-AT-9] */
export const GREETING = "HDSK";
export const GREETED = "KSDH";
