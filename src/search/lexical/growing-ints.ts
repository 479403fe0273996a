/** An Int32Array that doubles when it is full. */
export class GrowingInts {
  values: Int32Array = new Int32Array(1024);
  length = 0;

  /** Gives the position of the new value. */
  push(value: number): number {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    return this.length++;
  }

  trimmed(): Int32Array {
    return this.values.slice(0, this.length);
  }
}
