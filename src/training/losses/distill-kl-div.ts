/**
 * DistillKLDiv: the softmax over a query's documents is to be the teacher's (Kullback-Leibler divergence). Reference: sentence-transformers 6.2
 * `DistillKLDivLoss`: mean over the rows, times the square of the student's temperature.
 */
import { SemspaceError } from "../../errors.ts";
import type { Measure } from "../../matrix/index.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { scorePairs } from "./score-pairs.ts";
import { softmaxOf } from "./softmax-of.ts";

export interface DistillKlDivOptions {
  /** Default "dot". */
  similarity?: Measure;
  /** What scores are divided by, on both sides unless one has its own. Default 1. */
  temperature?: number;
  studentTemperature?: number;
  teacherTemperature?: number;
}

/** Columns: query and two or more documents; labels: the teacher's score of each document. */
export function distillKlDiv(options: DistillKlDivOptions = {}): Loss {
  const { similarity = "dot", temperature = 1 } = options;
  const { studentTemperature: student = temperature, teacherTemperature: teacher = temperature } = options;
  const name = "DistillKLDiv";
  for (const each of [student, teacher])
    if (!(each > 0 && each < Infinity))
      throw new SemspaceError("invalid-argument", `A temperature of ${name} must be above 0, got ${each}.`);
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "query, positive and negatives", least: 3, most: Infinity });
      const [query, ...documents] = columns;
      const ways = documents.length;
      const labels = checkLabels(given, name, [query.rows, ways]);
      const scores = documents.map((document) => scorePairs(query, document, similarity));
      const derivatives = documents.map(() => new Float64Array(query.rows));
      let value = 0;
      for (let i = 0; i < query.rows; i += 1) {
        const own = softmaxOf(scores.map(({ values }) => values[i] / student));
        const wanted = softmaxOf(Array.from(labels.subarray(i * ways, (i + 1) * ways), (score) => score / teacher));
        for (let d = 0; d < ways; d += 1) {
          const { probability, log } = wanted[d];
          if (probability > 0) value += (probability * (log - own[d].log) * student ** 2) / query.rows;
          derivatives[d][i] = ((own[d].probability - probability) * student) / query.rows;
        }
      }
      const gradients = zerosLike(columns);
      for (const [d, each] of scores.entries()) each.back(derivatives[d], gradients[0], gradients[d + 1]);
      return { value, gradients };
    },
  };
}
