import { describe, expect, it } from "@jest/globals";
import { host } from "../../../src/actions/vault/host.ts";
import type { Endpoint } from "../../../src/vault/endpoint.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

type Machine = { readonly busy?: number; readonly iowait?: number; readonly disk?: number; readonly memory?: number };

/** Reads a machine that did this in ten seconds of processor time, all of it in the pause. */
async function read({ busy = 1, iowait = 0, disk = 40, memory = 50 }: Machine) {
  const fake = createFakeCluster(["active"]);
  const answer = (user: number, waited: number, idle: number) => ({
    data: {
      cpu_times: [{ user, system: 0, idle, iowait: waited }],
      disk: [
        { path: "/", usedPercent: 12, free: 1e9 },
        { path: "/vault", usedPercent: disk, free: 1e9 },
      ],
      memory: { total: 100, available: 100 - memory },
    },
  });
  fake.answers.set("sys/host-info", answer(100, 100, 100));
  const pause = async () => {
    fake.answers.set("sys/host-info", answer(100 + busy, 100 + iowait, 110 - busy - iowait));
    await Promise.resolve();
  };
  return await host.read({ ...contextOf(fake), services: { pause } }, {});
}

describe("vault.host", () => {
  it.each([
    { name: "nothing is short", machine: {}, odd: [] },
    { name: "the fullest disk is at 90 %", machine: { disk: 90 }, odd: ["full_names"] },
    { name: "the processors worked 9 of 10 s", machine: { busy: 9 }, odd: ["busy_names"] },
    { name: "they waited for the disk 2 of 10 s", machine: { iowait: 2 }, odd: ["waiting_names"] },
    { name: "memory is at 95 %", machine: { memory: 95 }, odd: ["memory_names"] },
    { name: "each is just below", machine: { disk: 89.9, busy: 8.9, iowait: 1.9 - 1, memory: 94.9 }, odd: [] },
  ])("names what is short when $name", async ({ machine, odd }) => {
    const answer = await read(machine);
    const lists = ["full_names", "memory_names", "busy_names", "waiting_names"] as const;
    expect(lists.filter((name) => (answer[name] as string[]).length > 0)).toEqual(odd);
    expect(answer["odd_names"]).toEqual(odd.length === 0 ? [] : ["vault-0"]);
  });

  it("says it in words, with the fullest file system", async () => {
    const { words } = await read({ busy: 3, iowait: 1, disk: 71.26 });
    expect(words).toEqual(["vault-0: disk 71.3 % of /vault, memory 50 %, CPU 30 %, waiting for the disk 10 %"]);
  });

  it("calls one machine alone in its trouble only when no other comes near the limits", async () => {
    const diskOf = async (disks: readonly number[]) => {
      const fake = createFakeCluster(["active", "standby", "standby"]);
      const nodes = fake.cluster.nodes.map((node, index) => ({
        ...node,
        read: async <T>(endpoint: Endpoint<T>): Promise<T> =>
          await Promise.resolve(
            endpoint.answer.parse({ data: { disk: [{ path: "/", usedPercent: disks[index], free: 1 }] } }),
          ),
      }));
      return (await host.read({ ...contextOf(fake), cluster: { ...fake.cluster, nodes } }, {}))["alone_name"];
    };
    expect(await diskOf([95, 20, 59])).toBe("vault-0");
    expect(await diskOf([20, 95, 61])).toBe("");
    expect(await diskOf([89, 20, 20])).toBe("");
    expect(await diskOf([20, 20, 20])).toBe("");
  });

  it("names the nodes that do not tell, and fails only when the token may ask nobody", async () => {
    const some = createFakeCluster(["active", "sealed", "denied"]);
    expect(await host.read(contextOf(some), {})).toMatchObject({ untold_names: ["vault-1", "vault-2"] });
    const none = createFakeCluster(["denied", "sealed", "denied"]);
    expect(await settle(host.read(contextOf(none), {}))).toMatchObject({ reason: "denied" });
    const sealed = createFakeCluster(["sealed", "unreachable", "sealed"]);
    expect(await host.read(contextOf(sealed), {})).toMatchObject({ nodes: [], words: [] });
  });

  it("takes a machine that tells only half of it", async () => {
    const fake = createFakeCluster(["active"]);
    fake.answers.set("sys/host-info", { data: { cpu_times: null } });
    expect(await host.read(contextOf(fake), {})).toMatchObject({
      nodes: [{ disk_percent: 0, disk_path: "", cpu_percent: 0 }],
      odd_names: [],
      words: ["vault-0: disk unknown, memory 0 %, CPU 0 %, waiting for the disk 0 %"],
    });
  });
});
