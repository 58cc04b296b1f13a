import { describe, expect, it } from "@jest/globals";
import { renderServerConfig } from "../../../src/sandbox/openbao/server-config.ts";
import type { ServerConfig } from "../../../src/sandbox/openbao/server-config.ts";

const base: ServerConfig = {
  name: "vault-0",
  clusterName: "prod",
  directory: '/tmp/a "quoted" place',
  port: 20_001,
  clusterPort: 20_002,
  reachedAt: 20_002,
  tls: undefined,
  peers: [],
  sealStanza: "",
  product: "openbao",
  extraConfig: "",
};

const tls = { caFile: "/ca.pem", certFile: "/vault-0.pem", keyFile: "/vault-0.key" };

describe("renderServerConfig", () => {
  it("keeps everything on loopback", () => {
    const text = renderServerConfig(base);
    expect(text).toContain('api_addr = "http://127.0.0.1:20001"');
    expect(text).toContain('cluster_addr = "https://127.0.0.1:20002"');
    expect(text).toContain(
      '  address = "127.0.0.1:20001"\n  cluster_address = "127.0.0.1:20002"\n  tls_disable = true',
    );
  });

  it("quotes paths as HCL strings", () => {
    expect(renderServerConfig(base)).toContain(String.raw`path = "/tmp/a \"quoted\" place/data"`);
  });

  it("uses the certificate, and the authority for the peers it joins", () => {
    const text = renderServerConfig({ ...base, tls, peers: ["https://127.0.0.1:20003"] });
    expect(text).toContain('tls_cert_file = "/vault-0.pem"');
    expect(text).toContain(
      '  retry_join {\n    leader_api_addr = "https://127.0.0.1:20003"\n    leader_ca_cert_file = "/ca.pem"\n  }',
    );
  });

  it("keeps metrics for 24 h and behind a token", () => {
    expect(renderServerConfig(base)).toContain('prometheus_retention_time = "24h"');
    expect(renderServerConfig(base)).not.toContain("unauthenticated_metrics_access");
  });

  it("declares the same two audit devices on every node, which OpenBao insists on", () => {
    const devices = (directory: string): readonly string[] =>
      renderServerConfig({ ...base, directory })
        .split("\n")
        .filter((line) => /audit|file_path/u.test(line));
    expect(devices("/one")).toHaveLength(4);
    expect(devices("/one")).toEqual(devices("/two"));
  });

  it("declares no audit device for Vault, which has no such stanza, but disables its mlock", () => {
    expect(renderServerConfig({ ...base, product: "vault" })).not.toContain("audit");
    expect(renderServerConfig({ ...base, product: "vault" })).toContain("disable_mlock = true");
    expect(renderServerConfig(base)).not.toContain("disable_mlock");
  });

  it("tells the others the link before its cluster port, and itself listens behind it", () => {
    const text = renderServerConfig({ ...base, reachedAt: 20_009 });
    expect(text).toContain('cluster_addr = "https://127.0.0.1:20009"');
    expect(text).toContain('cluster_address = "127.0.0.1:20002"');
  });
});
