import { FailureError } from "../lib/failure.ts";
import { ownOrigin } from "../vault/endpoints/own-origin.ts";
import { tokenAccessors } from "../vault/endpoints/token-accessors.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import { hashValue, withEach, type HashOptions } from "./hash-values.ts";

/** How accessors of a log are matched with living tokens. */
export type ResolveOptions = HashOptions & {
  /** The accessors of the log: hashed by the device, or plain. */
  readonly wanted: readonly string[];
  /** No more living tokens than these are looked through. */
  readonly mostTokens: number;
  readonly onProgress: (hashed: number, of: number) => void;
};

/** What came of it. */
export type Resolved = {
  /** By the accessor of the log, the accessor of the living token. */
  readonly living: ReadonlyMap<string, string>;
  /** Accessor of the token that asked: it is the investigator's own. */
  readonly own: string;
  readonly tokens: number;
};

/** What the token of an investigator must permit: to hash as audit devices do, and to see the accessor of every living token. */
export const INVESTIGATION_POLICY = [
  { path: "auth/token/accessors/", capabilities: ["list", "sudo"] },
  { path: "auth/token/lookup-self", capabilities: ["read"] },
  { path: "sys/audit-hash/*", capabilities: ["update"] },
] as const satisfies readonly PolicyRule[];

/** A list of a hundred thousand tokens takes a server its time. */
const LIST_MS = 60_000;

/** How an accessor begins that a device hashed. */
export const HASHED = "hmac-sha256:";

/**
 * Finds the living tokens of accessors of a log. A hash tells nothing, so every living token's accessor is hashed and compared until all are
 * found; each is a call, and audited itself. Throws reason `too-large` when there are more tokens than may be looked through.
 */
export async function resolveAccessors(options: ResolveOptions): Promise<Resolved> {
  const { node, wanted, mostTokens, signal, onProgress } = options;
  const [accessors, { accessor: own }] = await Promise.all([
    node.read(tokenAccessors, { signal, timeoutMs: LIST_MS }),
    node.read(ownOrigin, { signal }),
  ]);
  const known = new Set(accessors);
  const living = new Map(wanted.filter((accessor) => known.has(accessor)).map((accessor) => [accessor, accessor]));
  const hashed = new Set(wanted.filter((accessor) => accessor.startsWith(HASHED)));
  const total = living.size + hashed.size;
  if (hashed.size > 0 && accessors.length > mostTokens) throw tooMany(node.name, accessors.length, mostTokens);
  let done = 0;
  await withEach(
    hashed.size === 0 ? [] : accessors,
    async (accessor) => {
      const hash = await hashValue(options, accessor);
      if (hashed.has(hash)) living.set(hash, accessor);
      onProgress(++done, accessors.length);
    },
    () => living.size >= total,
  );
  return { living, own, tokens: accessors.length };
}

function tooMany(node: string, tokens: number, most: number): FailureError {
  return new FailureError({
    reason: "too-large",
    retryable: false,
    message: `cannot match the log with the living tokens of ${node}: there are ${tokens}, and at most ${most} are hashed; allow more with --most-tokens, or revoke by prefix`,
  });
}
