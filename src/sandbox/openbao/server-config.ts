/** What one server's configuration file says. */
export type ServerConfig = {
  readonly name: string;
  readonly clusterName: string;
  readonly directory: string;
  /** API and cluster ports on 127.0.0.1. */
  readonly port: number;
  readonly clusterPort: number;
  /** Where the other nodes reach the cluster port: itself, or the link before it. */
  readonly reachedAt: number;
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string } | undefined;
  /** API addresses of the other nodes, to join them. */
  readonly peers: readonly string[];
  /** The `seal` stanza, empty for Shamir. */
  readonly sealStanza: string;
  /** OpenBao takes audit devices only from its configuration, Vault only through its API. */
  readonly product: "openbao" | "vault";
  /** HCL that is added at the end. */
  readonly extraConfig: string;
};

/** Where a server keeps its raft data. */
export function dataDirectory(directory: string): string {
  return `${directory}/data`;
}

/**
 * The two audit devices, as name and file. OpenBao demands the same options on every node (a standby otherwise never gets
 * through its start), so the files are relative to the directory in which each server runs.
 */
export const AUDIT_DEVICES = ["file-a", "file-b"].map((name) => ({ name, file: `audit-${name}.log` }));

/** Writes a server's configuration in HCL, for OpenBao and for Vault. */
export function renderServerConfig(config: ServerConfig): string {
  const scheme = config.tls === undefined ? "http" : "https";
  return [
    `cluster_name = ${quote(config.clusterName)}`,
    // OpenBao dropped mlock and warns of the setting; Vault insists on it with raft.
    ...(config.product === "vault" ? ["disable_mlock = true"] : []),
    `api_addr = ${quote(`${scheme}://127.0.0.1:${config.port}`)}`,
    `cluster_addr = ${quote(`https://127.0.0.1:${config.reachedAt}`)}`,
    listener(config),
    storage(config),
    TELEMETRY,
    config.sealStanza,
    ...(config.product === "openbao" ? AUDIT_DEVICES.map(audit) : []),
    config.extraConfig,
    "",
  ].join("\n");
}

/*
 * 24 h is what vault-facts asks for: a shorter retention drops gauges that are written every 10 minutes.
 * The usage gauges come no oftener than by default: OpenBao 2.7.2 can crash when it is sealed while it collects them.
 */
const TELEMETRY = `telemetry {
  prometheus_retention_time = "24h"
  disable_hostname = true
  usage_gauge_period = "10m"
}`;

function listener({ port, clusterPort, tls }: ServerConfig): string {
  const security =
    tls === undefined
      ? "  tls_disable = true"
      : `  tls_cert_file = ${quote(tls.certFile)}\n  tls_key_file = ${quote(tls.keyFile)}`;
  return `listener "tcp" {
  address = "127.0.0.1:${port}"
  cluster_address = "127.0.0.1:${clusterPort}"
${security}
}`;
}

/* Raft's own timings at their shortest; autopilot looks every second instead of every ten. */
function storage({ name, directory, tls, peers }: ServerConfig): string {
  const authority = tls === undefined ? "" : `\n    leader_ca_cert_file = ${quote(tls.caFile)}`;
  const joins = peers.map((peer) => `  retry_join {\n    leader_api_addr = ${quote(peer)}${authority}\n  }\n`);
  return `storage "raft" {
  path = ${quote(dataDirectory(directory))}
  node_id = ${quote(name)}
  performance_multiplier = 1
  autopilot_reconcile_interval = "250ms"
  autopilot_update_interval = "250ms"
${joins.join("")}}`;
}

function audit({ name, file }: { readonly name: string; readonly file: string }): string {
  return `audit "file" ${quote(name)} {\n  options {\n    file_path = ${quote(file)}\n  }\n}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
