import { readdirSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import type { ClusterExam, OperatorTrial } from "../../../src/cli/doctor/examination.ts";
import { rules } from "../../../src/cli/doctor/rules.ts";
import { health, leader } from "../../vault/fake-node.ts";
import { DAY, NOW, activeNode, certificate, exam, failed, node, sample, tokenExam } from "./exam.ts";

const MINTING = { operator: { auth: { method: "kubernetes", role: "sealwatch-operator" } } };

const trial = (action: string): OperatorTrial => ({
  action,
  end: { value: { revoked: "verified", text: "the token of this call was revoked" } },
});

const folder = new URL("../../../src/cli/doctor/rules/", import.meta.url);

/** What a rule says, one line each: `level node: seen → fix`. */
function said(name: string, judged: ClusterExam): readonly string[] {
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  return rule.judge(judged).map(({ level, node: of, seen, fix }) => {
    const subject = of === undefined ? "" : ` ${of}`;
    return `${level}${subject}: ${seen}${fix === undefined ? "" : ` → ${fix}`}`;
  });
}

describe("rules", () => {
  it("are every file of the folder, each with a name of its own", () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.ts$/u, ""));
    expect(rules.map(({ name }) => name).sort()).toEqual(files.sort());
  });

  it.each(rules)("$name finds no fault in a cluster that is well, and says so", ({ judge }) => {
    const diagnoses = judge(exam());
    expect(diagnoses.length).toBeGreaterThan(0);
    expect(diagnoses.filter(({ level }) => level !== "ok")).toEqual([]);
  });

  it.each(rules)("$name can judge a cluster of which nobody answers", ({ judge }) => {
    const failure = { reason: "timeout", retryable: true, message: "cannot read sys/health: no answer; look" } as const;
    const silent = node(
      "vault-0",
      {
        state: "unreachable",
        health: undefined,
        leader: undefined,
        clockSkewSeconds: undefined,
        listener: undefined,
        failure,
      },
      {
        openMetrics: undefined,
        tokenMetrics: undefined,
      },
    );
    expect(() => judge(exam({ nodes: [silent], token: undefined }))).not.toThrow();
  });
});

const withUuids = ["vault-0", "vault-1", "vault-2"].map((host, index) => ({
  nodeId: `0a1b2c3d-0000-0000-0000-00000000000${index}`,
  address: `${host}:8201`,
  leader: index === 0,
  voter: true,
}));

const rows: readonly { name: string; rule: string; judged: ClusterExam; expected: readonly string[] }[] = [
  {
    name: "a node that does not answer",
    rule: "reachable",
    judged: exam({
      nodes: [
        node("vault-0", {
          state: "unreachable",
          failure: {
            reason: "timeout",
            retryable: true,
            message: "cannot read sys/health on vault-0: it hangs; check its disk",
          },
        }),
      ],
    }),
    expected: ["problem vault-0: cannot read sys/health on vault-0: it hangs → check its disk"],
  },
  {
    name: "a search that found nothing",
    rule: "reachable",
    judged: exam({ nodes: [], config: { discovery: { type: "dns", name: "vault-internal" } } }),
    expected: ["problem: no node is known → see clusters[].discovery (dns) of prod, and what its search said above"],
  },
  {
    name: "a sealed node",
    rule: "sealed",
    judged: exam({ nodes: [activeNode(), node("vault-1", { state: "sealed" })] }),
    expected: ["problem vault-1: sealed (seal unknown) → sealwatch run sealed-node cluster=prod node=vault-1"],
  },
  {
    name: "a node without data",
    rule: "sealed",
    judged: exam({ nodes: [node("vault-1", { state: "uninitialized" })] }),
    expected: ["problem vault-1: it has no data → let it join its cluster (see its log), or give it back its volume"],
  },
  {
    name: "a certificate that ends soon",
    rule: "certificate",
    judged: exam({ nodes: [withCertificate({ chainNotAfter: NOW + 20 * DAY })] }),
    expected: [
      "warning vault-1: its certificate ends on 2026-02-04, in 20 d → renew it, and reload the listener (SIGHUP)",
    ],
  },
  {
    name: "a certificate that has ended",
    rule: "certificate",
    judged: exam({ nodes: [withCertificate({ chainNotAfter: NOW - 1, trusted: false })] }),
    expected: ["problem vault-1: its certificate ended on 2026-01-15 → renew it, and reload the listener (SIGHUP)"],
  },
  {
    name: "a certificate for another name",
    rule: "certificate",
    judged: exam({
      nodes: [withCertificate({ nameMismatch: true })],
      config: { tls: { serverName: "vault.internal" } },
    }),
    expected: [
      "problem vault-1: its certificate is not for vault.internal → set tls.serverName to a name in the certificate",
    ],
  },
  {
    name: "a certificate of nobody we know",
    rule: "certificate",
    judged: exam({ nodes: [withCertificate({ trusted: false })] }),
    expected: ["problem vault-1: no authority of ours vouches for its certificate → name its authority in tls.caFile"],
  },
  {
    name: "another cluster at an address",
    rule: "identity",
    judged: exam({
      nodes: [
        activeNode(),
        node("vault-1", { failure: { reason: "wrong-cluster", retryable: false, message: "m; n" } }),
      ],
    }),
    expected: [
      "problem: another cluster answers for vault-1 → correct the addresses, or set clusters[].clusterId to the new id when the cluster was rebuilt",
    ],
  },
  {
    name: "nobody who leads",
    rule: "leader",
    judged: exam({ nodes: [node("vault-1", { leader: leader() })] }),
    expected: [
      "problem: cannot find the active node of prod: none → unseal or start nodes until a majority of the voters serves",
    ],
  },
  {
    name: "a leader that is not configured",
    rule: "leader",
    judged: exam({ nodes: [node("vault-1")] }),
    expected: [
      "problem: cannot find the active node of prod: none → list https://vault-0:8200 under clusters[].nodes if it lives: a standby goes on naming a leader that is gone",
    ],
  },
  {
    name: "two who call themselves active",
    rule: "leader",
    judged: exam({ nodes: [activeNode(), node("vault-1", { leader: leader({ isSelf: true }) })] }),
    expected: [
      "problem: vault-0 and vault-1 both call themselves active → ask again: an election ends within seconds, a split does not",
    ],
  },
  {
    name: "a server that is not configured",
    rule: "members",
    judged: exam({ nodes: [activeNode(), node("vault-1")] }),
    expected: [
      "warning: raft knows servers that are not configured: vault-2 (vault-2:8201) → list each under clusters[].nodes by its own API address, with raftNodeId when its name is another",
    ],
  },
  {
    name: "servers whose ids are UUIDs, which their hosts tell apart",
    rule: "members",
    judged: exam({ token: tokenExam({ raft: { value: { index: 1, servers: withUuids } } }) }),
    expected: ["ok: raft knows 3 servers, and all are configured"],
  },
  {
    name: "one address behind which a leader has another",
    rule: "members",
    judged: exam({
      nodes: [activeNode({ leader: leader({ isSelf: true, leaderAddress: "https://10.0.0.7:8200" }) })],
      token: undefined,
    }),
    expected: [
      "warning: the only configured node is https://vault-0:8200, and the leader calls itself https://10.0.0.7:8200 → if a load balancer answers, its series mix several nodes: list each node under clusters[].nodes by its own address",
    ],
  },
  {
    name: "a clock that is off",
    rule: "clock",
    judged: exam({ nodes: [activeNode({ clockSkewSeconds: 2 }), node("vault-1", { clockSkewSeconds: -40 })] }),
    expected: [
      "warning vault-1: its clock is 40 s behind ours → synchronise both with NTP (chronyc tracking); TTLs and JWTs are judged by it",
    ],
  },
  {
    name: "two versions",
    rule: "version",
    judged: exam({ nodes: [activeNode(), node("vault-1", { health: health({ version: "2.6.0" }) })] }),
    expected: [
      expect.stringMatching(
        /^warning: different versions: \S+ on vault-0; 2\.6\.0 on vault-1 → finish the upgrade: the standbys first, the active node last$/u,
      ) as unknown as string,
    ],
  },
  {
    name: "another product than the configured one",
    rule: "version",
    judged: exam({
      nodes: [activeNode({ health: health({ hasVaultOnlyKeys: true }) })],
      config: { product: "openbao" },
    }),
    expected: ["warning: the nodes answer as HashiCorp's Vault does → set clusters[].product of prod to vault"],
  },
  {
    name: "no token at all",
    rule: "token",
    judged: exam({ token: undefined, config: { token: undefined } }),
    expected: [
      "warning: none is configured: these collectors show nothing: leases, walk → set token or auth of cluster prod; `sealwatch policy exporter` prints what it may do",
    ],
  },
  {
    name: "a token that nobody knows",
    rule: "token",
    judged: exam({ token: tokenExam({ token: failed("denied") }) }),
    expected: [
      "problem: cannot read it: denied → give a new token when it has expired; a valid one lacks Vault's `default` policy (or its lines for lookup-self and capabilities-self)",
    ],
  },
  {
    name: "a login that fails",
    rule: "token",
    judged: exam({
      config: { token: undefined, auth: { method: "kubernetes", role: "r" } },
      token: tokenExam({ token: failed("denied", "cannot log in: refused; check the role") }),
    }),
    expected: ["problem: cannot log in: refused → check the role"],
  },
  {
    name: "a token that ends soon",
    rule: "token",
    judged: exam({
      token: tokenExam({ token: { value: { expiresAtSeconds: 1, ttlSeconds: 3600, renewable: true, orphan: true } } }),
    }),
    expected: [
      "warning: ends in 1h, and nobody but its owner renews it → let sealwatch log in by itself (clusters[].auth), or let an agent write the file (token: { file })",
    ],
  },
  {
    name: "a token of our own that ends soon, which is as it should be",
    rule: "token",
    judged: exam({
      config: { token: undefined, auth: { method: "kubernetes", role: "r" } },
      token: tokenExam({ token: { value: { expiresAtSeconds: 1, ttlSeconds: 3600, renewable: true, orphan: true } } }),
    }),
    expected: ["ok: logged in by kubernetes; sealwatch renews the token (1h left)"],
  },
  {
    name: "a root token",
    rule: "token",
    judged: exam({ token: tokenExam({ capabilities: { value: { "sys/metrics": ["root"] } } }) }),
    expected: [
      "warning: it is a root token: whoever reads it owns the cluster → give it a policy of its own: sealwatch policy exporter | vault policy write sealwatch-exporter -",
    ],
  },
  {
    name: "a policy that lacks a list",
    rule: "permissions",
    judged: exam({ token: tokenExam({ capabilities: { value: { "sys/metrics": ["read"], "sys/list/": ["deny"] } } }) }),
    expected: ['problem: walk: may not list sys/list/ → add: path "sys/list/" { capabilities = ["list"] }'],
  },
  {
    name: "a policy that lacks sudo beside what it has",
    rule: "permissions",
    judged: exam({
      collectors: [{ name: "audit", policy: [{ path: "sys/audit", capabilities: ["read", "sudo"] }] }],
      token: tokenExam({ capabilities: { value: { "sys/audit": ["read"] } } }),
    }),
    expected: ['problem: audit: may not sudo sys/audit → add: path "sys/audit" { capabilities = ["read", "sudo"] }'],
  },
  {
    name: "a pattern, by a path that it covers",
    rule: "permissions",
    judged: exam({
      collectors: [{ name: "backup", policy: [{ path: "sys/auto/status/*", capabilities: ["read"] }] }],
      token: tokenExam({ capabilities: { value: { "sys/auto/status/sealwatch": ["read"] } } }),
    }),
    expected: ["ok: all that 1 collectors need"],
  },
  {
    name: "no operator that mints: there is nothing to try",
    rule: "operator",
    judged: exam({ config: { operatorToken: { env: "T" } } }),
    expected: ["ok: one token serves every call (clusters[].operator would mint one for each)"],
  },
  {
    name: "no token for actions at all",
    rule: "operator",
    judged: exam({ token: undefined, config: { token: undefined } }),
    expected: ["ok: no token is configured, so no runbook can change anything"],
  },
  {
    name: "minting that could not be tried",
    rule: "operator",
    judged: exam({ config: MINTING }),
    expected: ["warning: minting was not tried: no node is active → see the rule `leader`"],
  },
  {
    name: "minting that nobody needs",
    rule: "operator",
    judged: exam({ config: MINTING, operator: [] }),
    expected: ["ok: no runbook in use has an action that calls Vault"],
  },
  {
    name: "minting that works",
    rule: "operator",
    judged: exam({ config: MINTING, operator: [trial("vault.seal-node"), trial("vault.step-down")] }),
    expected: ["ok: a token was minted and revoked for each of 2 actions in use"],
  },
  {
    name: "what is wrong with every action, once, and what is wrong with one beside it",
    rule: "operator",
    judged: exam({
      config: MINTING,
      operator: [
        {
          action: "vault.seal-node",
          end: failed("denied", "cannot log in for vault.seal-node: refused; check the role"),
        },
        {
          action: "vault.step-down",
          end: failed("denied", "cannot log in for vault.step-down: refused; check the role"),
        },
        { action: "vault.rotate", end: failed("refused", "cannot use what was given: no policy; write it") },
        trial("vault.audit-disable"),
      ],
    }),
    expected: [
      "problem: cannot log in for vault.seal-node: refused (and so for vault.step-down) → check the role",
      "problem: cannot use what was given: no policy → write it",
    ],
  },
  {
    name: "a token of a trial that could not be revoked",
    rule: "operator",
    judged: exam({
      config: MINTING,
      operator: [
        {
          action: "vault.seal-node",
          end: { value: { revoked: "unverified", text: "nobody knows; it ends by itself" } },
        },
      ],
    }),
    expected: [
      "problem: vault.seal-node: nobody knows; it ends by itself → `sealwatch policy operator` prints what the login must be permitted",
    ],
  },
  {
    name: "metrics that anybody gets",
    rule: "metrics-access",
    judged: exam({ nodes: [activeNode({}, { openMetrics: { value: [] } })] }),
    expected: [
      "warning: vault-0 gives mounts, policies and counts to anybody (unauthenticated_metrics_access) → unless this listener is private: unauthenticated_metrics_access = false in listener { telemetry { … } } (on Vault, standbys then show none)",
    ],
  },
  {
    name: "a standby that redirects",
    rule: "metrics-access",
    judged: exam({ nodes: [activeNode(), node("vault-1", {}, { tokenMetrics: failed("standby") })] }),
    expected: [
      "warning vault-1: a standby of this product shows no metrics of its own to a token → exporter.passthrough.mode: active, or a private listener with unauthenticated_metrics_access = true",
    ],
  },
  {
    name: "a standby that redirects, whose metrics nobody wants",
    rule: "metrics-access",
    judged: exam({
      nodes: [activeNode(), node("vault-1", {}, { tokenMetrics: failed("standby") })],
      wantsStandbyMetrics: false,
    }),
    expected: ["ok: nobody reads them without a token"],
  },
  {
    name: "a standby that gives the active node's metrics",
    rule: "metrics-access",
    judged: exam({ nodes: [node("vault-1", {}, { tokenMetrics: { value: [sample("core_active", 1)] } })] }),
    expected: [
      "warning vault-1: a standby, it answers with the active node's metrics → remove disable_standby_reads from its configuration, or take exporter.passthrough.mode: active",
    ],
  },
  {
    name: "a server without a telemetry stanza",
    rule: "telemetry",
    judged: exam({ nodes: [activeNode({}, { tokenMetrics: failed("refused") })] }),
    expected: [
      'warning vault-0: it has no metrics of its own: Prometheus is off → add to its configuration: telemetry { prometheus_retention_time = "24h" disable_hostname = true }',
    ],
  },
  {
    name: "a standby that does not know our token, which answers 400 too",
    rule: "telemetry",
    judged: exam({
      nodes: [activeNode(), node("vault-1", {}, { tokenMetrics: failed("refused"), openMetrics: failed("refused") })],
      token: tokenExam({ token: failed("denied") }),
    }),
    expected: ["ok: on, and nothing in it misleads"],
  },
  {
    name: "a retention of 30 s, as the documentation shows it",
    rule: "telemetry",
    judged: exam({ token: tokenExam({ settings: settings({ prometheusRetentionMs: 30_000 }) }) }),
    expected: [
      'warning: prometheus_retention_time is 30s: gauges that are written every 10m come and go → prometheus_retention_time = "24h"',
    ],
  },
  {
    name: "a retention of a month",
    rule: "telemetry",
    judged: exam({ token: tokenExam({ settings: settings({ prometheusRetentionMs: 30 * DAY }) }) }),
    expected: [
      'warning: prometheus_retention_time is 30d: a former leader repeats its old values for so long → prometheus_retention_time = "24h"',
    ],
  },
  {
    name: "the series of a start without a cluster's name",
    rule: "telemetry",
    judged: exam({
      nodes: [
        activeNode(),
        node(
          "vault-1",
          {},
          {
            tokenMetrics: {
              value: [sample("core_unsealed", 0, { cluster: "" }), sample("core_unsealed", 1, { cluster: "p" })],
            },
          },
        ),
      ],
    }),
    expected: [
      'warning vault-1: core_unsealed{cluster=""} says 0 beside the real one → set cluster_name = "…" at the top of its configuration file',
    ],
  },
  {
    name: "usage gauges that never come",
    rule: "telemetry",
    judged: exam({ nodes: [activeNode({}, { tokenMetrics: { value: [sample("core_active", 1)] } })] }),
    expected: [
      'warning vault-0: no usage gauges (token_count, …) although it leads for 1d → telemetry { usage_gauge_period = "10m" }, and see its log for "usage gauge"',
    ],
  },
  {
    name: "usage gauges that cannot be there yet",
    rule: "telemetry",
    judged: exam({
      nodes: [
        activeNode(
          { leader: leader({ isSelf: true, activeTime: new Date(NOW - 60_000).toISOString() }) },
          { tokenMetrics: { value: [sample("core_active", 1)] } },
        ),
      ],
    }),
    expected: ["ok: on, and nothing in it misleads"],
  },
];

describe("judging", () => {
  it.each(rows)("$rule: $name", ({ rule, judged, expected }) => {
    expect(said(rule, judged)).toEqual(expected);
  });
});

function withCertificate(changes: Parameters<typeof certificate>[0]) {
  const shown = certificate(changes);
  return node("vault-1", { listener: { resolveMs: 0, connectMs: 1, tlsMs: 1, certificate: shown } });
}

function settings(changes: { readonly prometheusRetentionMs?: number }) {
  const value = { clusterName: "prod", prometheusRetentionMs: undefined, usageGaugePeriodMs: 600_000, ...changes };
  return { value };
}
