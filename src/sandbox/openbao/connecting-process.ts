import { readdir, readFile, readlink } from "node:fs/promises";

const ESTABLISHED_OR_BEGUN = /^\s*\d+: 0100007F:(?<port>[0-9A-F]{4}) \S+ (?:01|02|08) (?:\S+\s+){5}(?<inode>\d+) /u;

/** Finds which of some processes has the outgoing connection from this port of 127.0.0.1; Linux only, undefined when none has. */
export async function findConnectingProcess(port: number, pids: readonly number[]): Promise<number | undefined> {
  const table = await readFile("/proc/net/tcp", "utf8").catch(() => "");
  const inodes = table.split("\n").flatMap((line) => {
    const { groups } = ESTABLISHED_OR_BEGUN.exec(line) ?? {};
    return Number.parseInt(groups?.["port"] ?? "", 16) === port ? [groups?.["inode"] ?? ""] : [];
  });
  for (const pid of pids) {
    const open = await openSockets(pid);
    if (inodes.some((inode) => open.has(inode))) return pid;
  }
  return undefined;
}

async function openSockets(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const targets = await Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
  return new Set(targets.map((target) => /^socket:\[(\d+)\]$/u.exec(target)?.[1] ?? ""));
}
