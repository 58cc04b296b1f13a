import { readFile } from "node:fs/promises";
import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import { waitFor } from "../wait-for.ts";
import type { ApiClient } from "./api-client.ts";
import { readAutopilot, readLeader } from "./node-state.ts";
import type { OpenBaoAnswer, OpenBaoNode, OpenBaoSeal } from "./openbao.ts";
import { AUDIT_DEVICES } from "./server-config.ts";
import type { ClusterKeys } from "./server-node.ts";

const Initialized = z.object({
  root_token: z.string(),
  keys_base64: z.array(z.string()).default([]),
  recovery_keys_base64: z.array(z.string()).default([]),
});

/** The parts that initialising needs; `keys` is filled in. */
export type Initialization = {
  readonly nodes: readonly OpenBaoNode[];
  readonly seal: OpenBaoSeal;
  readonly api: ApiClient;
  readonly keys: ClusterKeys;
  readonly caFile: string;
  readonly product: "openbao" | "vault";
};

/** Initialises the first node, lets the others join, and waits until every node is unsealed, a voter, and one leads. */
export async function initialize(parts: Initialization): Promise<void> {
  const { nodes, api, keys } = parts;
  const [first, ...others] = nodes;
  if (first === undefined) return;
  await initializeFirst(first, parts);
  await first.unseal();
  await waitFor(`${first.name} lead`, async () => ((await readLeader(api, first.address)).isSelf ? true : undefined));
  if (parts.product === "vault") await enableAudit(first, parts);
  for (const node of others) await joinRaft(node, first, parts);
  await Promise.all(others.map((node) => node.unseal()));
  await waitFor(`${nodes.length} voters in ${first.name}'s raft`, async () => {
    const { healthy, voters } = await readAutopilot(api, first.address, keys.rootToken);
    return healthy && voters.length === nodes.length ? true : undefined;
  });
}

async function initializeFirst(first: OpenBaoNode, { seal, api, keys }: Initialization): Promise<void> {
  const shares = seal.type === "shamir" ? (seal.shares ?? 3) : 1;
  const threshold = seal.type === "shamir" ? (seal.threshold ?? Math.min(2, shares)) : 1;
  const body = keys.autoUnseal
    ? { recovery_shares: shares, recovery_threshold: threshold }
    : { secret_shares: shares, secret_threshold: threshold };
  const answer = await api({ address: first.address, method: "PUT", path: "sys/init", body });
  if (answer.statusCode !== 200) throw refused(`initialise ${first.name}`, answer);
  const made = Initialized.parse(answer.body);
  keys.rootToken = made.root_token;
  keys.shares = keys.autoUnseal ? made.recovery_keys_base64 : made.keys_base64;
  keys.threshold = threshold;
}

async function joinRaft(node: OpenBaoNode, leader: OpenBaoNode, { api, caFile }: Initialization): Promise<void> {
  const authority = caFile === "" ? {} : { leader_ca_cert: await readFile(caFile, "utf8") };
  const body = { leader_api_addr: leader.address, ...authority };
  const answer = await api({ address: node.address, method: "POST", path: "sys/storage/raft/join", body });
  if (answer.statusCode !== 200) throw refused(`let ${node.name} join ${leader.name}`, answer);
}

/** Vault has no audit stanza. Standbys read the devices from storage. */
async function enableAudit(node: OpenBaoNode, { api, keys }: Initialization): Promise<void> {
  for (const { name, file } of AUDIT_DEVICES) {
    const body = { type: "file", options: { file_path: file } };
    const path = `sys/audit/${name}`;
    const answer = await api({ address: node.address, method: "PUT", path, body, token: keys.rootToken });
    if (answer.statusCode !== 204) throw refused(`enable the audit device ${name} on ${node.name}`, answer);
  }
}

function refused(what: string, { statusCode }: OpenBaoAnswer): FailureError {
  const message = `cannot ${what}: the server answered ${statusCode}; see the node's log()`;
  return new FailureError({ reason: "refused", retryable: false, message });
}
