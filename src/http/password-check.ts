import { createHmac, randomBytes } from "node:crypto";
import type { Secret } from "../lib/secret.ts";
import { createCompareHash, type CompareHash } from "./compare-hash.ts";

/** bcrypt sees no more of a password than this, so two long ones with the same beginning would be the same. */
const MAX_PASSWORD_BYTES = 72;

/** A scraper has one password; what is more than this is guessing. */
const MAX_REMEMBERED = 100;

/** bcrypt costs a tenth of a second. So many may wait for it; whoever comes then is sent away. */
const MAX_WAITING = 16;

/** What came of a login: right, wrong, or not looked at because too many are being looked at. */
export type Verdict = "right" | "wrong" | "busy";

/** Looks whether a user has this password. */
export type PasswordCheck = (
  users: ReadonlyMap<string, Secret>,
  login: { readonly user: string; readonly password: string },
) => Promise<Verdict>;

/**
 * Creates a check against bcrypt hashes, one at a time. Who was right once is known again by a keyed digest, so that a scrape does not cost
 * a tenth of a second; a changed hash counts at once. An unknown user takes as long as a known one.
 */
export function createPasswordCheck(hashMatches: CompareHash = createCompareHash()): PasswordCheck {
  const digestKey = randomBytes(32);
  const known = new Set<string>();
  let waiting = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const inTurn = async (work: () => Promise<boolean>): Promise<boolean> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    waiting++;
    return await turn.finally(() => waiting--);
  };

  return async (users, { user, password }) => {
    const own = users.get(user);
    const hash = own ?? users.values().next().value;
    if (hash === undefined || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return "wrong";
    const digest = digestOf(digestKey, [user, hash.reveal(), password]);
    if (own !== undefined && known.has(digest)) return "right";
    if (waiting >= MAX_WAITING) return "busy";
    const matches = await inTurn(async () => hashMatches(password, hash.reveal()));
    if (own === undefined || !matches) return "wrong";
    remember(known, digest);
    return "right";
  };
}

function digestOf(key: Buffer, parts: readonly string[]): string {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64");
}

/** The oldest goes first. */
function remember(known: Set<string>, digest: string): void {
  known.add(digest);
  const [oldest] = known;
  if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
}
