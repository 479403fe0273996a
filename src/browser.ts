/** What `dist/browser.js` holds: everything that a page without a bundler can use, in one module. */
export * from "./index.ts";
