export { Matrix, type MatrixData } from "./matrix.ts";
