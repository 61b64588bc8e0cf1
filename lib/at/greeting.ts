/** The greeting to a module that may sleep, and its answer once it is awake. [ECMT-AT-9] */
export const GREETING = "HDSK";
export const GREETED = "KSDH";
