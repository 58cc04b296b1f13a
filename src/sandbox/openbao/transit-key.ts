import { FailureError } from "../../lib/failure.ts";
import type { OpenBaoAnswer, OpenBaoCluster } from "./openbao.ts";

/** Name of the transit key that unseals a cluster, in its KMS cluster. */
export function transitKeyName(clusterName: string): string {
  return `unseal-${clusterName}`;
}

/** Mounts transit in the KMS cluster, makes the key, and gives a token that can encrypt and decrypt with it. */
export async function createTransitKey(kms: OpenBaoCluster, clusterName: string): Promise<string> {
  const key = transitKeyName(clusterName);
  // 400 is "path is already in use": another cluster was here before.
  await post(kms, "sys/mounts/transit", { type: "transit" }, [204, 400]);
  await post(kms, `transit/keys/${key}`, {});
  const paths = [`transit/encrypt/${key}`, `transit/decrypt/${key}`, "auth/token/renew-self"];
  return kms.createToken(paths.map((path) => `path "${path}" { capabilities = ["update"] }`).join("\n"));
}

/**
 * Makes the KMS refuse to decrypt, as with a disabled cloud key: a node that restarts then stays sealed and tries again
 * every 5 s. (With the KMS cluster stopped it does not even start: the server tries the key first, and exits with code 1.)
 */
export async function disableTransitKey(kms: OpenBaoCluster, clusterName: string): Promise<void> {
  const path = `transit/keys/${transitKeyName(clusterName)}`;
  await post(kms, `${path}/rotate`, {});
  await post(kms, `${path}/config`, { min_decryption_version: await latestVersion(kms, path) });
}

/** Lets the KMS decrypt again; nodes that wait unseal by themselves within 5 s. */
export async function enableTransitKey(kms: OpenBaoCluster, clusterName: string): Promise<void> {
  await post(kms, `transit/keys/${transitKeyName(clusterName)}/config`, { min_decryption_version: 1 });
}

async function latestVersion(kms: OpenBaoCluster, path: string): Promise<number> {
  const { body } = await kms.call(await kms.activeNode(), "GET", path);
  return (body as { readonly data: { readonly latest_version: number } }).data.latest_version;
}

async function post(
  kms: OpenBaoCluster,
  path: string,
  body: unknown,
  expected: readonly number[] = [200, 204],
): Promise<OpenBaoAnswer> {
  const active = await kms.activeNode();
  const answer = await kms.call(active, "POST", path, body);
  if (expected.includes(answer.statusCode)) return answer;
  throw new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot write ${path} on ${active.name}: answered ${answer.statusCode}; the KMS cluster must be unsealed`,
  });
}
