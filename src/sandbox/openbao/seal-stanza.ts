import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exhaustive } from "../../lib/exhaustive.ts";
import type { OpenBaoCluster, OpenBaoSeal } from "./openbao.ts";
import { createTransitKey, transitKeyName } from "./transit-key.ts";

/** Prepares a seal (key file, or key and token in the KMS cluster) and gives the `seal` stanza for the configuration. */
export async function prepareSeal(seal: OpenBaoSeal, directory: string, clusterName: string): Promise<string> {
  switch (seal.type) {
    case "shamir":
      return "";
    case "static":
      return prepareStatic(directory);
    case "transit":
      return prepareTransit(seal.from, clusterName);
    default:
      return exhaustive(seal);
  }
}

async function prepareStatic(directory: string): Promise<string> {
  const keyFile = join(directory, "static-seal.key");
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
  return stanza("static", { current_key_id: "sandbox-1", current_key: `file://${keyFile}` });
}

async function prepareTransit(kms: OpenBaoCluster, clusterName: string): Promise<string> {
  const token = await createTransitKey(kms, clusterName);
  return stanza("transit", {
    address: (await kms.activeNode()).address,
    token,
    key_name: transitKeyName(clusterName),
    mount_path: "transit/",
    ...(kms.caFile === "" ? {} : { tls_ca_cert: kms.caFile }),
  });
}

function stanza(type: string, values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([key, value]) => `  ${key} = ${JSON.stringify(value)}`);
  return `seal ${JSON.stringify(type)} {\n${lines.join("\n")}\n}`;
}
