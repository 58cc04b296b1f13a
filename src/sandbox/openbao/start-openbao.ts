import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { FailureError } from "../../lib/failure.ts";
import { createApiClient } from "./api-client.ts";
import { createCertificateAuthority } from "./certificates.ts";
import { createCluster } from "./create-cluster.ts";
import { findFreePorts } from "./free-ports.ts";
import { initialize } from "./initialize.ts";
import type { OpenBaoCluster, OpenBaoOptions } from "./openbao.ts";
import { prepareSeal } from "./seal-stanza.ts";
import type { ClusterKeys } from "./server-node.ts";
import { startNodes } from "./start-nodes.ts";

/** Starts a cluster of real servers on 127.0.0.1. They end with `stop()`, with disposal, or with this process. */
export async function startOpenBao(options: OpenBaoOptions): Promise<OpenBaoCluster> {
  const {
    binary,
    directory,
    seal = { type: "shamir" },
    clusterName = "sandbox",
    tls = true,
    links = false,
    extraConfig = "",
  } = options;
  await mkdir(directory, { recursive: true });
  const authority = tls ? await createCertificateAuthority(join(directory, "tls"), clusterName) : undefined;
  const caFile = authority?.caFile ?? "";
  const api = await createApiClient(caFile);
  const keys: ClusterKeys = { rootToken: "", shares: [], threshold: 0, autoUnseal: seal.type !== "shamir" };
  const names = Array.from({ length: options.nodes }, (_, index) => `${options.namePrefix ?? "vault"}-${index}`);
  const sealStanza = await prepareSeal(seal, directory, clusterName);
  const product = await productOf(binary);
  // When we do the joining, nodes that also look for each other would only lose 2 s per try (OpenBao's pause).
  const retryJoin = options.initialize === false;
  const shared = {
    binary,
    directory,
    names,
    clusterName,
    authority,
    sealStanza,
    product,
    api,
    keys,
    links,
    extraConfig,
  };
  const { nodes, closeLinks, enableRetryJoin } = await startNodes({
    ...shared,
    retryJoin,
    findPorts: async (count) => await findFreePorts(count, options.ports),
  });
  const cluster = createCluster({ name: clusterName, caFile, api, keys, nodes, closeLinks });
  try {
    if (!retryJoin) {
      await initialize({ nodes, seal, api, keys, caFile, product });
      await enableRetryJoin();
    }
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

/** OpenBao's `version` begins with "OpenBao v", Vault's with "Vault v". */
async function productOf(binary: string): Promise<"openbao" | "vault"> {
  try {
    return (await promisify(execFile)(binary, ["version"])).stdout.startsWith("OpenBao") ? "openbao" : "vault";
  } catch (error) {
    const message = `cannot run "${binary} version"; give the path of the bao or vault program itself`;
    throw new FailureError({ reason: "not-found", retryable: false, message }, { cause: error });
  }
}
