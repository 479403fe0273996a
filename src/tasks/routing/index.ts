/** Which command is meant? Intents from example phrases. */
export { createRouter, type Intent, type RouterOptions } from "./create-router.ts";
export { type EntityFinder, type Route, Router } from "./router.ts";
export { loadRouter, routerBytes, saveRouter } from "./router-file.ts";
export { type SlotFinder, type SlotValue } from "./slots.ts";
