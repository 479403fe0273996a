/** Prints how many bytes a file of a model on the hub has, for tests with several processes. */
import { openFolder } from "../src/hub/folder.ts";

const [model, path] = process.argv.slice(2);
console.log((await (await openFolder(model)).read(path)).length);
