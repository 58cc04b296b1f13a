import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { ReportRow } from "../../../src/cli/doctor/report.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { call } from "../captured-io.ts";

describeWith(["openbao", "openssl"], "sealwatch doctor on a real OpenBao", () => {
  let bao: OpenBaoCluster;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let config: string;

  beforeAll(async () => {
    bao = await openBaoForTest({ nodes: 3 });
    directory = await temporaryDirectory();
    config = join(directory.path, "sealwatch.yaml");
    const nodes = bao.nodes.map(({ name, address }) => ({ name, address }));
    await writeFile(
      config,
      stringify({
        store: { path: join(directory.path, "s.db") },
        clusters: [{ name: "real", tls: { caFile: bao.caFile }, nodes, token: { env: "TOKEN" } }],
      }),
    );
  });

  afterAll(async () => {
    await bao[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  /** A token as a login would give it: with Vault's `default` policy. */
  const tokenWith = async (hcl: string): Promise<string> => {
    const active = await bao.activeNode();
    await bao.call(active, "PUT", "sys/policies/acl/doctor", { policy: hcl });
    const { body } = await bao.call(active, "POST", "auth/token/create", {
      policies: ["default", "doctor"],
      ttl: "768h",
    });
    return (body as { readonly auth: { readonly client_token: string } }).auth.client_token;
  };
  const policy = async (): Promise<string> =>
    (await call(["policy", "exporter", "--config", config], { TOKEN: "x" })).out;

  const examine = async (token: string): Promise<{ code: number; err: string; rows: readonly ReportRow[] }> => {
    const { code, out, err } = await call(["doctor", "--json", "--config", config], { TOKEN: token });
    expect(out + err).not.toContain(token);
    // The sandbox' certificates live for three days, which is worth a warning every time.
    const rows = (JSON.parse(out) as readonly ReportRow[]).filter(({ rule }) => rule !== "certificate");
    return { code, err, rows };
  };

  it("finds nothing to say of one that is well, with exactly the policy that sealwatch prints", async () => {
    const { code, err, rows } = await examine(await tokenWith(await policy()));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(rows.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(rows.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(["reachable", "permissions", "token", "telemetry", "metrics-access", "members"]),
    );
  });

  it("names each line that is taken out of that policy, and no other", async () => {
    // Every token may look itself up: that line is in the default policy too.
    const lines = (await policy())
      .split("\n")
      .filter((line) => line.startsWith("path ") && !line.includes("lookup-self"));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const { code, rows } = await examine(await tokenWith(lines.filter((other) => other !== line).join("\n")));
      expect({ line, code }).toEqual({ line, code: 1 });
      expect(
        rows.filter(({ rule, level }) => rule === "permissions" && level === "problem").map(({ fix }) => fix),
      ).toEqual([`add: ${line}`]);
    }
  });

  it("says of a token that was revoked what to do", async () => {
    const token = await tokenWith(await policy());
    await bao.call(await bao.activeNode(), "POST", "auth/token/revoke-self", {}, token);
    const { code, rows } = await examine(token);
    expect(code).toBe(1);
    expect(rows.filter(({ level }) => level !== "ok")).toEqual([
      expect.objectContaining({ rule: "token", level: "problem", fix: expect.stringContaining("give a new token") }),
    ]);
  });

  it("finds a frozen node and a sealed one, and judges the rest", async () => {
    const token = await tokenWith(await policy());
    const active = await bao.activeNode();
    const [first] = bao.nodes.filter(({ name }) => name !== active.name);
    if (first === undefined) throw new Error("there is no standby");

    first.suspend();
    const frozen = await examine(token);
    first.resume();
    expect(frozen.code).toBe(1);
    expect(frozen.err).toContain(`real: ${first.name} has not answered yet`);
    expect(problems(frozen.rows)).toEqual([["reachable", first.name]]);

    await waitFor("the node to answer", async () => await bao.call(first, "GET", "sys/health"));
    await first.seal();
    const sealed = await examine(token);
    expect(problems(sealed.rows)).toEqual([["sealed", first.name]]);
    expect(sealed.rows).toContainEqual(expect.objectContaining({ rule: "permissions", level: "ok" }));
  });

  it("needs neither a file nor a token", async () => {
    const active = await bao.activeNode();
    const env = { BAO_ADDR: active.address, BAO_CACERT: bao.caFile };
    const { out } = await call(["doctor", "--json"], env);
    const rows = JSON.parse(out) as readonly ReportRow[];
    expect(rows).toContainEqual(expect.objectContaining({ cluster: "default", rule: "leader", level: "ok" }));
    expect(rows).toContainEqual(expect.objectContaining({ rule: "token", level: "warning" }));
  });
});

function problems(rows: readonly ReportRow[]): readonly (readonly [string, string | null])[] {
  return rows.flatMap(({ level, rule, node }) => (level === "problem" ? [[rule, node] as const] : []));
}
