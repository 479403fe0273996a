/** Derivatives of looked-up rows as one row an id: equal ids are added in the order in which they come, so that every run gives the same bits. */

/** As the graph gives them. */
export interface LookedUpRows {
  readonly ids: Int32Array;
  /** [ids, columns]. */
  readonly values: Float32Array;
}

/** The rows of all lookups of one table of `tableRows` rows: ids ascending and unique. A negative id counts from the end, as Gather has it. */
export function sumRows(
  lookups: readonly LookedUpRows[],
  tableRows: number,
): { ids: Int32Array; values: Float32Array } {
  const isThere = new Uint8Array(tableRows);
  const rowOf = (id: number) => (id < 0 ? id + tableRows : id);
  for (const { ids } of lookups) for (const id of ids) isThere[rowOf(id)] = 1;
  const places = new Int32Array(tableRows);
  let count = 0;
  for (let id = 0; id < tableRows; id += 1) if (isThere[id]) places[id] = count++;
  const first = lookups[0];
  const columns = first && first.ids.length > 0 ? first.values.length / first.ids.length : 0;
  const ids = new Int32Array(count);
  const values = new Float32Array(count * columns);
  for (let id = 0; id < tableRows; id += 1) if (isThere[id]) ids[places[id]] = id;
  for (const lookup of lookups) {
    for (let i = 0; i < lookup.ids.length; i += 1) {
      addInto(values, places[rowOf(lookup.ids[i])] * columns, lookup.values.subarray(i * columns, (i + 1) * columns));
    }
  }
  return { ids, values };
}

/** Adds rows to the derivative of a whole table. */
export function addRows(dense: Float32Array, { ids, values }: LookedUpRows): void {
  const columns = ids.length === 0 ? 0 : values.length / ids.length;
  for (let i = 0; i < ids.length; i += 1)
    addInto(dense, ids[i] * columns, values.subarray(i * columns, (i + 1) * columns));
}

function addInto(target: Float32Array, from: number, row: Float32Array): void {
  for (let k = 0; k < row.length; k += 1) target[from + k] += row[k];
}
