import { startOpenBao } from "../../src/sandbox/openbao/start-openbao.ts";
import type { OpenBaoCluster, OpenBaoOptions } from "../../src/sandbox/openbao/openbao.ts";
import type { PortRange } from "../../src/sandbox/openbao/free-ports.ts";
import { requireBinary } from "./binaries.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Options of a test's cluster: the program and the directory are found for it. */
export type TestClusterOptions = Omit<OpenBaoOptions, "binary" | "directory"> & Partial<Pick<OpenBaoOptions, "binary">>;

/** Starts a real cluster in a temporary directory; `await using` (or the disposal) ends it and removes the directory. */
export async function openBaoForTest(options: TestClusterOptions): Promise<OpenBaoCluster> {
  const directory = await temporaryDirectory();
  try {
    const cluster = await startOpenBao({
      binary: requireBinary("openbao"),
      ports: portsOfWorker(),
      ...options,
      directory: directory.path,
    });
    const dispose = async (): Promise<void> => {
      await cluster[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    };
    return { ...cluster, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}

/** Jest runs files beside each other, each worker in a process of its own: none looks for ports where another does. */
function portsOfWorker(): PortRange {
  const worker = Number(process.env["JEST_WORKER_ID"] ?? "1");
  const from = 12_000 + ((worker - 1) % 8) * 2500;
  return { from, to: from + 2500 };
}
