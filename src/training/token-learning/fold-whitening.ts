/**
 * Partial whitening of text vectors, folded into the token table: the few directions that most texts share count less (Su et al. 2021, "Whitening Sentence
 * Representations", whose power is 1). Nothing is subtracted, so a text stays the mean of its tokens.
 */
import { fitPca, type Matrix, normalized, projectPca } from "../../matrix/index.ts";

export interface WhiteningOptions {
  /** 0 does nothing, 1 makes all directions alike. */
  power: number;
  /** Turn to the texts' own axes, largest first. False for a table whose first dimensions have learnt to do without the others. */
  turn: boolean;
}

/** Turns (or not) and scales the columns of `table`, [tokens, d], in place, after the vectors that it gives to some texts. */
export function foldWhitening(table: Matrix, texts: Matrix, { power, turn }: WhiteningOptions): void {
  const d = table.columns;
  const units = normalized(texts);
  let squares: Float64Array;
  if (turn) {
    const axes = fitPca(units, { components: d, centred: false });
    table.data.set(projectPca(axes, table).data);
    squares = axes.explainedVariance;
  } else {
    squares = new Float64Array(d);
    for (let k = 0; k < units.data.length; k += 1) squares[k % d] += units.data[k] ** 2;
  }
  const largest = squares.reduce((most, value) => Math.max(most, value), 0);
  // The root of the mean square to the power, the smallest kept from growing without bound.
  const factors = squares.map((value) => (Math.max(value, 1e-6 * largest) / (largest || 1)) ** (-power / 2));
  for (let k = 0; k < table.data.length; k += 1) table.data[k] *= factors[k % d];
}
