/** Names of models on the hub: "owner/name", or "name" for those of its early days, with "@revision" for another branch, tag or commit than main. */

export interface HubName {
  readonly id: string;
  /** Undefined where the name tells none. */
  readonly revision: string | undefined;
}

/** What a string names, or undefined where it can be no name on the hub. */
export function parseHubName(text: string): HubName | undefined {
  const [, id, revision] = /^(\w[\w.-]*(?:\/\w[\w.-]*)?)(?:@(.+))?$/.exec(text) ?? [];
  if (id === undefined || id.includes("..") || id.includes("--") || id.length > 200) return undefined;
  return revision === undefined || isSafePath(revision) ? { id, revision } : undefined;
}

/** Whether a path of the hub stays inside the folder that it is joined to, on every system. */
export function isSafePath(path: string): boolean {
  return path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !/[\\:*?"<>|\p{Cc}]/u.test(part));
}
