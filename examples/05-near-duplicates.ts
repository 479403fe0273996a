/** Which of these messages say the same thing? Every pair is compared; the nearest come first. */
import { loadEmbedder } from "semspace";

const messages = [
  "I can't log in to my account",
  "Where is my order? It should have arrived on Monday.",
  "How do I cancel my subscription?",
  "Logging in to my account does not work",
  "Do you ship to Norway?",
  "I want to stop my subscription, how can I cancel it?",
  "My order has not arrived yet",
  "The app crashes when I open the camera",
];

const embedder = await loadEmbedder();
const vectors = await embedder.encode(messages);
const similarities = embedder.similarity(vectors, vectors);

const pairs = messages.flatMap((a, i) =>
  messages.slice(i + 1).map((b, j) => ({ a, b, score: similarities.row(i)[i + 1 + j] })),
);
pairs.sort((first, second) => second.score - first.score);
for (const { a, b, score } of pairs.slice(0, 3)) console.log(`${score.toFixed(2)}  ${a}\n      ${b}`);

/* Prints:
0.90  How do I cancel my subscription?
      I want to stop my subscription, how can I cancel it?
0.72  I can't log in to my account
      Logging in to my account does not work
0.58  Where is my order? It should have arrived on Monday.
      My order has not arrived yet
*/
