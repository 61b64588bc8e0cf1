/** What a module that may sleep is greeted with, and what it says once it is awake. [ECMT-AT-9] */
export const GREETING = "HDSK";
export const GREETED = "KSDH";
