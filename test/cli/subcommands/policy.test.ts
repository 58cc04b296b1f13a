import { describe, expect, it } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../../src/app/package-files.ts";
import { call } from "../captured-io.ts";
import { startClusterFiles } from "../cluster-files.ts";

const paths = (hcl: string): readonly string[] =>
  [...hcl.matchAll(/^path "(?<path>[^"]+)"/gmu)].map(([, path]) => path ?? "");

const NODES = [{ name: "vault-0", address: "http://127.0.0.1:1" }];
const ENV = { SECRET: "x" };
const AUTH = { method: "approle", roleId: "r", secretId: { env: "SECRET" } };
const MINTING = {
  name: "prod",
  product: "openbao",
  nodes: NODES,
  operator: { auth: AUTH, tokenRole: "ops", policyPrefix: "watch-" },
};

describe("sealwatch policy", () => {
  it("prints for each part exactly what its users need, and `all` is both together", async () => {
    await using files = await startClusterFiles();
    const print = async (...part: readonly string[]) => await call(["policy", ...part, "--config", files.config]);
    const [all, exporter, runbooks] = [await print(), await print("exporter"), await print("runbooks")];
    for (const { code, err } of [all, exporter, runbooks]) expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(exporter.out).toMatch(/^# sealwatch policy exporter: /u);
    expect(paths(exporter.out)).toContain("sys/storage/raft/configuration");
    expect(paths(exporter.out)).not.toContain("sys/storage/raft/remove-peer");
    expect(paths(runbooks.out)).toContain("sys/storage/raft/remove-peer");
    expect([...paths(all.out)].sort()).toEqual([...new Set([...paths(exporter.out), ...paths(runbooks.out)])].sort());
    expect((await print("all")).out).toBe(all.out);
  });

  it("gives what the published pages say, for everything that is shipped", async () => {
    await using files = await startClusterFiles();
    for (const part of ["exporter", "runbooks"]) {
      const { out } = await call(["policy", part, "--config", files.config]);
      const published = await readFile(join(packageRoot, "docs", "policies", `${part}.hcl`), "utf8");
      expect(out.split("\n").slice(1).join("\n")).toBe(published.trimEnd());
    }
  });

  it("asks for less when fewer collectors are enabled", async () => {
    await using files = await startClusterFiles({ exporter: { collectors: ["node"] } });
    const { out } = await call(["policy", "exporter", "--config", files.config]);
    expect(paths(out)).toEqual([]);
  });

  it("prints JSON for programs", async () => {
    await using files = await startClusterFiles({ exporter: { collectors: ["raft"] } });
    const { out } = await call(["policy", "exporter", "--json", "--config", files.config]);
    expect(JSON.parse(out)).toContainEqual({ path: "sys/storage/raft/configuration", capabilities: ["read"] });
  });

  it("says what a token of its own needs besides, where sealwatch logs in", async () => {
    const nodes = [{ name: "vault-0", address: "http://127.0.0.1:1" }];
    const auth = { method: "approle", roleId: "r", secretId: { env: "PATH" } };
    await using files = await startClusterFiles({ clusters: [{ name: "prod", nodes, auth }] });
    const { out } = await call(["policy", "exporter", "--config", files.config], { PATH: "x" });
    expect(out.split("\n")[1]).toMatch(
      /^# for auth: lookup-self, renew-self and revoke-self come with the `default` policy/u,
    );
  });

  it("leaves the calls of actions out of the reading token where each call gets a token of its own", async () => {
    await using files = await startClusterFiles({ clusters: [MINTING] });
    for (const part of ["all", "runbooks"]) {
      const { code, out } = await call(["policy", part, "--config", files.config], ENV);
      expect(code).toBe(0);
      expect(paths(out)).toContain("sys/storage/raft/configuration");
      expect(paths(out)).not.toContain("sys/storage/raft/remove-peer");
    }
  });

  it("keeps them while one cluster has one token for all calls, and names those that could do without", async () => {
    await using files = await startClusterFiles({ clusters: [MINTING, { name: "staging", nodes: NODES }] });
    const { out } = await call(["policy", "runbooks", "--config", files.config], ENV);
    expect(paths(out)).toContain("sys/storage/raft/remove-peer");
    expect(out).toContain("# with the calls of actions, which prod mints for: leave those lines out there");
  });

  it("prints for the login of an operator that it may mint and end, and how to give it to the role", async () => {
    await using files = await startClusterFiles({ clusters: [MINTING] });
    const { code, out } = await call(["policy", "operator", "--config", files.config], ENV);
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        "# sealwatch policy operator: what the login of clusters[].operator may do: mint a token for an approved call, and end",
        "# give it to the role of clusters[].operator.auth, with token_ttl=5m token_max_ttl=5m token_no_default_policy=true token_type=service",
        "# and no token_num_uses: such tokens, and batch tokens, mint nothing",
        'path "auth/token/create/ops" { capabilities = ["update"] }',
        'path "auth/token/revoke-self" { capabilities = ["update"] }',
      ].join("\n"),
    });
  });

  it("prints for actions what a shell takes: a policy for each, and the role that mints with them", async () => {
    await using files = await startClusterFiles({ clusters: [MINTING] });
    const { code, out } = await call(["policy", "actions", "--config", files.config], ENV);
    expect(code).toBe(0);
    expect(out).toContain(
      [
        "bao policy write watch-vault-raft-remove-peer - <<'EOF'",
        'path "sys/storage/raft/remove-peer" { capabilities = ["update"] }',
        "EOF",
      ].join("\n"),
    );
    expect(out).toMatch(
      /^bao write auth\/token\/roles\/ops \\\n {2}allowed_policies=\S*watch-vault-raft-remove-peer\S* \\\n/mu,
    );
    for (const setting of ["orphan=false", "renewable=false", "token_no_default_policy=true"])
      expect(out).toContain(`  ${setting} \\\n`);
    expect(out).not.toContain("capabilities-self");
  });

  it("prints the same for programs", async () => {
    await using files = await startClusterFiles({ clusters: [MINTING] });
    const { out } = await call(["policy", "actions", "--json", "--config", files.config], ENV);
    expect(JSON.parse(out)).toEqual([
      {
        clusters: ["prod"],
        policies: expect.arrayContaining([
          {
            name: "watch-vault-raft-remove-peer",
            action: "vault.raft-remove-peer",
            rules: [{ path: "sys/storage/raft/remove-peer", capabilities: ["update"] }],
          },
        ]),
        role: {
          path: "auth/token/roles/ops",
          settings: expect.objectContaining({ orphan: "false", renewable: "false", token_explicit_max_ttl: "15m" }),
        },
      },
    ]);
  });

  it("prints what would be wanted by default while no cluster mints, and each way of several", async () => {
    await using plain = await startClusterFiles();
    const before = await call(["policy", "actions", "--config", plain.config]);
    expect(before.out).toContain("# for any cluster with clusters[].operator");
    expect(before.out).toContain("vault write auth/token/roles/sealwatch-operator \\\n");
    const other = { ...MINTING, name: "staging", product: "vault", operator: { auth: AUTH } };
    await using both = await startClusterFiles({ clusters: [MINTING, other] });
    const { out } = await call(["policy", "actions", "--config", both.config], ENV);
    expect(out.match(/^# for .*$/gmu)).toEqual(["# for prod", "# for staging"]);
    expect(out.match(/^\w+ write .* /gmu)).toEqual([
      "bao write auth/token/roles/ops ",
      "vault write auth/token/roles/sealwatch-operator ",
    ]);
  });

  it("asks for nothing that changes anything when no runbook does", async () => {
    await using files = await startClusterFiles({ runbooks: { directory: join(import.meta.dirname, "no-runbooks") } });
    const { code } = await call(["policy", "runbooks", "--config", files.config]);
    expect(code).toBe(2);
  });

  it("names the nearest part when there is none of that name", async () => {
    await using files = await startClusterFiles();
    expect(await call(["policy", "exporer", "--config", files.config])).toEqual({
      code: 2,
      out: "",
      err: 'sealwatch policy: there is no part "exporer"; did you mean "exporter"?',
    });
  });
});
