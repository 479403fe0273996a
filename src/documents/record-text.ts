/** What a record (a line of JSONL, a row of Parquet) says: its `text`, with its `title` above it, or else all its strings, `key: value`. */

/** Undefined for a value without any string. */
export function recordText(value: unknown): string | undefined {
  if (value !== null && typeof value === "object" && "text" in value && typeof value.text === "string") {
    const title = "title" in value && typeof value.title === "string" ? value.title.trim() : "";
    return title === "" ? value.text.trim() : `${title}\n${value.text.trim()}`;
  }
  const found = strings(value);
  return found.length > 0 ? found.join("\n") : undefined;
}

/** The strings in a value, each with the key that holds it. */
function strings(value: unknown, key = ""): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [key ? `${key}: ${value.trim()}` : value.trim()];
  if (Array.isArray(value)) return value.flatMap((item) => strings(item, key));
  // Bytes (pictures in a Parquet file) say nothing.
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => strings(item, name));
}
