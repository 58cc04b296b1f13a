import { Cluster } from "../../../src/config/schema.ts";
import type { NativeSample } from "../../../src/exporter/collector.ts";
import type { NodeProbe } from "../../../src/exporter/probe-nodes.ts";
import type { FailureReason } from "../../../src/lib/failure.ts";
import type { ClusterExam, NodeExam, Outcome, TokenExam } from "../../../src/cli/doctor/examination.ts";
import type { ListenerCertificate } from "../../../src/vault/listener.ts";
import { fakeNode, health, leader } from "../../vault/fake-node.ts";

/** When every exam took place. */
export const NOW = Date.parse("2026-01-15T12:00:00Z");

export const DAY = 86_400_000;

/** An answer that failed. */
export function failed(reason: FailureReason, message = `cannot read it: ${reason}; mend it`): Outcome<never> {
  return { failure: { reason, retryable: false, message } };
}

/** A certificate without fault, with changes. */
export function certificate(changes: Partial<ListenerCertificate> = {}): ListenerCertificate {
  const notAfter = changes.chainNotAfter ?? NOW + 90 * DAY;
  return { notBefore: NOW - DAY, notAfter, chainNotAfter: notAfter, nameMismatch: false, trusted: true, ...changes };
}

/** One of Vault's own samples. */
export function sample(name: string, value: number, labels: NativeSample["labels"] = {}): NativeSample {
  return { name, labels, value };
}

/** A standby without fault, with changes of its probe and of what was asked besides. */
export function node(
  name: string,
  probe: Partial<NodeProbe> = {},
  rest: Partial<Omit<NodeExam, "probe">> = {},
): NodeExam {
  return {
    probe: {
      node: { ...fakeNode(name), address: `https://${name}:8200` },
      state: "standby",
      health: health(),
      seal: undefined,
      leader: leader({ leaderAddress: "https://vault-0:8200" }),
      listener: { resolveMs: 0, connectMs: 1, tlsMs: 2, certificate: certificate() },
      askedAt: NOW,
      healthMs: 3,
      clockSkewSeconds: 0,
      failure: undefined,
      ...probe,
    },
    openMetrics: failed("denied"),
    tokenMetrics: { value: [sample("core_unsealed", 1, { cluster: "prod" }), sample("core_active", 0)] },
    ...rest,
  };
}

/** The active node without fault, with changes. */
export function activeNode(probe: Partial<NodeProbe> = {}, rest: Partial<Omit<NodeExam, "probe">> = {}): NodeExam {
  const activeTime = new Date(NOW - DAY).toISOString();
  const itself = leader({ isSelf: true, activeTime, leaderAddress: "https://vault-0:8200" });
  const samples = [sample("core_active", 1), sample("core_unsealed", 1, { cluster: "prod" }), sample("token_count", 3)];
  return node(
    "vault-0",
    { state: "active", health: health({ standby: false }), leader: itself, ...probe },
    { tokenMetrics: { value: samples }, ...rest },
  );
}

/** What a good token's questions gave, with changes. */
export function tokenExam(changes: Partial<TokenExam> = {}): TokenExam {
  return {
    token: {
      value: { expiresAtSeconds: NOW / 1000 + 2_000_000, ttlSeconds: 2_000_000, renewable: true, orphan: true },
    },
    capabilities: { value: { "sys/metrics": ["read"], "sys/list/": ["list"] } },
    raft: {
      value: {
        index: 1,
        servers: ["vault-0", "vault-1", "vault-2"].map((nodeId, index) => ({
          nodeId,
          address: `${nodeId}:8201`,
          leader: index === 0,
          voter: true,
        })),
      },
    },
    settings: failed("denied"),
    ...changes,
  };
}

/** A cluster of three nodes without fault, with changes; `config` changes its configuration. */
export function exam(changes: Partial<Omit<ClusterExam, "config">> & { readonly config?: object } = {}): ClusterExam {
  const { config, ...rest } = changes;
  const nodes = rest.nodes ?? [activeNode(), node("vault-1"), node("vault-2")];
  const active = nodes.find(({ probe }) => probe.state === "active")?.probe.node;
  return {
    at: NOW,
    product: "openbao",
    nodes,
    active:
      active === undefined
        ? failed("no-leader", "cannot find the active node of prod: none; unseal")
        : { value: active },
    collectors: [
      { name: "leases", policy: [{ path: "sys/metrics", capabilities: ["read"] }] },
      { name: "walk", policy: [{ path: "sys/list/", capabilities: ["list"] }] },
    ],
    wantsStandbyMetrics: true,
    token: tokenExam(),
    operator: undefined,
    ...rest,
    config: Cluster.parse({
      name: "prod",
      nodes: nodes.map(({ probe }) => ({ name: probe.node.name, address: probe.node.address })),
      token: { env: "TOKEN" },
      ...config,
    }),
  };
}
