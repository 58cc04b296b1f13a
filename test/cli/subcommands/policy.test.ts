import { describe, expect, it } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../../src/app/package-files.ts";
import { call } from "../captured-io.ts";
import { startClusterFiles } from "../cluster-files.ts";

const paths = (hcl: string): readonly string[] =>
  [...hcl.matchAll(/^path "(?<path>[^"]+)"/gmu)].map(([, path]) => path ?? "");

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
