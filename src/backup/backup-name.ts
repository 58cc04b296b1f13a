/** What a name says of the file or object that bears it. */
export type NameKind = "backup" | "pointer" | "partial" | "other";

/** Endings that uploaders and copiers give to what they have not finished: `x.snap.tmp`, `x.part`. */
const UNFINISHED = /[.](?:tmp|temp|part|partial|incomplete)$/u;

/** `latest` alone, or as the last word: `vault-latest`. */
const LATEST = /(?:^|[._-])latest$/iu;

/**
 * Tells backups by their names. A name without a digit is no pointer for that reason: whoever overwrites `vault.snap` every night has
 * a backup. Only the word `latest` makes a pointer. Slashes are folders: the last part counts.
 */
export function kindOfName(name: string, suffix: string): NameKind {
  const base = name.slice(name.lastIndexOf("/") + 1);
  // rsync writes `.x.snap.Ab3dEf` first.
  const hidden = base.startsWith(".") && base.includes(suffix);
  if (hidden || UNFINISHED.test(base)) return "partial";
  if (!base.endsWith(suffix)) return "other";
  return namesLatest(base, suffix) ? "pointer" : "backup";
}

/** Whether a file name, with or without the suffix, means the newest backup: `latest`, `vault-latest.snap`. */
export function namesLatest(base: string, suffix: string): boolean {
  return LATEST.test(base.endsWith(suffix) ? base.slice(0, -suffix.length) : base);
}
