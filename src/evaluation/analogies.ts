/**
 * Analogies, "a is to b as c is to …": which word is nearest to b - a + c (3CosAdd), or by the product of cosines (3CosMul; Levy and
 * Goldberg 2014). Published numbers differ by convention more than by model; each convention here is one tool's:
 * - `gensim` 4.4, `evaluate_word_analogies` (default): first 300,000 words, case ignored, unknown words skipped;
 * - `compute-accuracy`, word2vec.c: first 30,000 words, case ignored, a best similarity of 0 or less is no answer;
 * - `glove`, its evaluate.py: all words, lower case, unknown words skipped;
 * - `hyperwords`: all words, lower case, questions with unknown words count as wrong, 3CosMul with ε = 0.01;
 * - `web`, word-embeddings-benchmarks: all words, lower case, dot products of vectors as they are, an unknown word has the mean vector.
 */
import { SemspaceError, oneOf } from "../errors.ts";
import type { WordVectors } from "../words/index.ts";
import { type AnalogyMethod, solver } from "./analogy-solver.ts";
import { wordIndex } from "./word-index.ts";

export const analogyConventions = ["gensim", "compute-accuracy", "glove", "hyperwords", "web"] as const;
export type AnalogyConvention = (typeof analogyConventions)[number];

export interface AnalogySection {
  name: string;
  /** a, b, c and the expected word. */
  questions: readonly (readonly [a: string, b: string, c: string, expected: string])[];
}

export interface AnalogyOptions {
  /** Default "gensim". */
  convention?: AnalogyConvention | undefined;
  /** 3CosAdd (default) or 3CosMul. */
  method?: AnalogyMethod | undefined;
  /** Only the first words of the table are known and are answers. Default: the convention's. */
  restrict?: number | undefined;
  /** Default: the convention's. `true` takes a word's most frequent variant; `false` takes words as they are written. */
  ignoreCase?: boolean | undefined;
  /** Questions with an unknown word: left out, or counted as wrong. Default: the convention's. */
  unknown?: "skip" | "wrong" | undefined;
}

export interface AnalogyScore {
  correct: number;
  /** Questions that were counted. */
  questions: number;
  /** Questions with a word that has no vector. */
  unknown: number;
  /** correct / questions, 0 where there are none. */
  accuracy: number;
}

export interface AnalogyResult extends AnalogyScore {
  sections: (AnalogyScore & { name: string })[];
  /** Sections whose name does not begin with "gram". */
  semantic: AnalogyScore;
  syntactic: AnalogyScore;
}

/** How a tool asks. */
interface Rules {
  restrict: number;
  /** What is done to the words of the questions; with "upper" to those of the table too. */
  spelling: "upper" | "lower" | "as-is";
  unknown: "skip" | "wrong" | "mean";
}

const conventions: Readonly<Record<AnalogyConvention, Rules>> = {
  gensim: { restrict: 300_000, spelling: "upper", unknown: "skip" },
  "compute-accuracy": { restrict: 30_000, spelling: "upper", unknown: "skip" },
  glove: { restrict: Infinity, spelling: "lower", unknown: "skip" },
  hyperwords: { restrict: Infinity, spelling: "lower", unknown: "wrong" },
  web: { restrict: Infinity, spelling: "lower", unknown: "mean" },
};

/**
 * @example
 * const sections = readAnalogies(await readFile("questions-words.txt", "utf8"));
 * evaluateAnalogies(vectors, sections, { convention: "compute-accuracy" }).accuracy; // 0.4
 */
export function evaluateAnalogies(
  vectors: WordVectors,
  sections: readonly AnalogySection[],
  { convention = "gensim", method = "add", ...options }: AnalogyOptions = {},
): AnalogyResult {
  const preset = conventions[oneOf("convention", convention, analogyConventions)];
  const spelling = options.ignoreCase === undefined ? preset.spelling : options.ignoreCase ? "upper" : "as-is";
  const { restrict = preset.restrict, unknown = preset.unknown } = options;
  const spell = (word: string): string =>
    spelling === "upper" ? word.toUpperCase() : spelling === "lower" ? word.toLowerCase() : word;
  const index = wordIndex(vectors, { restrict, ignoreCase: spelling === "upper" });
  const isRight = solver(vectors, { convention, method: oneOf("method", method, ["add", "mul"]), restrict, spell });
  const scored = sections.map(({ name, questions }) => {
    const score = { correct: 0, questions: 0, unknown: 0 };
    for (const question of questions) {
      const words = question.map(spell);
      const rows = words.map((word) => index.get(word));
      const known = rows.every((row) => row !== undefined);
      if (!known) score.unknown += 1;
      if (!known && unknown === "skip") continue;
      score.questions += 1;
      const asked = known || (unknown === "mean" && rows[3] !== undefined);
      if (asked && isRight({ words, rows })) score.correct += 1;
    }
    return { name, ...score, accuracy: score.questions > 0 ? score.correct / score.questions : 0 };
  });
  const isSyntactic = ({ name }: { name: string }): boolean => name.startsWith("gram");
  return {
    ...total(scored),
    sections: scored,
    semantic: total(scored.filter((section) => !isSyntactic(section))),
    syntactic: total(scored.filter(isSyntactic)),
  };
}

function total(scores: readonly AnalogyScore[]): AnalogyScore {
  const sum = (key: "correct" | "questions" | "unknown"): number => scores.reduce((all, score) => all + score[key], 0);
  const [correct, questions] = [sum("correct"), sum("questions")];
  return { correct, questions, unknown: sum("unknown"), accuracy: questions > 0 ? correct / questions : 0 };
}

/**
 * Reads ": section" lines and four words a line, as questions-words.txt has them; other lines are passed over, as gensim does. Throws
 * `invalid-file` for a question before the first section, and when there is no question.
 */
export function readAnalogies(text: string): AnalogySection[] {
  const sections: { name: string; questions: [string, string, string, string][] }[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.startsWith(": ")) {
      sections.push({ name: line.replace(/^[: ]+/, "").trim(), questions: [] });
      continue;
    }
    const words = line.trim().split(/\s+/);
    if (words.length !== 4) continue;
    const section = sections.at(-1);
    if (!section) {
      throw new SemspaceError("invalid-file", `Line ${i + 1}: a question stands before the first section (": NAME").`);
    }
    section.questions.push(words as [string, string, string, string]);
  }
  if (sections.some(({ questions }) => questions.length > 0)) return sections;
  throw new SemspaceError(
    "invalid-file",
    'No question was found: ": SECTION" lines and four words a line are expected.',
  );
}
