import type { Timestamp } from "../lib/clock.ts";
import { MOST_ITEMS, REVOCATION_LIST_FORMAT, type RevocationList } from "./revocation-list.ts";
import type { Resolved } from "./resolve-accessors.ts";
import type { Found } from "./search-log.ts";
import type { Actor } from "./touch-tally.ts";

/** What a list is made from. */
export type ListParts = {
  readonly cluster: string;
  readonly name: string;
  readonly madeAt: Timestamp;
  readonly device: string;
  readonly from: Timestamp | undefined;
  readonly to: Timestamp | undefined;
  readonly found: Found;
  readonly resolved: Resolved;
};

/** Makes the list of the living tokens among the actors that were looked for. The token that asked is left out: it is the investigator's. */
export function makeRevocationList(parts: ListParts): RevocationList {
  const { cluster, name, madeAt, device, from, to, found, resolved } = parts;
  const { living, own } = resolved;
  const wanted = found.actors.filter((actor) => actor.wanted);
  const alive = wanted.flatMap((actor) => {
    const accessor = living.get(actor.accessor);
    return accessor === undefined || accessor === own ? [] : [{ accessor, actor }];
  });
  const ended = wanted.filter(({ accessor }) => living.get(accessor) === undefined);
  return {
    format: REVOCATION_LIST_FORMAT,
    cluster,
    name,
    madeAt: iso(madeAt),
    source: { files: [...found.sources], from: isoOrNull(from), to: isoOrNull(to), device },
    items: alive
      .slice(0, MOST_ITEMS)
      .map(({ accessor, actor }, index) => ({ id: index + 1, accessor, ...listed(actor) })),
    unresolved: ended.slice(0, MOST_ITEMS).map(listed),
  };
}

function listed({ displayName, entityId, first, last, requests, errors, mounts, operations }: Actor) {
  return {
    displayName,
    entityId,
    first: iso(first),
    last: iso(last),
    requests,
    errors,
    mounts: { ...mounts },
    operations: { ...operations },
  };
}

function iso(at: Timestamp): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: Timestamp | undefined): string | null {
  return at === undefined ? null : iso(at);
}
