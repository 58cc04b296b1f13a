/** Version is a server's version in parts: `1.16.0-rc1+ent` is 1, 16, 0, with the pre-release `rc1`, an Enterprise build. */
export type Version = {
  readonly numbers: readonly [number, number, number];
  /** Empty for a release. */
  readonly preRelease: string;
  /** Vault Enterprise (`+ent`, `+ent.hsm` …), whatever its variant. */
  readonly enterprise: boolean;
};

const FORM = /^v?(?<numbers>\d{1,6}(?:\.\d{1,6}){0,2})(?:-(?<pre>[0-9A-Za-z.-]+))?(?:\+(?<build>[0-9A-Za-z.-]+))?$/u;

/** Reads a version as Vault and OpenBao write it; undefined for anything else. Missing parts are 0. */
export function parseVersion(text: string): Version | undefined {
  const groups = FORM.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const [major = 0, minor = 0, patch = 0] = (groups["numbers"] ?? "").split(".").map(Number);
  return {
    numbers: [major, minor, patch],
    preRelease: groups["pre"] ?? "",
    enterprise: /^ent(?:\.|$)/u.test(groups["build"] ?? ""),
  };
}

/**
 * Compares by age as semantic versioning does: below 0 when `left` is older, 0 when neither is. A pre-release is older than its release;
 * what is behind `+` says how it was built and not when.
 */
export function compareVersions(left: Version, right: Version): number {
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(left.preRelease, right.preRelease);
}

function comparePreReleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === "") return 1;
  if (right === "") return -1;
  const [ones, others] = [identifiers(left), identifiers(right)];
  for (const [index, one] of ones.entries()) {
    const difference = compareIdentifiers(one, others[index]);
    if (difference !== 0) return difference;
  }
  return ones.length - others.length;
}

/** HashiCorp writes `rc2` and not `rc.2`, so letters and digits are parted: otherwise `rc10` would come before `rc2`. */
function identifiers(preRelease: string): readonly string[] {
  return preRelease.match(/\d+|[A-Za-z-]+/gu) ?? [];
}

/** Numbers come before words, and something after nothing. */
function compareIdentifiers(left: string, right: string | undefined): number {
  if (right === undefined) return 1;
  const [one, other] = [Number(left), Number(right)];
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one - other;
  if (Number.isNaN(one) !== Number.isNaN(other)) return Number.isNaN(one) ? 1 : -1;
  return left === right ? 0 : left < right ? -1 : 1;
}
