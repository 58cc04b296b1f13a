import type { LookupAddress } from "node:dns";
import { lookup as ask } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { callbackify } from "node:util";
import type { Clock, Timers, Timestamp } from "../lib/clock.ts";

/** What a lookup takes from outside; the defaults are the machine's. */
export type LookupWorld = Timers & Clock & { readonly addresses: (host: string) => Promise<readonly LookupAddress[]> };

/** A resolver that works has answered by then. */
const PATIENCE_MS = 300;

/** An address may belong to somebody else one day. */
const KNOWN_FOR_MS = 600_000;

const machine: LookupWorld = {
  addresses: async (host) => await ask(host, { all: true }),
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

type Known = { readonly addresses: readonly LookupAddress[]; readonly at: Timestamp };

/**
 * Creates a lookup of names for sockets that asks for a name once at a time, and takes the last addresses when the answer is late. Node has
 * two threads for all questions together and gives none up: a name whose server is dead would keep every other cluster's names waiting.
 */
export function createSharedLookup(world: LookupWorld = machine): LookupFunction {
  const asking = new Map<string, Promise<readonly LookupAddress[]>>();
  const known = new Map<string, Known>();
  const askOnce = (host: string): Promise<readonly LookupAddress[]> => {
    const answer =
      asking.get(host) ??
      world
        .addresses(host)
        .then((addresses) => {
          known.set(host, { addresses, at: world.now() });
          return addresses;
        })
        .finally(() => asking.delete(host));
    asking.set(host, answer);
    return answer;
  };
  const find = async (host: string): Promise<readonly LookupAddress[]> => {
    const answer = askOnce(host);
    const last = known.get(host);
    if (last === undefined || world.now() - last.at > KNOWN_FOR_MS) return await answer;
    const { promise: late, resolve } = Promise.withResolvers<readonly LookupAddress[]>();
    const cancel = world.after(PATIENCE_MS, () => resolve(last.addresses));
    return await Promise.race([answer, late]).finally(cancel);
  };
  const findFor = callbackify(find);
  return (host, { all = false }, callback) => {
    findFor(host, (error, addresses) => {
      const [first = { address: "", family: 4 }] = addresses ?? [];
      if (all) callback(error, [...(addresses ?? [])]);
      else callback(error, first.address, first.family);
    });
  };
}
