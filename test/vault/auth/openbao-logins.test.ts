import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { systemChance, systemClock, systemTimers } from "../../../src/app/system.ts";
import { Auth } from "../../../src/config/sections/auth.ts";
import { readSecret } from "../../../src/config/secret-source.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import type { ClusterAddress } from "../../../src/vault/create-cluster.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { isRootOnly } from "../../../src/vault/request-namespace.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { makeSigningKey, signJwt } from "./signed-jwt.ts";

const POLICY = `path "sys/storage/raft/configuration" { capabilities = ["read"] }
path "sys/leases/count" { capabilities = ["read"] }`;

const ROOT_ONLY_READS = [
  "sys/health",
  "sys/metrics?format=prometheus",
  "sys/audit",
  "sys/storage/raft/configuration",
  "sys/storage/raft/autopilot/state",
  "sys/key-status",
  "sys/rotate/config",
  "sys/rotate/root/init",
  "sys/generate-root/attempt",
  "sys/generate-root-token/attempt",
  "sys/rekey/init",
  "sys/quotas/config",
  "sys/quotas/rate-limit?list=true",
  "sys/host-info",
  "sys/in-flight-req",
  "sys/replication/status",
  "sys/config/state/sanitized",
  "sys/loggers",
  "sys/init",
];

const NAMESPACED_READS = [
  "sys/mounts",
  "sys/auth",
  "sys/leases/count?type=irrevocable",
  "sys/leases/lookup?list=true",
  "sys/internal/ui/mounts",
  "auth/token/lookup-self",
];

describeWith(["openbao", "openssl"], "logging in to a real OpenBao", () => {
  let bao: OpenBaoCluster;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  const opened: VaultCluster[] = [];

  beforeAll(async () => {
    bao = await openBaoForTest({ nodes: 3 });
    directory = await temporaryDirectory();
    await put("sys/policies/acl/reader", { policy: POLICY });
  });

  afterAll(async () => {
    await Promise.all(opened.map(async (cluster) => await cluster.close()));
    await bao[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  const call = async (method: string, path: string, body?: unknown, token?: string): Promise<unknown> => {
    const given = token === undefined ? [body] : [body, token];
    const answer = await bao.call(await bao.activeNode(), method, path, ...(given as [unknown, string?]));
    if (answer.statusCode >= 300)
      throw new Error(`${path} was answered ${answer.statusCode}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const put = async (path: string, body: object = {}): Promise<unknown> => await call("POST", path, body);

  const open = (auth: object, nodes?: ClusterAddress["nodes"]): VaultCluster => {
    const cluster = createVaultCluster(
      {
        name: "real",
        product: "auto",
        tls: { caFile: bao.caFile },
        nodes: nodes ?? bao.nodes.map(({ name, address }) => ({ name, address })),
        auth: Auth.parse(auth),
      },
      {
        identityMemory: { load: () => undefined, save: () => {} },
        login: {
          clock: systemClock,
          timers: systemTimers,
          random: systemChance,
          readSecret: async (source) => await readSecret(source, { env: {} }),
        },
      },
    );
    opened.push(cluster);
    return cluster;
  };

  const secretFile = async (name: string, secret: string): Promise<string> => {
    const file = join(directory.path, name);
    await writeFile(file, secret);
    return file;
  };

  const appRole = async (role: string, settings: object): Promise<object> => {
    await put("sys/auth/approle", { type: "approle" }).catch(() => undefined);
    await put(`auth/approle/role/${role}`, { token_policies: "reader", ...settings });
    const { data: id } = (await call("GET", `auth/approle/role/${role}/role-id`)) as Data<{ role_id: string }>;
    const { data: secret } = (await put(`auth/approle/role/${role}/secret-id`)) as Data<{ secret_id: string }>;
    return {
      method: "approle",
      roleId: id.role_id,
      secretId: { file: await secretFile(`secret-id-${role}`, secret.secret_id) },
    };
  };

  it("by AppRole: one token for all calls, which is gone at the end", async () => {
    const cluster = open(await appRole("once", { token_ttl: "1h" }));
    const active = await cluster.activeNode();
    for (let scrape = 0; scrape < 3; scrape += 1) expect((await active.raftConfiguration()).servers).toHaveLength(3);
    expect(cluster.authStats?.()).toEqual({ logins: 1, loginFailures: 0, renewals: 0, renewalFailures: 0 });

    const before = await accessors();
    await cluster.close();
    expect(before - (await accessors())).toBe(1);
  });

  it("by AppRole, through standbys alone: they forward the login", async () => {
    const active = await bao.activeNode();
    const standbys = bao.nodes.filter(({ name }) => name !== active.name);
    const nodes = standbys.map(({ name, address }) => ({ name, address }));
    const cluster = open(await appRole("forwarded", { token_ttl: "1h" }), nodes);
    // OpenBao's standbys look the role up in their own copy, which learns of a new one a moment later.
    await waitFor("a call by a standby's token", async () => await cluster.nodes[0]?.raftConfiguration());
    expect(cluster.authStats?.().logins).toBe(1);
  });

  it("by AppRole: the token is renewed, and replaced when it reaches its maximum", async () => {
    const cluster = open(await appRole("short", { token_ttl: "3s", token_max_ttl: "7s" }));
    const active = await cluster.activeNode();
    await active.raftConfiguration();
    await waitFor("a renewal and a second login", async () => {
      await active.raftConfiguration();
      const { renewals, logins } = cluster.authStats?.() ?? { renewals: 0, logins: 0 };
      return renewals > 0 && logins > 1 ? true : undefined;
    });
    expect(cluster.authStats?.()).toMatchObject({ loginFailures: 0 });
  });

  it("by AppRole: a batch token is replaced and never renewed", async () => {
    const cluster = open(await appRole("batch", { token_ttl: "3s", token_type: "batch" }));
    const active = await cluster.activeNode();
    await active.raftConfiguration();
    await waitFor("a second login", async () => ((cluster.authStats?.().logins ?? 0) > 1 ? true : undefined));
    expect(cluster.authStats?.()).toMatchObject({ renewals: 0, renewalFailures: 0, loginFailures: 0 });
  });

  it("by AppRole: a token that was revoked under us is replaced, and the calls work again", async () => {
    const cluster = open(await appRole("revoked", { token_ttl: "1h" }));
    const active = await cluster.activeNode();
    await active.raftConfiguration();
    await put("sys/leases/revoke-prefix/auth/approle", { sync: true });

    await expect(active.raftConfiguration()).rejects.toMatchObject({ reason: "denied" });
    await waitFor("a call with another token", async () => await active.raftConfiguration());

    expect(cluster.authStats?.()).toMatchObject({ logins: 2 });
  });

  it("by AppRole: a policy that lacks a line is no reason for another login", async () => {
    const cluster = open(await appRole("poor", { token_ttl: "1h" }));
    const active = await cluster.activeNode();
    for (let scrape = 0; scrape < 5; scrape += 1) {
      await expect(active.autopilotState()).rejects.toMatchObject({ reason: "denied" });
    }
    await expect(active.raftConfiguration()).resolves.toBeDefined();
    expect(cluster.authStats?.()).toMatchObject({ logins: 1 });
  });

  it("by AppRole without Vault's default policy: a missing line is still told from a revoked token", async () => {
    const cluster = open(await appRole("bare", { token_ttl: "1h", token_no_default_policy: true }));
    const active = await cluster.activeNode();
    await expect(active.autopilotState()).rejects.toMatchObject({ reason: "denied" });
    await expect(active.raftConfiguration()).resolves.toBeDefined();
    expect(cluster.authStats?.()).toMatchObject({ logins: 1 });
  });

  it("by JWT, signed with a key of ours", async () => {
    const key = makeSigningKey();
    await put("sys/auth/jwt", { type: "jwt" });
    await put("auth/jwt/config", { jwt_validation_pubkeys: [key.publicPem] });
    await put("auth/jwt/role/sealwatch", {
      role_type: "jwt",
      user_claim: "sub",
      bound_audiences: ["vault"],
      token_policies: "reader",
      token_ttl: "1h",
    });
    const jwt = { file: await secretFile("jwt", signJwt(key, { sub: "sealwatch", aud: "vault" })) };
    const cluster = open({ method: "jwt", role: "sealwatch", jwt });
    await expect((await cluster.activeNode()).raftConfiguration()).resolves.toBeDefined();

    const stranger = { file: await secretFile("bad", signJwt(makeSigningKey(), { sub: "sealwatch", aud: "vault" })) };
    const refused = open({ method: "jwt", role: "sealwatch", jwt: stranger });
    await expect((await refused.activeNode()).raftConfiguration()).rejects.toMatchObject({
      reason: "denied",
      message: expect.stringMatching(/^cannot call auth\/jwt\/login on vault-\d: the login was refused: /u),
    });
  });

  it("by Kubernetes, whose API server reviews the service account's token", async () => {
    await using reviewer = await startReviewer();
    await put("sys/auth/kubernetes", { type: "kubernetes" });
    await put("auth/kubernetes/config", {
      kubernetes_host: reviewer.address,
      token_reviewer_jwt: signJwt(makeSigningKey(), { sub: "reviewer" }),
      // It must be given, and over plain HTTP nobody looks at it.
      kubernetes_ca_cert: await readFile(bao.caFile, "utf8"),
      disable_local_ca_jwt: true,
    });
    await put("auth/kubernetes/role/sealwatch", {
      bound_service_account_names: "sealwatch",
      bound_service_account_namespaces: "monitoring",
      token_policies: "reader",
      token_ttl: "1h",
    });
    const jwtFile = await secretFile("service-account", signJwt(makeSigningKey(), SERVICE_ACCOUNT));
    const cluster = open({ method: "kubernetes", role: "sealwatch", jwtFile });
    await expect((await cluster.activeNode()).raftConfiguration()).resolves.toBeDefined();

    const refused = open({ method: "kubernetes", role: "nobody", jwtFile });
    await expect((await refused.activeNode()).raftConfiguration()).rejects.toMatchObject({ reason: "denied" });
  });

  it("in a namespace: the header goes with the login and with what the namespace has, and with nothing else", async () => {
    await put("sys/namespaces/team");
    const inTeam = async (path: string, body: object): Promise<unknown> => await put(`team/${path}`, body);
    await inTeam("sys/policies/acl/reader", { policy: POLICY });
    await inTeam("sys/auth/approle", { type: "approle" });
    await inTeam("auth/approle/role/team", { token_policies: "reader", token_ttl: "1h" });
    const { data: id } = (await call("GET", "team/auth/approle/role/team/role-id")) as Data<{ role_id: string }>;
    const { data: secret } = (await inTeam("auth/approle/role/team/secret-id", {})) as Data<{ secret_id: string }>;
    const secretId = { file: await secretFile("team", secret.secret_id) };
    const cluster = open({ method: "approle", namespace: "team", roleId: id.role_id, secretId });
    const active = await cluster.activeNode();

    // The token is the namespace's: what only the root namespace has is denied, not "operation unavailable in namespaces".
    await expect(active.raftConfiguration()).rejects.toMatchObject({ reason: "denied" });
    expect(cluster.authStats?.()).toMatchObject({ logins: 1, loginFailures: 0 });
    await cluster.close();
  });

  describe("isRootOnly", () => {
    it.each(ROOT_ONLY_READS)("agrees with OpenBao, which refuses %s in a namespace", async (path) => {
      expect(isRootOnly(path.split("?")[0] ?? "")).toBe(true);
      const { statusCode, body } = await inNamespace(path);
      expect({ statusCode, body: JSON.stringify(body) }).toEqual({
        statusCode: 400,
        body: expect.stringMatching(/unavailable in namespaces|only available in root namespace|not sealable/u),
      });
    });

    it.each(NAMESPACED_READS)("agrees with OpenBao, which answers %s in a namespace", async (path) => {
      expect(isRootOnly(path.split("?")[0] ?? "")).toBe(false);
      expect((await inNamespace(path)).statusCode).toBeLessThan(405);
      expect((await inNamespace(path)).statusCode).not.toBe(400);
    });
  });

  const inNamespace = async (path: string) => {
    await put("sys/namespaces/team").catch(() => undefined);
    return await bao.call(await bao.activeNode(), "GET", `team/${path}`);
  };

  const accessors = async (): Promise<number> => {
    const { data } = (await call("GET", "auth/token/accessors?list=true")) as Data<{ keys: readonly string[] }>;
    return data.keys.length;
  };
});

type Data<T> = { readonly data: T };

const SERVICE_ACCOUNT = {
  sub: "system:serviceaccount:monitoring:sealwatch",
  "kubernetes.io/serviceaccount/namespace": "monitoring",
  "kubernetes.io/serviceaccount/service-account.name": "sealwatch",
  "kubernetes.io/serviceaccount/service-account.uid": "uid-1",
};

/** Answers TokenReview as a Kubernetes API server does for one service account, and nothing else. */
async function startReviewer(): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer((request, response) => {
    const known = request.method === "POST" && request.url === "/apis/authentication.k8s.io/v1/tokenreviews";
    const user = { username: SERVICE_ACCOUNT.sub, uid: "uid-1", groups: ["system:serviceaccounts"] };
    response.writeHead(known ? 201 : 404, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        status: known ? { authenticated: true, user } : {},
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
