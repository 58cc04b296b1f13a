import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { loadConfig, type ConfigLoading } from "../../src/config/load.ts";
import { formatFinding } from "../../src/lib/finding.ts";
import { env, fakeDisk } from "./fake-disk.ts";
import { invalidConfigs } from "./invalid-configs.ts";

const folder = new URL("../fixtures/config/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}.yaml`, folder), "utf8");

async function load(text: string, files: Readonly<Record<string, string | undefined>> = {}): Promise<ConfigLoading> {
  return await loadConfig({ file: "c.yaml", env, readers: fakeDisk({ ...files, "c.yaml": text }) });
}

function texts(loading: ConfigLoading): readonly string[] {
  const found = loading.ok ? loading.warnings : loading.findings;
  return found.map((finding) => formatFinding(finding).replace("c.yaml:", ""));
}

describe("loadConfig", () => {
  it("loads a good file with its defaults, and warns of nothing", async () => {
    const loading = await load(read("valid"));
    expect(loading).toMatchObject({ ok: true, warnings: [] });
    if (!loading.ok) return;
    const [prod, staging] = loading.config.clusters;
    expect(prod?.backups).toEqual([
      { name: "nas", directory: "/backups/prod", suffix: ".snap", interval: 21_600_000, refresh: 300_000 },
    ]);
    expect(staging).toMatchObject({ product: "auto", tls: {}, backups: [] });
    expect(loading.config.exporter.timeout).toBe(9000);
  });

  it.each(invalidConfigs)("says everything that is wrong with $name", async ({ name, findings }) => {
    const loading = await load(read(name));
    expect(loading.ok).toBe(false);
    expect(texts(loading)).toEqual(findings);
  });

  it("has a file for every row and a row for every file", () => {
    const files = readdirSync(folder).filter((file) => file.startsWith("invalid-"));
    expect(files.sort()).toEqual(invalidConfigs.map(({ name }) => `${name}.yaml`).sort());
  });

  it("only warns of a cluster's token and a backup directory that may come later", async () => {
    const text = read("valid").replace("/backups/prod", "/not/mounted");
    const loading = await load(text, { "/run/secrets/vault-token": undefined });
    expect(loading.ok).toBe(true);
    expect(texts(loading)).toEqual([
      "8:12: cannot read the secret from file /run/secrets/vault-token: there is no such file; create it or name another (unreadable-secret)",
      "11:33: the directory /not/mounted is not there (missing-directory)",
    ]);
  });

  it("takes an operator with its defaults, and only warns of a login's secret that may come later", async () => {
    const operator = "operator: { auth: { method: approle, roleId: r, secretId: { file: /not/yet } } }";
    const loading = await load(read("valid").replace("operatorToken: { env: VAULT_OPERATOR_TOKEN }", operator));
    expect(loading).toMatchObject({
      ok: true,
      config: {
        clusters: [{ operator: { tokenRole: "sealwatch-operator", policyPrefix: "sealwatch-" } }, { name: "staging" }],
      },
    });
    expect(texts(loading)).toEqual([
      "9:63: cannot read the secret from file /not/yet: there is no such file; create it or name another (unreadable-secret)",
    ]);
  });

  it("warns of an operator beside which nothing can be read", async () => {
    const operator = "operator: { auth: { method: approle, roleId: r, secretId: { file: /run/secrets/vault-token } } }";
    const text = read("valid").replace("operatorToken: { env: VAULT_OPERATOR_TOKEN }", operator);
    const loading = await load(text.replace("    token: { file: /run/secrets/vault-token }\n", ""));
    expect(loading.ok).toBe(true);
    expect(texts(loading)).toEqual([
      "8:15: what is minted makes the call alone: most preconditions and proofs are read with `token` or `auth`, and neither is given (choice)",
    ]);
  });

  it("only warns of a bucket's keys that may come later", async () => {
    const keys = "accessKeyId: { file: /not/yet }, secretAccessKey: { env: S3_SECRET }";
    const text = read("valid").replace("directory: /backups/prod", `s3: { bucket: backups, ${keys} }`);
    const loading = await load(text);
    expect(loading.ok).toBe(true);
    expect(texts(loading)).toEqual([
      expect.stringContaining("cannot read the secret from file /not/yet: there is no such file"),
      expect.stringContaining("cannot read the secret from variable S3_SECRET: the variable is not set"),
    ]);
  });

  it("only warns of what the checks of Prometheus and of probes cannot read: all else works without", async () => {
    const loading = await load(`${read("valid")}
prometheus: { url: "https://prometheus.example", token: { env: PROMETHEUS_TOKEN }, caFile: /not/prometheus.pem }
probes: [{ name: login, url: "https://login.example", caFile: /not/login.pem }]
`);
    expect(loading).toMatchObject({
      ok: true,
      config: { prometheus: { timeout: 5000 }, probes: [{ name: "login", timeout: 3000 }] },
    });
    expect(texts(loading)).toEqual([
      expect.stringContaining("cannot read the secret from variable PROMETHEUS_TOKEN: the variable is not set"),
      expect.stringContaining("the file /not/prometheus.pem cannot be read"),
      expect.stringContaining("the file /not/login.pem cannot be read"),
    ]);
  });

  it("only warns of programs and directories that some runbooks alone need", async () => {
    const loading = await load(`${read("valid")}
exec:
  - { name: restart, description: Restarts, argv: [/usr/bin/ssh, "{node}"], verify: { argv: [/not/there, "{node}"] } }
  - { name: reopen, description: Reopens, argv: [/not/here, "{node}"], directory: /not/mounted }
investigations: { directory: /not/mounted/either }
`);
    expect(loading.ok).toBe(true);
    expect(texts(loading).map((text) => text.replace(/^[\d:]+ /u, ""))).toEqual([
      "the program /not/there is not there, or may not be run by this user (missing-program)",
      "the program /not/here is not there, or may not be run by this user (missing-program)",
      "the directory /not/mounted is not there (missing-directory)",
      "the directory /not/mounted/either is not there (missing-directory)",
    ]);
  });

  it("says that the file itself cannot be read", async () => {
    expect(await loadConfig({ file: "no.yaml", env, readers: fakeDisk() })).toEqual({
      ok: false,
      findings: [
        {
          file: "no.yaml",
          line: 1,
          column: 1,
          rule: "unreadable",
          message: "cannot be read (ENOENT); name another with --config",
        },
      ],
    });
  });

  it("never repeats what stands where a secret's source should be", async () => {
    for (const name of ["invalid-secret-in-place", "invalid-secret-token"]) {
      const loading = await load(read(name));
      expect(JSON.stringify(loading)).not.toMatch(/hunter2|fakefake/u);
    }
  });

  it("never throws, for any text and for any edit of a good one", async () => {
    const good = read("valid");
    const edited = fc
      .tuple(
        fc.nat({ max: good.length }),
        fc.nat({ max: 20 }),
        fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("[", "{", ": ", "\n", "- ", "&a ", "*a", "null", "!!")),
      )
      .map(([at, remove, insert]) => good.slice(0, at) + insert + good.slice(at + remove));
    await fc.assert(
      fc.asyncProperty(fc.oneof(edited, fc.string({ unit: "binary" })), async (text) => {
        const loading = await load(text);
        if (!loading.ok) expect(loading.findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
