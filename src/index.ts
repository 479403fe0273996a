/** The front door of semspace: load an embedder, turn texts into vectors, compare them. */
export { SemspaceError, type SemspaceErrorCode } from "./errors.ts";
export { Matrix, type MatrixData } from "./matrix/index.ts";
