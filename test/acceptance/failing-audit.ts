import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { AUDIT_DEVICES } from "../../src/sandbox/openbao/server-config.ts";

/** Runs while every audit device of a node writes to a full disk: its files lead to /dev/full, and it opened them anew (SIGHUP). */
export async function withFailingAudit(node: OpenBaoNode, run: () => Promise<void>): Promise<void> {
  const files = AUDIT_DEVICES.map(({ file }) => join(node.directory, file));
  for (const file of files) {
    await rename(file, `${file}.kept`);
    await symlink("/dev/full", file);
  }
  reopen(node);
  try {
    await run();
  } finally {
    for (const file of files) {
      await rm(file);
      await rename(`${file}.kept`, file);
    }
    reopen(node);
  }
}

function reopen({ name, pid }: OpenBaoNode): void {
  if (pid === undefined) throw new Error(`${name} does not run`);
  process.kill(pid, "SIGHUP");
}
