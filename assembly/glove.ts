/**
 * GloVe (Pennington et al. 2014): counting co-occurrences word by word, and one pass of AdaGrad over cells in float32.
 * What differs from the C tools stands in the files that these come from; src/words/glove/ lays out the memory.
 */
export { pullWords } from "./glove-anchors";
export { addCells, shuffleCells, sortCells, takeCells } from "./glove-cells";
export { countWord } from "./glove-count";
export { trainCells } from "./glove-steps";
