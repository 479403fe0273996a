/**
 * Keeps the heap of a long stream small. V8 lets a small heap grow severalfold between collections, and what a stream leaves behind
 * (lines, vectors) lives outside of it, several times larger. Measured on 150 MB of lines: 170 MB of memory instead of 245, a fifth more processor time.
 */
import { setFlagsFromString } from "node:v8";

/** To be called before the stream is read: V8 reads both settings whenever it thinks about growing, and ignores names that it does not know. */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=100");
  setFlagsFromString("--semi-space-growth-factor=1");
}
