/** Commands of a house: intents from a few phrases each, slots, and "none of these"; a command takes a fraction of a millisecond. */
import { loadEmbedder } from "semspace";
import { createRouter } from "semspace/tasks";

const embedder = await loadEmbedder();
const router = await createRouter(embedder, {
  light: {
    examples: [
      "turn on the light",
      "switch on the lamp",
      "lights on please",
      "turn the lights off",
      "dim the lamp in the bathroom",
      "make it brighter in here",
    ],
    slots: { room: ["kitchen", "bedroom", "bathroom", "living room"], percent: /(\d+) ?%/ },
  },
  weather: [
    "will it rain today",
    "what is the weather like",
    "is it cold outside",
    "do I need an umbrella",
    "how warm is it",
  ],
  music: ["play some music", "put on some jazz", "play a song by the Beatles", "stop the music", "start my playlist"],
});

for (const text of [
  "Switch the light in the living room to 40 %",
  "is it going to rain tomorrow",
  "play something by Mozart",
  "The parliament voted on the budget yesterday.",
  "My sister broke her leg in March.",
]) {
  const { intent, probability, slots } = await router.route(text);
  const filled = Object.entries(slots).map(([name, value]) => ` ${name}=${value}`);
  console.log(intent ? `${intent} ${probability.toFixed(2)}${filled.join("")}` : "none of these", "|", text);
}

/* Prints:
light 0.97 room=living room percent=40 | Switch the light in the living room to 40 %
weather 0.97 | is it going to rain tomorrow
music 0.97 | play something by Mozart
none of these | The parliament voted on the budget yesterday.
none of these | My sister broke her leg in March.
*/
