import { execFile } from "node:child_process";
import { join } from "node:path";
import { CACHE, requireBinary } from "../support/binaries.ts";

/** What helm answered. */
export type HelmAnswer = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** Runs the real helm without a cluster and without anybody's helm settings. */
export async function helm(args: readonly string[]): Promise<HelmAnswer> {
  const home = join(CACHE, "helm-home");
  const env = { PATH: "", HOME: home, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
  return await new Promise((resolve) => {
    execFile(requireBinary("helm"), [...args], { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
