import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { isProtectedAddress } from "../access/issuer-address.ts";
import type { Clock, Timestamp } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";
import { readJson, type ReadJsonOptions } from "./read-json.ts";
import { DiscoveryDocument, KeySet } from "./schema.ts";

/** What an issuer's keys are read with. `ca` gives the PEM of its certificate authority, read each time. */
export type IssuerKeysOptions = Pick<ReadJsonOptions, "timeoutMs"> & {
  readonly issuer: string;
  readonly ca: () => Promise<string | undefined>;
  readonly clock: Clock;
};

type Held = { readonly find: JWTVerifyGetKey; readonly at: Timestamp };

/** A key that the issuer took back is believed no longer than this. */
const KEEP_MS = 600_000;

/** A token may name any key: an unknown one makes us ask again, but no more often than this. */
const COOL_DOWN_MS = 30_000;

/** Makes a finder of keys by a token's header: discovered, kept for ten minutes, asked for again when a key is unknown (rotation). */
export function createIssuerKeys(options: IssuerKeysOptions): JWTVerifyGetKey {
  const { clock } = options;
  let held: Held | undefined;
  let reading: Promise<Held> | undefined;
  const read = async (): Promise<Held> =>
    await (reading ??= readKeys(options)
      .then((found) => (held = found))
      .finally(() => (reading = undefined)));
  const age = ({ at }: Held): number => {
    const passed = clock.now() - at;
    // A clock that was set back says nothing about the keys.
    return passed >= 0 ? passed : Number.POSITIVE_INFINITY;
  };
  return async (header, token) => {
    const known = held !== undefined && age(held) <= KEEP_MS ? held : await read();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || age(known) <= COOL_DOWN_MS) throw error;
      return await (await read()).find(header, token);
    }
  };
}

async function readKeys({ issuer, ca, timeoutMs, clock }: IssuerKeysOptions): Promise<Held> {
  const at = clock.now();
  const about = { timeoutMs, ca: await ca() };
  const address = `${issuer.replace(/\/$/u, "")}/.well-known/openid-configuration`;
  const what = `the discovery document of ${issuer}`;
  const document = DiscoveryDocument.safeParse(await readJson(address, { ...about, what }));
  if (!document.success) throw invalid(what, "it does not name issuer and jwks_uri");
  if (document.data.issuer !== issuer)
    throw invalid(
      what,
      `it is of the issuer ${document.data.issuer}; write access.oidc.issuer exactly so, if it is yours`,
    );
  const { jwks_uri: keysAddress } = document.data;
  if (!isProtectedAddress(keysAddress)) throw invalid(what, "its jwks_uri is neither https nor on loopback");
  const keys = KeySet.safeParse(await readJson(keysAddress, { ...about, what: `the keys of ${issuer}` }));
  if (!keys.success) throw invalid(`the keys of ${issuer}`, "it is no set of at most 100 keys");
  return { find: createLocalJWKSet(keys.data), at };
}

function invalid(what: string, why: string): FailureError {
  return new FailureError({ reason: "invalid-answer", retryable: true, message: `cannot read ${what}: ${why}` });
}
