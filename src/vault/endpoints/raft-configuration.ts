import { z } from "zod";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { parseAnswer } from "../answer.ts";

const Answer = z.object({
  data: z.object({
    config: z.object({
      index: z.number(),
      servers: z.array(
        z.object({ node_id: z.string(), address: z.string(), leader: z.boolean().default(false), voter: z.boolean() }),
      ),
    }),
  }),
});

/** RaftServer is a member of the cluster according to raft, alive or dead. */
export type RaftServer = {
  readonly nodeId: string;
  /** Host and cluster port, `vault-0:8201`. */
  readonly address: string;
  readonly leader: boolean;
  readonly voter: boolean;
};

/** The members of the cluster according to raft, dead ones included. */
export type RaftConfiguration = { readonly index: number; readonly servers: readonly RaftServer[] };

/** Reads `GET sys/storage/raft/configuration` (token, `read`). Ask the active node: a standby's copy may lag. */
export async function readRaftConfiguration(
  transport: VaultTransport,
  options: CallOptions = {},
): Promise<RaftConfiguration> {
  const path = "sys/storage/raft/configuration";
  const response = await transport.request({ ...options, method: "GET", path, token: "read" });
  const { config } = parseAnswer(transport, path, Answer, response).data;
  return {
    index: config.index,
    servers: config.servers.map(({ node_id: nodeId, address, leader, voter }) => ({ nodeId, address, leader, voter })),
  };
}
