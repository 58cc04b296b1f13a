import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { AUDIT_DEVICES } from "../../../src/sandbox/openbao/server-config.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";

const run = promisify(execFile);

/** A read that has not come back by then hangs. */
const HANGS_MS = 2000;
/** A pipe holds 64 KiB, and a read writes two records of about a kilobyte. */
const MOST_READS = 500;
const SMALL_DISK = "256k";
const FULL = "/dev/full";

/** What was made of a node's audit devices, and how it is undone. */
export type AuditFault = AsyncDisposable & {
  /** What was done, in words. */
  readonly fault: string;
  readonly mend: () => Promise<void>;
  readonly again: () => Promise<void>;
};

/** Leads one of the two devices into a named pipe whose reader, a log shipper, is then stopped; audited reads are made until one hangs. */
export async function blockAudit(
  cluster: OpenBaoCluster,
  node: OpenBaoNode,
): Promise<AuditFault & { readonly shipped: () => Promise<number> }> {
  const file = join(node.directory, AUDIT_DEVICES[1]?.file ?? "");
  const shippedTo = `${file}.shipped`;
  await rename(file, `${file}.kept`);
  await run("mkfifo", [file]);
  const out = await open(shippedTo, "w");
  const shipper = spawn("cat", [file], { stdio: ["ignore", out.fd, "ignore"] });
  await out.close();
  reopen(node);
  const shipped = async (): Promise<number> => (await stat(shippedTo)).size;
  await waitFor("records in the pipe", async () => {
    await cluster.call(node, "GET", "auth/token/lookup-self");
    return (await shipped()) > 0 ? true : undefined;
  });
  const block = async (): Promise<void> => {
    shipper.kill("SIGSTOP");
    for (let reads = 0; reads < MOST_READS; reads++) if (await hangs(cluster, node)) return;
    throw new Error(`${node.name} goes on answering, although nobody reads its pipe`);
  };
  await block();
  return {
    fault: "one of two audit devices is a named pipe whose reader was stopped (SIGSTOP)",
    shipped,
    again: block,
    mend: async () => await Promise.resolve(void shipper.kill("SIGCONT")),
    [Symbol.asyncDispose]: async () => {
      shipper.kill("SIGKILL");
      if (shipper.exitCode === null && shipper.signalCode === null) await once(shipper, "exit");
    },
  };
}

async function hangs(cluster: OpenBaoCluster, node: OpenBaoNode): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(true), HANGS_MS);
  const asked = cluster.call(node, "GET", "auth/token/lookup-self").then(
    () => resolve(false),
    () => resolve(false),
  );
  const hung = await promise;
  clearTimeout(timer);
  // It is answered once the pipe is read again; nobody waits for it here.
  void asked;
  return hung;
}

/** Moves both devices onto a small disk of its own and fills it. Where nothing can be mounted, they lead to `/dev/full`. */
export async function fillAuditDisk(node: OpenBaoNode): Promise<AuditFault> {
  const disk = join(node.directory, "audit-disk");
  await run("mkdir", [disk]);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${SMALL_DISK}`, "tmpfs", disk]).then(
    () => true,
    () => false,
  );
  await lead(node, (file) => (mounted ? join(disk, file) : FULL));
  const filler = join(disk, "core.dump");
  const fill = mounted ? async () => await fillUp(filler) : async () => await lead(node, () => FULL);
  await fill();
  return {
    fault: mounted
      ? `the disk of all audit devices, a tmpfs of ${SMALL_DISK}, is full`
      : "all audit devices lead to /dev/full",
    again: fill,
    mend: async () => {
      if (mounted) await rm(filler);
      else await lead(node, (file) => join(disk, file));
      reopen(node);
    },
    [Symbol.asyncDispose]: async () => {
      if (mounted) await run("umount", ["-l", disk]);
    },
  };
}

/** Gives every device another file, which it opens on SIGHUP. */
async function lead(node: OpenBaoNode, to: (file: string) => string): Promise<void> {
  for (const { file } of AUDIT_DEVICES) {
    const path = join(node.directory, file);
    await rm(path);
    await symlink(to(file), path);
  }
  reopen(node);
}

/** Writes until there is no room for another byte: in large pieces first, then one by one. */
async function fillUp(path: string): Promise<void> {
  for (const size of [4096, 1]) {
    const piece = Buffer.alloc(size, "x");
    for (;;) {
      const full = await writeFile(path, piece, { flag: "a" }).then(
        () => false,
        () => true,
      );
      if (full) break;
    }
  }
  await readFile(path);
}

function reopen({ name, pid }: OpenBaoNode): void {
  if (pid === undefined) throw new Error(`${name} does not run`);
  process.kill(pid, "SIGHUP");
}
