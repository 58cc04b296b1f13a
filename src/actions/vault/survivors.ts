import { z } from "zod";
import { defineCheck } from "../action.ts";
import { readLeaderWords } from "../leader-word.ts";
import { MEMBERS_POLICY, readMembersOfAnyNode, type ListedPeer } from "../members-by-any-node.ts";
import { readNodeStates } from "../node-state.ts";

const Names = z.array(z.string());

/**
 * Says who is left when no majority is: nodes that answer and hold data, sealed or not, with the file by which they can go on alone. Works
 * without a token and without a leader; then ids and addresses are blanks for people to fill in.
 */
export const survivors = defineCheck({
  name: "vault.survivors",
  summary: "Say who is left, and write their peers.json",
  input: z.strictObject({}),
  output: z.object({
    /** Answer and hold data. */
    survivor_names: Names,
    /** Silent, empty, removed, or answering with something else. */
    lost_names: Names,
    /** The survivors with the highest index that any of them tells; sealed ones do not tell theirs. */
    newest_names: Names,
    newest_index: z.int(),
    /** Survivors that do not tell their index. */
    untold_names: Names,
    /** Every survivor's raft id and address is known: nothing in `peers_json` is a blank. */
    complete: z.boolean(),
    /** What `raft/peers.json` must say on every survivor. */
    peers_json: z.string(),
  }),
  policy: MEMBERS_POLICY,
  read: async (context) => {
    const [states, words, members] = await Promise.all([
      readNodeStates(context),
      readLeaderWords(context),
      readMembersOfAnyNode(context),
    ]);
    const alive = states.filter(({ state }) => state === "unsealed" || state === "sealed").map(({ node }) => node.name);
    const indexes = alive.map((name) => ({
      name,
      index: words.find(({ node }) => node.name === name)?.said?.raftAppliedIndex,
    }));
    const newest = Math.max(0, ...indexes.map(({ index = 0 }) => index));
    const peers = alive.map((name) => members.find((member) => member.name === name) ?? blankOf(name));
    return {
      survivor_names: alive,
      lost_names: states.map(({ node }) => node.name).filter((name) => !alive.includes(name)),
      newest_names: newest === 0 ? [] : indexes.filter(({ index }) => index === newest).map(({ name }) => name),
      newest_index: newest,
      untold_names: indexes.filter(({ index }) => index === undefined).map(({ name }) => name),
      complete: alive.length > 0 && alive.every((name) => members.some((member) => member.name === name)),
      peers_json: toPeersJson(peers),
    };
  },
});

function blankOf(name: string): ListedPeer {
  return { name, id: `NODE_ID of ${name}`, address: `CLUSTER_ADDR of ${name}` };
}

function toPeersJson(peers: readonly ListedPeer[]): string {
  const lines = peers.map(({ id, address }) => `  ${JSON.stringify({ id, address, non_voter: false })}`);
  return `[\n${lines.join(",\n")}\n]`;
}
