/**
 * Entities of one's own kinds: a tagger learns devices and rooms from sixteen commands, on the vectors of words in context.
 * Needs a real model: npm run models -- all-MiniLM-L6-v2
 */
import { loadContextualEmbedder, type TaggedText, trainTagger } from "semspace/tasks";
import { fetchedModel } from "./fetched-model.ts";

/** "Dim the [lamp](device) in the [hall](room)" → text and entities. */
function marked(command: string): TaggedText {
  let text = "";
  const entities: TaggedText["entities"][number][] = [];
  for (const [, plain, word, label] of command.matchAll(/([^[]*)(?:\[([^\]]+)\]\((\w+)\))?/g)) {
    text += plain;
    if (word === undefined) continue;
    entities.push({ label, start: text.length, end: text.length + word.length });
    text += word;
  }
  return { text, entities };
}

const examples = [
  "turn on the [lamp](device) in the [kitchen](room)",
  "switch the [radio](device) off",
  "is the [heating](device) on in the [living room](room)?",
  "please dim the [ceiling light](device) in the [hall](room)",
  "open the [blinds](device) of the [bedroom](room)",
  "what time is it in Tokyo",
  "turn down the [television](device)",
  "start the [washing machine](device) in the [cellar](room)",
  "is somebody in the [garage](room)",
  "play some music in the [bathroom](room)",
  "close the [garage door](device)",
  "how warm is it outside today",
  "lock the [front door](device) please",
  "make the [dining room](room) brighter",
  "stop the [fan](device) in the [office](room)",
  "tell me a joke about cats",
].map(marked);

const context = await loadContextualEmbedder(fetchedModel("all-MiniLM-L6-v2"));
const tagger = await trainTagger(context, examples, { C: 10 });
for (const text of [
  "turn off the coffee machine in the kitchen",
  "is the window of the guest room open",
  "set the oven to two hundred degrees",
  "tell me a story",
]) {
  const found = await tagger.entities(text);
  console.log(`${text}: ${found.map((one) => `${one.label} ${one.text}`).join(", ") || "nothing"}`);
}
await context.dispose();

/* Prints:
turn off the coffee machine in the kitchen: device coffee machine, room kitchen
is the window of the guest room open: device window, room guest room
set the oven to two hundred degrees: device oven
tell me a story: nothing
*/
