import { z } from "zod";
import type { ApiClient } from "./api-client.ts";

const SealStatus = z.object({ initialized: z.boolean(), sealed: z.boolean() });
const Leader = z.object({ is_self: z.boolean().default(false), active_time: z.string().optional() });
const Autopilot = z.object({ data: z.object({ healthy: z.boolean(), voters: z.array(z.string()).nullish() }) });

/** Reads whether a node is initialised and sealed (`sys/seal-status`, no token). */
export async function readSealStatus(api: ApiClient, address: string): Promise<z.infer<typeof SealStatus>> {
  return SealStatus.parse((await api({ address, method: "GET", path: "sys/seal-status" })).body);
}

/** Reads whether a node leads, and since when (`sys/leader`, no token). A sealed node throws: it answers 503. */
export async function readLeader(
  api: ApiClient,
  address: string,
): Promise<{ readonly isSelf: boolean; readonly activeSince: number }> {
  const { statusCode, body } = await api({ address, method: "GET", path: "sys/leader", timeoutMs: 2000 });
  if (statusCode !== 200) throw new Error(`sys/leader on ${address} was answered ${statusCode}`);
  const { is_self: isSelf, active_time: activeTime } = Leader.parse(body);
  return { isSelf, activeSince: activeTime === undefined ? 0 : Date.parse(activeTime) };
}

/** Reads the names of raft's voters and whether autopilot calls the cluster healthy; ask the active node. */
export async function readAutopilot(
  api: ApiClient,
  address: string,
  token: string,
): Promise<{ readonly healthy: boolean; readonly voters: readonly string[] }> {
  const path = "sys/storage/raft/autopilot/state";
  const { statusCode, body } = await api({ address, method: "GET", path, token });
  if (statusCode !== 200) throw new Error(`${path} on ${address} was answered ${statusCode}`);
  const { healthy, voters } = Autopilot.parse(body).data;
  return { healthy, voters: voters ?? [] };
}
