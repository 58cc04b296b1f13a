import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import { sysHostInfo, type HostInfo } from "../../vault/endpoints/sys-host-info.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { defineCheck, type ActionContext } from "../action.ts";
import { hostBetween } from "../host-between.ts";
import { nodeRead } from "../node-read.ts";
import { pause } from "../pause.ts";

const Names = z.array(z.string());
const BETWEEN_MS = 2000;

/** From where on people are told of it. Waiting for the disk is time in which a processor could do nothing else. */
const LIMITS = { disk: 90, memory: 95, cpu: 90, iowait: 20 } as const;
const NEAR = 2 / 3;

/**
 * Reads how the machine of each unsealed node is: disk, memory, and what its processors did in two seconds. OpenBao's standbys answer without a
 * leader too; Vault's do not. A node that does not tell is named and fails nothing; when the token may not ask any, the check fails.
 */
export const host = defineCheck({
  name: "vault.host",
  summary: "Read disk, memory and CPU of every node",
  input: z.strictObject({}),
  output: z.object({
    nodes: z.array(
      z.object({
        name: z.string(),
        /** Of the fullest file system of the machine, with its path; network file systems are not told. */
        disk_percent: z.number(),
        disk_path: z.string(),
        memory_percent: z.number(),
        /** Of all processors together: at work, and waiting for the disk. */
        cpu_percent: z.number(),
        iowait_percent: z.number(),
      }),
    ),
    /** Nodes that tell nothing: sealed, silent, redirecting. */
    untold_names: Names,
    /** A disk is 90 % full or more. */
    full_names: Names,
    /** Memory is 95 % used or more. */
    memory_names: Names,
    /** Processors are 90 % at work or more. */
    busy_names: Names,
    /** Processors wait for the disk for 20 % of the time or more. */
    waiting_names: Names,
    /** Any of these four. */
    odd_names: Names,
    /** The one node that is short of something, while no other comes near (two thirds of the limits), so that it is this machine alone; else empty. */
    alone_name: z.string(),
    /** All of it in words, a line a node. */
    words: Names,
  }),
  policy: [{ path: sysHostInfo.path, capabilities: ["read"] }],
  read: async (context) => {
    const { nodes } = context.cluster;
    const before = await Promise.all(nodes.map(async (node) => await hostOf(context, node)));
    const [told, denied] = [before.filter(isInfo), before.filter((each) => each instanceof FailureError)];
    const forbidden = denied.find(({ reason }) => reason === "denied");
    if (told.length === 0 && forbidden !== undefined) throw forbidden;
    await pause(context, BETWEEN_MS);
    const after = await Promise.all(nodes.map(async (node) => await hostOf(context, node)));
    const numbers = nodes.flatMap(({ name }, at) => toNumbers(name, before[at], after[at]));
    return judge(numbers, nodes);
  },
});

type Answer = HostInfo | FailureError;
type Numbers = ReturnType<typeof toNumbers>[number];

async function hostOf(context: ActionContext, node: VaultNode): Promise<Answer> {
  try {
    return await node.read(sysHostInfo, nodeRead(context));
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return error;
  }
}

function isInfo(answer: Answer | undefined): answer is HostInfo {
  return answer !== undefined && !(answer instanceof FailureError);
}

function toNumbers(name: string, before: Answer | undefined, after: Answer | undefined) {
  const did = isInfo(before) && isInfo(after) ? hostBetween(before, after) : undefined;
  if (did === undefined) return [];
  const { busyPercent, ioWaitPercent, availableMemoryPercent, fullestDisk } = did;
  return [
    {
      name,
      disk_percent: round(fullestDisk?.usedPercent ?? 0),
      disk_path: fullestDisk?.path ?? "",
      memory_percent: round(100 - (availableMemoryPercent ?? 100)),
      cpu_percent: round(busyPercent ?? 0),
      iowait_percent: round(ioWaitPercent ?? 0),
    },
  ];
}

function judge(numbers: readonly Numbers[], nodes: readonly VaultNode[]) {
  const namesOf = (wanted: (each: Numbers) => boolean): string[] => numbers.filter(wanted).map(({ name }) => name);
  const full = namesOf(({ disk_percent: disk }) => disk >= LIMITS.disk);
  const memory = namesOf(({ memory_percent: used }) => used >= LIMITS.memory);
  const busy = namesOf(({ cpu_percent: cpu }) => cpu >= LIMITS.cpu);
  const waiting = namesOf(({ iowait_percent: iowait }) => iowait >= LIMITS.iowait);
  const odd = [full, memory, busy, waiting].flat();
  return {
    nodes: [...numbers],
    untold_names: nodes.map(({ name }) => name).filter((name) => numbers.every((each) => each.name !== name)),
    full_names: full,
    memory_names: memory,
    busy_names: busy,
    waiting_names: waiting,
    odd_names: namesOf(({ name }) => odd.includes(name)),
    alone_name: aloneOf(numbers),
    words: numbers.map(toWords),
  };
}

function aloneOf(numbers: readonly Numbers[]): string {
  const [first, ...others] = numbers.filter((each) => worst(each) >= NEAR);
  return first !== undefined && others.length === 0 && numbers.length > 1 && worst(first) >= 1 ? first.name : "";
}

/** How much of its limit the shortest of a machine's resources has used: 1 is at the limit. */
function worst(each: Numbers): number {
  return Math.max(
    each.disk_percent / LIMITS.disk,
    each.memory_percent / LIMITS.memory,
    each.cpu_percent / LIMITS.cpu,
    each.iowait_percent / LIMITS.iowait,
  );
}

function toWords(each: Numbers): string {
  const disk = each.disk_path === "" ? "disk unknown" : `disk ${each.disk_percent} % of ${each.disk_path}`;
  return `${each.name}: ${disk}, memory ${each.memory_percent} %, CPU ${each.cpu_percent} %, waiting for the disk ${each.iowait_percent} %`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
