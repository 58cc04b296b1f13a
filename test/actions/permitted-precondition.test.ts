import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { PERMITTED_POLICY, readPermittedPrecondition } from "../../src/actions/permitted-precondition.ts";
import type { ActionContext, Precondition } from "../../src/actions/action.ts";
import { renderPolicy } from "../../src/lib/vault-policy.ts";
import type { OpenBaoCluster } from "../../src/sandbox/openbao/openbao.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { Operator, VaultCluster } from "../../src/vault/cluster.ts";
import { createVaultCluster, type ClusterAddress } from "../../src/vault/create-cluster.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";
import { fakeOperator } from "../vault/operator/fake-operator.ts";
import { createFakeCluster } from "./fake-cluster.ts";

const CALL = { path: "sys/storage/raft/remove-peer", capabilities: ["update"] } as const;
const OTHER = { path: "sys/storage/raft/configuration", capabilities: ["read"] } as const;

describe("asking a simulated cluster what the token for actions may do", () => {
  it.each([
    { name: "a token with the line", rules: [CALL], ok: true, value: "permitted" },
    { name: "a token without it", rules: [OTHER], ok: false, value: "missing" },
  ])("judges $name", async ({ rules, ok, value }) => {
    await using server = await startSimulatedCluster({ clock: { now: () => Date.now() } });
    server.policy("s.operate", rules);
    const [node] = server.nodes;
    if (node === undefined) throw new Error("no node was started");
    expect(await judge({ name: "prod", nodes: [node], tls: {} }, "s.operate")).toMatchObject({ ok, value });
  });
});

describe("asking a cluster that mints", () => {
  it("asks nobody: role and policy are said, and what is said does not change", async () => {
    const { cluster, calls } = createFakeCluster(["active"]);
    const permitted = await readPermittedPrecondition(
      contextOf({ ...cluster, operator: fakeOperator(() => cluster, "minted") }),
      cluster.node("vault-0"),
      [CALL],
      "vault.raft-remove-peer",
    );
    expect(permitted).toEqual({
      name: "permitted",
      ok: true,
      value: "minted at approval",
      text: "minted: the token for vault.raft-remove-peer",
    });
    expect(calls).toEqual([]);
  });
});

describe("judging what nobody can be asked about", () => {
  const { cluster } = createFakeCluster(["sealed"]);
  const withKind = (kind: Operator["kind"]) => contextOf({ ...cluster, operator: fakeOperator(() => cluster, kind) });

  it.each([
    { kind: "minted", calls: [CALL], ok: false, value: "no leader" },
    { kind: "static", calls: [CALL], ok: false, value: "no leader" },
    { kind: "none", calls: [CALL], ok: false, value: "none" },
    { kind: "minted", calls: [], ok: true, value: "not needed" },
    { kind: "static", calls: [], ok: true, value: "not needed" },
    { kind: "none", calls: [], ok: true, value: "not needed" },
  ] as const)("is $value without an active node, for a $kind token and $calls.length calls", async (row) => {
    const permitted = await readPermittedPrecondition(withKind(row.kind), undefined, row.calls, "vault.step-down");
    expect(permitted).toMatchObject({ name: "permitted", ok: row.ok, value: row.value });
  });

  it("says what to configure where nothing is", async () => {
    const { text } = await readPermittedPrecondition(withKind("none"), undefined, [CALL], "vault.step-down");
    expect(text).toBe("none: the token for vault.step-down");
  });
});

describeWith(["openbao", "openssl"], "asking a real cluster what the token for actions may do", () => {
  let server: OpenBaoCluster;

  beforeAll(async () => {
    server = await openBaoForTest({ nodes: 1, clusterName: "permitted" });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  const create = async (body: object): Promise<string> => {
    const [node] = server.nodes;
    if (node === undefined) throw new Error("no node was started");
    const answer = await server.call(node, "POST", "auth/token/create", body);
    return (answer.body as { readonly auth: { readonly client_token: string } }).auth.client_token;
  };

  const tokens: readonly { name: string; token: () => Promise<string | undefined>; ok: boolean; value: string }[] = [
    { name: "root", token: async () => await Promise.resolve(server.rootToken), ok: true, value: "permitted" },
    {
      name: "with the line",
      token: async () => await server.createToken(renderPolicy([CALL, PERMITTED_POLICY])),
      ok: true,
      value: "permitted",
    },
    {
      name: "without it",
      token: async () => await server.createToken(renderPolicy([OTHER, PERMITTED_POLICY])),
      ok: false,
      value: "missing",
    },
    {
      name: "without Vault's default policy, so that it may not ask",
      token: async () => await create({ policies: ["nothing"], no_default_policy: true }),
      ok: true,
      value: "unchecked",
    },
    {
      name: "that was revoked",
      token: async () => await revoked(server, await create({})),
      ok: false,
      value: "invalid",
    },
    {
      name: "that is not configured",
      token: async () => await Promise.resolve(undefined),
      ok: false,
      value: "none",
    },
  ];

  it.each(tokens)("judges a token $name", async ({ token, ok, value }) => {
    const nodes = server.nodes.map(({ name, address }) => ({ name, address }));
    const address = { name: "prod", nodes, tls: { caFile: server.caFile } };
    expect(await judge(address, await token())).toMatchObject({ name: "permitted", ok, value });
  });
});

function contextOf(cluster: VaultCluster): ActionContext {
  return { cluster, clock: { now: () => 0 }, signal: new AbortController().signal, services: {} };
}

async function judge(address: Omit<ClusterAddress, "product">, token: string | undefined): Promise<Precondition> {
  const cluster = createVaultCluster(
    { ...address, product: "auto", ...(token === undefined ? {} : { operatorToken: { env: "OPERATE" } }) },
    { identityMemory: { load: () => undefined, save: () => {} }, env: token === undefined ? {} : { OPERATE: token } },
  );
  try {
    const context = contextOf(cluster);
    const active = await waitFor("an active node", async () => await cluster.activeNode().catch(() => undefined));
    return await readPermittedPrecondition(context, active, [CALL], "vault.raft-remove-peer");
  } finally {
    await cluster.close();
  }
}

async function revoked(server: OpenBaoCluster, token: string): Promise<string> {
  const [node] = server.nodes;
  if (node !== undefined) await server.call(node, "POST", "auth/token/revoke", { token });
  return token;
}
