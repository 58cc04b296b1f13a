import { Operator as OperatorConfig } from "../../../src/config/sections/operator.ts";
import { FailureError, type FailureReason } from "../../../src/lib/failure.ts";
import { Secret } from "../../../src/lib/secret.ts";
import type { Operator } from "../../../src/vault/cluster.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { createMintingOperator } from "../../../src/vault/operator/minting-operator.ts";
import type { VaultRequest, VaultResponse, VaultTransport } from "../../../src/vault/transport.ts";
import { recordingLogger } from "../../app/recording-logger.ts";
import { createManualTime, type ManualTime } from "../../runner/manual-time.ts";
import { fakeNode } from "../fake-node.ts";

/** What a fake node does; `frozen` answers nobody, `gone` refuses connections. */
export type MintNodeState = "active" | "standby" | "sealed" | "frozen" | "gone";

/** MintWorld is a Vault of fake transports that mints and revokes, with everything that can go wrong with it. Unknown requests are refused. */
export type MintWorld = {
  readonly time: ManualTime;
  readonly operator: Operator;
  readonly log: ReturnType<typeof recordingLogger>["entries"];
  /** Every request but `sys/health`, as `node POST path`. */
  readonly calls: string[];
  /** The bodies of all tokens that were asked for. */
  readonly asked: unknown[];
  readonly nodes: Record<string, MintNodeState>;
  /** What is given instead of what was asked for. */
  given: Readonly<Record<string, unknown>>;
  /** What the login gives. */
  loginSeconds: number;
  /** Fails the next calls to a path; each is taken once. */
  readonly failures: { readonly path: string; readonly reason: FailureReason; readonly after?: () => void }[];
  /** Answers a revocation well and does nothing. */
  revokesNothing: boolean;
  /** Nodes that do not know of the tokens yet. */
  readonly behind: Set<string>;
  /** The tokens that live. */
  readonly living: Set<string>;
};

/** Creates a world of three nodes, of which the first leads. */
export function createMintWorld(config: object = {}): MintWorld {
  const time = createManualTime();
  const { logger, entries: log } = recordingLogger();
  const world: MintWorld = {
    time,
    log,
    calls: [],
    asked: [],
    nodes: { "vault-0": "active", "vault-1": "standby", "vault-2": "standby" },
    given: {},
    loginSeconds: 300,
    failures: [],
    revokesNothing: false,
    behind: new Set(),
    living: new Set(),
    operator: undefined as unknown as Operator,
  };
  const transports = Object.keys(world.nodes).map((name) => fakeTransport(name, world));
  const nodes = transports.map(({ nodeName, address }) => ({ ...fakeNode(nodeName), address }));
  const cluster = { name: "prod", nodes, node: (name: string) => nodes.find((node) => node.name === name) };
  const operator = createMintingOperator({
    cluster: () => cluster as unknown as VaultCluster,
    name: "prod",
    config: OperatorConfig.parse({ auth: { method: "approle", roleId: "r", secretId: { env: "S" } }, ...config }),
    namespace: undefined,
    transports: () => transports,
    clusterId: () => "id-1",
    clock: time.clock,
    timers: time.timers,
    readSecret: async () => await Promise.resolve(new Secret("secret-id-canary")),
    logger,
  });
  return Object.assign(world, { operator });
}

function fakeTransport(nodeName: string, world: MintWorld): VaultTransport {
  return {
    nodeName,
    address: `http://${nodeName}:8200`,
    request: async (request) => await answer(nodeName, request, world),
    stream: async () => await Promise.reject(new Error("nothing is streamed here")),
    probeListener: async () => await Promise.reject(new Error("nobody looks at a listener here")),
    close: async () => {},
  };
}

async function answer(node: string, request: VaultRequest, world: MintWorld): Promise<VaultResponse> {
  const { path } = request;
  if (request.signal?.aborted === true) throw failed(node, path, "aborted");
  if (world.nodes[node] === "gone") throw failed(node, path, "unreachable");
  if (world.nodes[node] === "frozen") return await never(node, request, world);
  if (path === "sys/health") return health(world.nodes[node] ?? "gone");
  world.calls.push(`${node} ${request.method} ${path}`);
  const at = world.failures.findIndex((failure) => failure.path === path);
  const [failure] = at === -1 ? [] : world.failures.splice(at, 1);
  if (failure !== undefined) {
    failure.after?.();
    throw failed(node, path, failure.reason);
  }
  return ok(answerBody(node, request, world));
}

/** Nobody answers until the call's time is over, or whoever asked gives up. */
async function never(node: string, { path, timeoutMs = 5000, signal }: VaultRequest, { time }: MintWorld) {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = time.timers.after(timeoutMs, () => reject(failed(node, path, "timeout")));
  signal?.addEventListener("abort", () => {
    cancel();
    reject(failed(node, path, "aborted"));
  });
  return await promise;
}

function health(state: MintNodeState): VaultResponse {
  const sealed = state === "sealed";
  const standby = state !== "active";
  const body = { initialized: true, sealed, standby, server_time_utc: 1, version: "2.7.2", cluster_id: "id-1" };
  return { statusCode: sealed ? 503 : standby ? 429 : 200, headers: {}, text: "", body };
}

function answerBody(node: string, { path, token, body }: VaultRequest, world: MintWorld): unknown {
  const text = token instanceof Secret ? token.reveal() : "";
  const known = world.living.has(text) && !world.behind.has(node);
  switch (path) {
    case "auth/approle/login":
      return { auth: { client_token: issue(world, "login"), lease_duration: world.loginSeconds } };
    case "auth/token/create/sealwatch-operator": {
      if (!known) throw failed(node, path, "denied");
      world.asked.push(body);
      const { policies, ttl } = body as { readonly policies: readonly string[]; readonly ttl: string };
      const auth = { policies, lease_duration: Number(ttl.replace("s", "")), renewable: false, orphan: false };
      return {
        auth: { client_token: issue(world, "minted"), ...auth, ...world.given },
        warnings: world.given["warnings"],
      };
    }
    case "auth/token/revoke-self":
      if (!known) throw failed(node, path, "denied");
      if (!world.revokesNothing) world.living.clear();
      return undefined;
    case "sys/internal/ui/mounts":
      if (!known) throw failed(node, path, "denied");
      return { data: {} };
    case "sys/storage/raft/remove-peer":
      if (!known) throw failed(node, path, "denied");
      return undefined;
    case "sys/storage/raft/configuration":
      if (token !== "read") throw new Error("reading is not what the call's token is for");
      return { data: { config: { index: 1, servers: [] } } };
    default:
      throw new Error(`nobody is to ask ${path}`);
  }
}

function issue(world: MintWorld, kind: string): string {
  const token = `${kind}-canary`;
  world.living.add(token);
  return token;
}

function ok(body: unknown): VaultResponse {
  return { statusCode: 200, headers: {}, text: "", body };
}

function failed(node: string, path: string, reason: FailureReason): FailureError {
  return new FailureError({ reason, retryable: false, message: `cannot call ${path} on ${node}: ${reason}; look` });
}
