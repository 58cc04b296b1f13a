import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { ReportRow } from "../../../src/cli/doctor/report.ts";
import type { SimulatedCluster } from "../../../src/sandbox/vault/simulated-cluster.ts";
import type { PolicyRule } from "../../../src/lib/vault-policy.ts";
import { call } from "../captured-io.ts";
import { startClusterFiles } from "../cluster-files.ts";

const TOKEN = "s.canary000000000000000000";
const COLLECTORS = ["node", "raft"];
const LINES: readonly PolicyRule[] = [
  { path: "sys/storage/raft/configuration", capabilities: ["read"] },
  { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
  { path: "sys/metrics", capabilities: ["read"] },
];

/** A cluster whose configuration has a token, with the collectors that need the least. */
async function startWorld(rules: readonly PolicyRule[] = LINES) {
  const files = await startClusterFiles({ exporter: { collectors: COLLECTORS } });
  files.cluster.policy(TOKEN, rules);
  const doctor = async (...args: readonly string[]) => {
    const env = { VAULT_TOKEN: TOKEN };
    const result = await call(["doctor", ...args, "--config", files.config], env);
    expect(`${result.out}${result.err}`).not.toContain("canary");
    return result;
  };
  const rows = async () => {
    const { code, out } = await doctor("--json");
    return { code, rows: JSON.parse(out) as readonly ReportRow[] };
  };
  return { ...files, doctor, rows };
}

describe("sealwatch doctor", () => {
  it("gives 0 for a cluster that is well, and says of each rule what it saw", async () => {
    await using world = await startWorld();
    const { code, out, err } = await world.doctor();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.split("\n");
    expect(lines[0]).toBe("prod");
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}ok {7}reachable {7}vault-0 {2}active, \S+, answers in \d+ ms$/u),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}ok {7}permissions +all that 2 collectors need$/u));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}ok {2}runbooks +12 loaded: /u));
    // The simulation speaks plain HTTP, and its tokens live for a day.
    expect(lines.at(-1)).toBe("0 problems, 4 warnings");
    const fixes = lines.filter((line) => line.includes("→"));
    expect(fixes.slice(0, 3)).toEqual(
      Array.from({ length: 3 }, () => `${" ".repeat(36)}→ use https:// and tls.caFile`),
    );
    expect(fixes[3]).toMatch(/^ {36}→ let sealwatch log in by itself/u);
  });

  it("changes nothing: it reads, asks what the token may do, and no more", async () => {
    await using world = await startWorld();
    await world.doctor();
    const changes = world.cluster.calls.filter(({ method }) => method !== "GET").map(({ path }) => path);
    expect([...new Set(changes)]).toEqual(["sys/capabilities-self"]);
  });

  it("names the very line that the token's policy lacks", async () => {
    await using world = await startWorld(LINES.slice(1));
    const { code, rows } = await world.rows();
    expect(code).toBe(1);
    expect(rows.filter(({ level }) => level === "problem")).toEqual([
      {
        cluster: "prod",
        rule: "permissions",
        level: "problem",
        node: null,
        seen: "raft: may not read sys/storage/raft/configuration",
        fix: 'add: path "sys/storage/raft/configuration" { capabilities = ["read"] }',
      },
    ]);
  });

  it("finds the sealed node, and asks the others all the same", async () => {
    await using world = await startWorld();
    world.cluster.seal("vault-2");
    const { code, rows } = await world.rows();
    expect(code).toBe(1);
    expect(problems(rows)).toEqual(["sealed vault-2: sealed (shamir): 0 of 2 key shares entered"]);
    expect(rows).toContainEqual(expect.objectContaining({ rule: "permissions", level: "ok" }));
  });

  it("works when every node is sealed", async () => {
    await using world = await startWorld();
    for (const { name } of world.cluster.nodes) world.cluster.seal(name);
    const { code, rows } = await world.rows();
    expect(code).toBe(1);
    expect(rows.filter(({ rule }) => rule === "sealed")).toHaveLength(3);
    expect(rows).toContainEqual(expect.objectContaining({ rule: "token", level: "warning" }));
  });

  it("says that a frozen node has not answered, while it waits and at the end, and ends soon", async () => {
    await using world = await startWorld();
    const standby = standbyOf(world.cluster);
    world.cluster.freeze(standby);
    const { code, out, err } = await world.doctor();
    world.cluster.thaw(standby);
    expect(code).toBe(1);
    expect(err).toContain(`prod: ${standby} has not answered yet`);
    expect(out).toMatch(
      /PROBLEM {2}reachable +vault-\d {2}cannot read sys\/health on vault-\d: no whole answer within 3s\n +→ /u,
    );
    expect(out).toMatch(/ok +permissions/u);
  });

  it("says what is wrong with a token that nobody knows, and asks strangers for nothing with it", async () => {
    await using world = await startWorld();
    const { code, out } = await call(["doctor", "--config", world.config], {
      VAULT_TOKEN: "s.unknowncanary0000000000",
    });
    expect(code).toBe(1);
    expect(out).toMatch(/PROBLEM {2}token +cannot read auth\/token\/lookup-self on vault-\d: denied \(403\)/u);
    expect(out).not.toContain("unknowncanary");
  });

  it("says which collectors are idle without a token", async () => {
    await using world = await startWorld();
    const { code, out } = await call(["doctor", "--config", world.config]);
    expect(code).toBe(0);
    expect(out).toMatch(/WARNING {2}token +none is configured: these collectors show nothing: raft$/mu);
  });

  it("logs in by itself where that is configured, once, and gives the token back", async () => {
    await using files = await startClusterFiles();
    const { cluster, directory } = files;
    cluster.logins.allow({ mount: "approle", role: "r", secret: "canary", ttlSeconds: 60, rules: LINES });
    const nodes = cluster.nodes.map(({ name, address }) => ({ name, address }));
    const auth = { method: "approle", roleId: "r", secretId: { env: "SECRET_ID" } };
    await using other = await startClusterFiles({
      store: { path: join(directory, "s.db") },
      exporter: { collectors: COLLECTORS },
      clusters: [{ name: "prod", nodes, auth }],
    });
    const { out } = await call(["doctor", "--config", other.config], { SECRET_ID: "canary" });
    expect(out).toMatch(/ok +token +logged in by approle; sealwatch renews the token/u);
    expect(out).not.toContain("canary");
    expect(cluster.calls.filter(({ path }) => path === "auth/approle/login")).toHaveLength(1);
    expect(cluster.logins.living()).toEqual([]);

    const refused = await call(["doctor", "--config", other.config], { SECRET_ID: "wrong-canary" });
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(
      /PROBLEM {2}token +cannot call auth\/approle\/login on vault-\d: the login was refused: /u,
    );
    expect(refused.out).not.toContain("canary");
  });

  it("finds a store that cannot be written", async () => {
    await using files = await startClusterFiles();
    await using world = await startClusterFiles({ store: { path: join(files.directory, "missing", "s.db") } });
    const { code, out } = await call(["doctor", "--config", world.config]);
    expect(code).toBe(1);
    expect(out).toMatch(/PROBLEM {2}store +the directory \S+missing cannot be written \(ENOENT\)\n +→ create it/u);
  });

  it("takes one cluster by its name, and names the nearest when there is none", async () => {
    await using world = await startWorld();
    expect((await world.doctor("prod")).code).toBe(0);
    expect(await world.doctor("prd")).toEqual({
      code: 2,
      out: "",
      err: 'sealwatch doctor: there is no cluster "prd"; did you mean "prod"?',
    });
  });

  it("needs no configuration file where the environment names a server", async () => {
    await using world = await startWorld();
    const [node] = world.cluster.nodes;
    const { out } = await call(["doctor", "--json"], { VAULT_ADDR: node?.address ?? "", VAULT_TOKEN: TOKEN });
    const rows = JSON.parse(out) as readonly ReportRow[];
    expect(rows[0]).toMatchObject({ cluster: "default", rule: "reachable", level: "ok", node: "127.0.0.1" });
    expect(rows).toContainEqual(
      expect.objectContaining({ rule: "members", level: "warning", seen: expect.stringContaining("vault-1") }),
    );
  });
});

function problems(rows: readonly ReportRow[]): readonly string[] {
  return rows.flatMap(({ level, rule, node, seen }) => (level === "problem" ? [`${rule} ${node}: ${seen}`] : []));
}

function standbyOf(cluster: SimulatedCluster): string {
  return cluster.nodes.find(({ name }) => name !== cluster.leader())?.name ?? "";
}
