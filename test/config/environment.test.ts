import { describe, expect, it } from "@jest/globals";
import { loadConfig, type ConfigLoading } from "../../src/config/load.ts";
import { formatFinding } from "../../src/lib/finding.ts";
import { fakeDisk } from "./fake-disk.ts";

const ADDRESS = "https://vault.example:8200";
const ONE = `clusters:
  - name: prod
    nodes: [{ name: vault-0, address: "https://vault-0.example:8200" }]
`;

async function load(env: Readonly<Record<string, string>>, text?: string): Promise<ConfigLoading> {
  return await loadConfig({ file: "sealwatch.yaml", env, readers: fakeDisk({ "sealwatch.yaml": text }) });
}

async function cluster(env: Readonly<Record<string, string>>, text?: string) {
  const loading = await load(env, text);
  if (!loading.ok) throw new Error(loading.findings.map(formatFinding).join("\n"));
  return loading.config.clusters[0];
}

function texts(loading: ConfigLoading): readonly string[] {
  return (loading.ok ? loading.warnings : loading.findings).map(formatFinding);
}

describe("without a configuration file", () => {
  it("there is one cluster, as the environment of Vault's own client says", async () => {
    const env = {
      VAULT_ADDR: ADDRESS,
      VAULT_TOKEN: "s.token",
      VAULT_CACERT: "/etc/sealwatch/ca.pem",
      VAULT_CLIENT_CERT: "/etc/sealwatch/ca.pem",
      VAULT_CLIENT_KEY: "/etc/sealwatch/ca.pem",
      VAULT_TLS_SERVER_NAME: "vault.internal",
      VAULT_NAMESPACE: "team",
    };
    const loading = await load(env);
    expect(loading).toMatchObject({ ok: true, warnings: [] });
    expect(JSON.stringify(loading)).not.toContain("s.token");
    expect(await cluster(env)).toMatchObject({
      name: "default",
      nodes: [{ name: "vault.example", address: ADDRESS }],
      namespace: "team",
      token: { env: "VAULT_TOKEN" },
      tls: {
        caFile: "/etc/sealwatch/ca.pem",
        certFile: "/etc/sealwatch/ca.pem",
        keyFile: "/etc/sealwatch/ca.pem",
        serverName: "vault.internal",
      },
    });
  });

  it("OpenBao's names win over Vault's, and an empty one counts as not set", async () => {
    const env = {
      VAULT_ADDR: "https://other:8200",
      BAO_ADDR: ADDRESS,
      VAULT_TOKEN: "v",
      BAO_TOKEN: "b",
      BAO_NAMESPACE: "",
    };
    expect(await cluster(env)).toMatchObject({ nodes: [{ address: ADDRESS }], token: { env: "BAO_TOKEN" } });
    expect((await cluster(env))?.namespace).toBeUndefined();
  });

  it.each([
    {
      name: "no server",
      env: { VAULT_TOKEN: "t" },
      said: "sealwatch.yaml:1:1: cannot be read (ENOENT); name another with --config, or a server in VAULT_ADDR (unreadable)",
    },
    {
      name: "an address without a scheme",
      env: { VAULT_ADDR: "vault.example:8200" },
      said: "environment:1:1: VAULT_ADDR must be an address like https://vault-0.example:8200 (environment)",
    },
    {
      name: "no check of certificates",
      env: { VAULT_ADDR: ADDRESS, BAO_SKIP_VERIFY: "1" },
      said:
        "environment:1:1: BAO_SKIP_VERIFY is refused: whoever answers in the node's place would get the token; unset it, and name the " +
        "authority in VAULT_CACERT or the certificate's name in VAULT_TLS_SERVER_NAME (environment)",
    },
    {
      name: "a directory of authorities",
      env: { VAULT_ADDR: ADDRESS, VAULT_CAPATH: "/etc/ssl/certs" },
      said: "environment:1:1: VAULT_CAPATH is not read: join its files into one and name that in VAULT_CACERT (environment)",
    },
    {
      name: "an authority that is not there",
      env: { VAULT_ADDR: ADDRESS, VAULT_CACERT: "/no/ca.pem" },
      said: "environment:1:1: tls.caFile: the file /no/ca.pem cannot be read (unreadable-file)",
    },
  ])("says what is wrong with $name", async ({ env, said }) => {
    const loading = await load(env);
    expect(loading.ok).toBe(false);
    expect(texts(loading)).toEqual([said]);
  });

  it("but with a name of its own that is not there, nothing comes from the environment", async () => {
    const loading = await loadConfig({ file: "other.yaml", env: { VAULT_ADDR: ADDRESS }, readers: fakeDisk() });
    expect(texts(loading)).toEqual([
      "other.yaml:1:1: cannot be read (ENOENT); name another with --config (unreadable)",
    ]);
  });

  it.each(["0", "false", ""])("takes VAULT_SKIP_VERIFY=%s for what it says", async (value) => {
    expect((await load({ VAULT_ADDR: ADDRESS, VAULT_SKIP_VERIFY: value })).ok).toBe(true);
  });
});

describe("a file with one cluster", () => {
  it("gets from the environment what it leaves out, and keeps what it says", async () => {
    const env = {
      VAULT_ADDR: "https://vault-0.example:8200/",
      VAULT_TOKEN: "t",
      VAULT_NAMESPACE: "team",
      VAULT_CACERT: "/etc/sealwatch/ca.pem",
    };
    expect(await cluster(env, ONE)).toMatchObject({
      name: "prod",
      nodes: [{ name: "vault-0" }],
      token: { env: "VAULT_TOKEN" },
      namespace: "team",
      tls: { caFile: "/etc/sealwatch/ca.pem" },
    });
    const own = `${ONE}    token: { file: /run/secrets/vault-token }\n    namespace: mine\n    tls: { serverName: a.b }\n`;
    expect(await cluster(env, own)).toMatchObject({
      token: { file: "/run/secrets/vault-token" },
      namespace: "mine",
      tls: { caFile: "/etc/sealwatch/ca.pem", serverName: "a.b" },
    });
  });

  it("gets its node from there when it names none", async () => {
    expect(await cluster({ BAO_ADDR: ADDRESS }, "clusters: [{ name: prod }]")).toMatchObject({
      name: "prod",
      nodes: [{ name: "vault.example", address: ADDRESS }],
    });
  });

  it("never gets the token of another server, and is told so", async () => {
    expect(texts(await load({ VAULT_ADDR: ADDRESS, VAULT_TOKEN: "t" }, ONE))).toEqual([
      "sealwatch.yaml:1:1: VAULT_TOKEN is not used: none of the nodes of this file is at VAULT_ADDR " +
        "(https://vault.example:8200); name the token that is meant with clusters[].token (environment)",
    ]);
    expect((await cluster({ VAULT_ADDR: ADDRESS, VAULT_TOKEN: "t" }, ONE))?.token).toBeUndefined();
    const same = { VAULT_ADDR: "https://vault-0.example:8200/", VAULT_TOKEN: "t" };
    expect(texts(await load(same, ONE))).toEqual([]);
    expect(texts(await load({ VAULT_TOKEN: "t" }, ONE))).toEqual([]);
    expect(texts(await load({ BAO_ADDR: ADDRESS, BAO_TOKEN: "t" }, "clusters: [{ name: prod }]"))).toEqual([]);
    const own = `${ONE}    token: { file: /run/secrets/vault-token }\n`;
    expect(texts(await load({ VAULT_ADDR: ADDRESS, VAULT_TOKEN: "t" }, own))).toEqual([]);
  });

  it("gets no token when it logs in by itself", async () => {
    const text = `${ONE}    auth: { method: approle, roleId: r, secretId: { file: /run/secrets/vault-token } }\n`;
    expect((await cluster({ VAULT_TOKEN: "t" }, text))?.token).toBeUndefined();
  });

  it("is warned that certificates are checked all the same", async () => {
    const loading = await load({ VAULT_SKIP_VERIFY: "true" }, ONE);
    expect(loading.ok).toBe(true);
    expect(texts(loading)).toEqual([expect.stringContaining("sealwatch.yaml:1:1: VAULT_SKIP_VERIFY is refused: ")]);
  });

  it("is warned of a login's secret that is not there yet", async () => {
    const text = `${ONE}    auth: { method: kubernetes, role: r, jwtFile: /no/token }\n`;
    expect(texts(await load({}, text))).toEqual([
      "sealwatch.yaml:4:51: cannot read the secret from file /no/token: there is no such file; create it or name another (unreadable-secret)",
    ]);
  });
});

describe("a file with several clusters", () => {
  it("takes nothing from the environment, and says so", async () => {
    const text = `${ONE}  - name: staging\n    nodes: [{ name: vault-0, address: "https://s.example:8200" }]\n`;
    const loading = await load({ VAULT_ADDR: ADDRESS, BAO_TOKEN: "t" }, text);
    expect(texts(loading)).toEqual([
      "sealwatch.yaml:1:1: VAULT_ADDR, BAO_TOKEN are ignored: there are several clusters (environment)",
    ]);
    expect(loading).toMatchObject({ ok: true, config: { clusters: [{ tls: {} }, { tls: {} }] } });
    expect(JSON.stringify(loading)).not.toContain('BAO_TOKEN"');
  });

  it("says nothing when nothing is set", async () => {
    expect(texts(await load({}, ONE))).toEqual([]);
  });
});
