/** Voters of a raft cluster, and how many of them are healthy. */
export type Voters = { readonly voters: number; readonly healthy: number };

/** Counts the voters that must agree before anything happens: more than half of all of them, dead ones included. */
export function quorum(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** Counts the healthy voters that can still be lost before the cluster stops; below zero it has stopped. */
export function margin({ voters, healthy }: Voters): number {
  return healthy - quorum(voters);
}

/** Takes one member out; one that does not vote leaves the counts as they are. */
export function without(
  { voters, healthy }: Voters,
  member: { readonly voter: boolean; readonly healthy: boolean },
): Voters {
  if (!member.voter) return { voters, healthy };
  return { voters: voters - 1, healthy: member.healthy ? healthy - 1 : healthy };
}
