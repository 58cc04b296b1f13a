/** Gives a path that a policy's pattern covers (`*` is any rest, `+` any segment): Vault says what may be done on paths, not on patterns. */
export function samplePath(pattern: string): string {
  return pattern.replace(/\*$/u, "sealwatch").replaceAll(/(?<=^|\/)\+(?=\/|$)/gu, "sealwatch");
}
