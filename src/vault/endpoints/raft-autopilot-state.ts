import { z } from "zod";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { parseAnswer } from "../answer.ts";
import { parseGoDuration } from "../go-duration.ts";
import { parseGoTime } from "../go-time.ts";

const Server = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  node_status: z.string(),
  last_contact: z.string(),
  last_term: z.number(),
  last_index: z.number(),
  healthy: z.boolean(),
  stable_since: z.string(),
  status: z.string(),
  version: z.string().default(""),
});

const Answer = z.object({
  data: z.object({
    healthy: z.boolean(),
    failure_tolerance: z.number(),
    leader: z.string(),
    voters: z.array(z.string()).nullish(),
    servers: z.record(z.string(), Server),
  }),
});

/** One server in autopilot's eyes. The indexes are exact integers, unlike Vault's own metrics, which are float32. */
export type AutopilotServer = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** `alive`, `left` … as the node says of itself. */
  readonly nodeStatus: string;
  /** Time since the leader last heard of it, in milliseconds; undefined when it never did. */
  readonly lastContactMs: number | undefined;
  readonly lastTerm: number;
  readonly lastIndex: number;
  readonly healthy: boolean;
  /** Unix seconds since which its health has not changed; undefined when autopilot does not say. */
  readonly stableSinceSeconds: number | undefined;
  /** `leader`, `voter`, `non-voter` … */
  readonly status: string;
  readonly version: string;
};

/** Autopilot's view of the cluster, up to about 10 s old. */
export type AutopilotState = {
  readonly healthy: boolean;
  readonly failureTolerance: number;
  /** Node id of the leader. */
  readonly leader: string;
  /** Node ids. */
  readonly voters: readonly string[];
  readonly servers: readonly AutopilotServer[];
};

/** Reads `GET sys/storage/raft/autopilot/state` (token, `read`; kept by the active node only). */
export async function readAutopilotState(
  transport: VaultTransport,
  options: CallOptions = {},
): Promise<AutopilotState> {
  const path = "sys/storage/raft/autopilot/state";
  const response = await transport.request({ ...options, method: "GET", path, token: "read" });
  const { data } = parseAnswer(transport, path, Answer, response);
  return {
    healthy: data.healthy,
    failureTolerance: data.failure_tolerance,
    leader: data.leader,
    voters: data.voters ?? [],
    servers: Object.values(data.servers).map((server) => ({
      id: server.id,
      name: server.name,
      address: server.address,
      nodeStatus: server.node_status,
      lastContactMs: parseGoDuration(server.last_contact),
      lastTerm: server.last_term,
      lastIndex: server.last_index,
      healthy: server.healthy,
      stableSinceSeconds: parseGoTime(server.stable_since),
      status: server.status,
      version: server.version,
    })),
  };
}
