import { z } from "zod";
import { defineCheck, type ActionContext } from "../action.ts";
import { namedBy, readLeaderWords, type LeaderWord } from "../leader-word.ts";
import { MEMBERS_POLICY, readMembersOfAnyNode } from "../members-by-any-node.ts";
import { requiredService } from "../required-service.ts";

const Names = z.array(z.string());
const CONNECT_MS = 2000;

/** A cluster port and whose it is. */
type Port = { readonly name: string; readonly address: string };

/**
 * Tries from here whether the cluster port of each node takes a connection, and sends nothing over it. Addresses come from raft's configuration,
 * as any node tells it, and from `sys/leader`, which needs no token but tells that of one node alone. That it is open from here does not prove
 * that the other nodes reach it; that it is closed says much.
 */
export const clusterPorts = defineCheck({
  name: "vault.cluster-ports",
  summary: "Try the cluster port of every node from here",
  input: z.strictObject({}),
  output: z.object({
    ports: z.array(
      z.object({
        name: z.string(),
        /** Host and port. */
        address: z.string(),
        reached: z.boolean(),
        milliseconds: z.int(),
        /** Why not; empty when it was reached. */
        failure: z.string(),
      }),
    ),
    reached_names: Names,
    unreached_names: Names,
    /** Of these, those whose API answers and is unsealed: that is the network, and no dead node. */
    closed_names: Names,
    /** Configured nodes whose cluster address nobody told. */
    unknown_names: Names,
  }),
  policy: MEMBERS_POLICY,
  read: async (context) => {
    const { services, signal, cluster } = context;
    const connectPort = requiredService(services.connectPort, {
      task: "try the cluster ports",
      lack: "this program cannot open connections",
      advice: "try them by hand",
    });
    const words = await readLeaderWords(context);
    const addresses = await readAddresses(context, words);
    const tried = await Promise.all(
      addresses.map(async ({ name, address }) => {
        const result = await connectPort(address, { signal, timeoutMs: CONNECT_MS });
        return { name, address, ...result, milliseconds: Math.round(result.milliseconds) };
      }),
    );
    // Raft lists members in the order in which they joined.
    const ports = tried.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const open = ports.filter(({ reached }) => reached).map(({ name }) => name);
    const closed = ports.map(({ name }) => name).filter((name) => !open.includes(name));
    const alive = words.filter(({ said }) => said !== undefined).map(({ node }) => node.name);
    const told = new Set(addresses.map(({ name }) => name));
    return {
      ports,
      reached_names: open,
      unreached_names: closed,
      closed_names: closed.filter((name) => alive.includes(name)),
      unknown_names: cluster.nodes.map(({ name }) => name).filter((name) => !told.has(name)),
    };
  },
});

async function readAddresses(context: ActionContext, words: readonly LeaderWord[]): Promise<readonly Port[]> {
  const members = await readMembersOfAnyNode(context);
  const named = words.flatMap((word) => {
    const address = word.said?.leaderClusterAddress.replace(/^https?:\/\//u, "") ?? "";
    return address === "" ? [] : [{ name: namedBy(word, words), address }];
  });
  const byName = new Map([...named, ...members].map(({ name, address }) => [name, address] as const));
  return [...byName].map(([name, address]) => ({ name, address }));
}
