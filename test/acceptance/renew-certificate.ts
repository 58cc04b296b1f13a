import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";

/** Gives a running node of a sandbox cluster another certificate, which ends in a day, and has it taken up (SIGHUP). */
export async function renewCertificate(node: OpenBaoNode, caFile: string): Promise<void> {
  const folder = dirname(caFile);
  const file = (extension: string): string => join(folder, `${node.name}.${extension}`);
  const signer = ["-CA", caFile, "-CAkey", join(folder, "ca.key"), "-set_serial", "0x7265"];
  const request = ["-in", file("csr"), "-extfile", file("ext")];
  await promisify(execFile)("openssl", ["x509", "-req", ...request, ...signer, "-days", "1", "-out", file("pem")]);
  if (node.pid === undefined) throw new Error(`${node.name} does not run`);
  process.kill(node.pid, "SIGHUP");
}
