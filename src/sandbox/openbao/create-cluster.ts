import { randomBytes } from "node:crypto";
import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import { suggestion } from "../../lib/nearest.ts";
import { waitFor } from "../wait-for.ts";
import type { ApiClient } from "./api-client.ts";
import { readLeader } from "./node-state.ts";
import type { OpenBaoAnswer, OpenBaoCluster, OpenBaoNode } from "./openbao.ts";
import type { ClusterKeys } from "./server-node.ts";

const TokenAnswer = z.object({ auth: z.object({ client_token: z.string() }) });

/** The parts of a cluster whose processes run. */
export type ClusterParts = {
  readonly name: string;
  readonly caFile: string;
  readonly api: ApiClient;
  readonly keys: ClusterKeys;
  readonly nodes: readonly OpenBaoNode[];
  readonly closeLinks: () => Promise<void>;
};

/** Puts nodes, keys and client together to what callers hold. */
export function createCluster({ name, caFile, api, keys, nodes, closeLinks }: ClusterParts): OpenBaoCluster {
  const call: OpenBaoCluster["call"] = (node, method, path, ...[body, token = keys.rootToken]) =>
    api({ address: node.address, method, path, body, token });
  const activeNode = (): Promise<OpenBaoNode> =>
    waitFor(`an active node in ${name}`, () => findActiveNode(api, nodes), { everyMs: 50 });
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
  };
  const dispose = async (): Promise<void> => {
    await stop();
    await closeLinks();
  };
  return {
    name,
    nodes,
    caFile,
    get rootToken() {
      return keys.rootToken;
    },
    get unsealKeys() {
      return keys.shares;
    },
    node: (wanted) => findNode(wanted, nodes),
    activeNode,
    call,
    createToken: async (policyHcl) => {
      const active = await activeNode();
      return createToken((method, path, body) => call(active, method, path, body), policyHcl);
    },
    stop,
    [Symbol.asyncDispose]: dispose,
  };
}

function findNode(wanted: string, nodes: readonly OpenBaoNode[]): OpenBaoNode {
  const found = nodes.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const known = nodes.map(({ name }) => name);
  throw new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot find the node "${wanted}"${suggestion(wanted, known)}`,
  });
}

/** Of two that call themselves leader, as after a frozen leader woke up, the one that became active last. */
async function findActiveNode(api: ApiClient, nodes: readonly OpenBaoNode[]): Promise<OpenBaoNode | undefined> {
  const views = await Promise.all(
    nodes.map(async (node) => ({ node, leader: await readLeader(api, node.address).catch(() => undefined) })),
  );
  const claims = views.filter(({ leader }) => leader?.isSelf === true);
  claims.sort((left, right) => (right.leader?.activeSince ?? 0) - (left.leader?.activeSince ?? 0));
  return claims[0]?.node;
}

type Call = (method: string, path: string, body: unknown) => Promise<OpenBaoAnswer>;

/** Without the `default` policy too: a test that passes needs nothing more than what it was given. */
async function createToken(call: Call, policyHcl: string): Promise<string> {
  const policy = `sandbox-${randomBytes(4).toString("hex")}`;
  expectCode(await call("PUT", `sys/policies/acl/${policy}`, { policy: policyHcl }), "write a policy");
  const options = { policies: [policy], no_default_policy: true, no_parent: true, period: "24h" };
  const answer = expectCode(await call("POST", "auth/token/create", options), "create a token");
  return TokenAnswer.parse(answer.body).auth.client_token;
}

function expectCode(answer: OpenBaoAnswer, what: string): OpenBaoAnswer {
  if (answer.statusCode < 300) return answer;
  const message = `cannot ${what} in the sandbox: answered ${answer.statusCode}; see the active node's log()`;
  throw new FailureError({ reason: "refused", retryable: false, message });
}
