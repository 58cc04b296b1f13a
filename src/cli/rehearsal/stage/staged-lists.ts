import { createHash } from "node:crypto";
import type { RevocationList } from "../../../actions/services.ts";
import type { Timestamp } from "../../../lib/clock.ts";
import { accessorOf } from "../../../sandbox/vault/token-access.ts";
import type { ClusterSetting } from "../test-file.ts";

/** Names the living tokens that the lists of a test are about: no secrets, because they open nothing. */
export function stagedTokens({ lists = [] }: ClusterSetting): readonly string[] {
  return lists.flatMap(({ name, tokens }) => tokensOf(name, tokens));
}

/** Which list is wanted, and when the test begins. */
export type WantedList = { readonly cluster: string; readonly name: string; readonly curtain: Timestamp };

/** Gives a list that a test describes, with the accessors of the simulated cluster's tokens. */
export function stagedList({ lists = [] }: ClusterSetting, wanted: WantedList): RevocationList | undefined {
  const { cluster, name, curtain } = wanted;
  const setting = lists.find((each) => each.name === name);
  if (setting === undefined) return undefined;
  const { tokens, ended, unresolved, age = 0 } = setting;
  const items = tokensOf(name, tokens + ended).map((token, index) => ({
    id: index + 1,
    accessor: accessorOf(token),
    displayName: `leaked-${index + 1}`,
    requests: 10,
  }));
  const digest = `sha256:${createHash("sha256").update(JSON.stringify(setting)).digest("hex")}`;
  return { cluster, digest, madeAt: curtain - age, items, unresolved };
}

function tokensOf(name: string, many: number): readonly string[] {
  return Array.from({ length: many }, (_, index) => `rehearsal-${name}-${index + 1}`);
}
