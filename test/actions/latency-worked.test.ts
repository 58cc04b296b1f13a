import { describe, expect, it } from "@jest/globals";
import { crowdOf } from "../../src/actions/latency-crowd.ts";
import { hostBetween } from "../../src/actions/host-between.ts";
import { readTotals } from "../../src/actions/metric-totals.ts";
import { requestsOnMount, spentOn, workedBetween } from "../../src/actions/latency-worked.ts";
import { settle } from "../contracts/action.contract.ts";

async function* pieces(text: string, size = 5): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const totals = async (text: string) => await readTotals(pieces(text), "vault-0");

describe("the totals of a page of metrics", () => {
  it("are the samples of Vault by their names, all labels together, without quantiles", async () => {
    const page = await totals(
      [
        "# TYPE vault_raft_replication_appendEntries_rpc summary",
        'vault_raft_replication_appendEntries_rpc{peer_id="a",quantile="0.5"} 9',
        'vault_raft_replication_appendEntries_rpc_sum{peer_id="a"} 10',
        'vault_raft_replication_appendEntries_rpc_sum{peer_id="b"} 2.5e1',
        "vault_audit_log_request NaN",
        "go_goroutines 7",
        "process_resident_memory_bytes 1e+08",
      ].join("\n"),
    );

    expect([...page]).toEqual([
      ["vault_raft_replication_appendEntries_rpc_sum", 35],
      ["process_resident_memory_bytes", 1e8],
    ]);
  });

  it.each([
    { name: "a page of somebody else", text: "<html>\nnot found\n</html>" },
    { name: "an empty page", text: "" },
    { name: "a page with another prefix", text: "bao_core_active 1\n" },
    { name: "a line that never ends", text: `vault_${"x".repeat(1024 * 1024 + 10)}` },
  ])("refuse $name", async ({ text }) => {
    const failure = await settle(readTotals(pieces(text, 65_536), "vault-0"));
    expect(failure).toMatchObject({ reason: "invalid-answer" });
  });
});

describe("what was done between two pages", () => {
  const page = (values: Readonly<Record<string, number>>) => new Map(Object.entries(values));

  it("is the difference of both, requests with the second entry of their audit", () => {
    const work = workedBetween({
      before: page({
        vault_core_handle_request_count: 10,
        vault_core_handle_request_sum: 100,
        vault_expire_num_leases: 50,
      }),
      after: page({
        vault_core_handle_request_count: 30,
        vault_core_handle_request_sum: 300,
        vault_core_handle_login_request_count: 10,
        vault_core_handle_login_request_sum: 50,
        vault_audit_log_response_count: 30,
        vault_audit_log_response_sum: 60,
        vault_audit_a__log_response_count: 30,
        vault_audit_a__log_response_sum: 20,
        vault_audit_b_c__log_request_count: 30,
        vault_audit_b_c__log_request_sum: 40,
        vault_expire_num_leases: 100,
        vault_runtime_total_gc_pause_ns: 5e8,
      }),
      seconds: 5,
    });

    expect(work.requests).toEqual({ count: 30, ms: 310 });
    expect(work.slowestDevice).toEqual({ name: "b_c", spent: { count: 30, ms: 40 } });
    expect(work.leases).toMatchObject({ count: 100, perSecond: 10 });
    expect(work.gcShare).toBeCloseTo(0.1);
  });

  it("is nothing where the server began anew in between", () => {
    const between = { before: page({ a_count: 100, a_sum: 900 }), after: page({ a_count: 3, a_sum: 30 }), seconds: 5 };
    expect(spentOn(between, ["a"])).toEqual({ count: 0, ms: 0 });
  });

  it("counts the requests of one mount, and no other's whose name ends alike", () => {
    const between = {
      before: page({ vault_route_read_kv__count: 0, vault_route_read_team_kv__count: 0 }),
      after: page({
        vault_route_read_kv__count: 50,
        vault_route_update_kv__count: 25,
        vault_route_read_team_kv__count: 999,
      }),
      seconds: 5,
    };
    expect(requestsOnMount(between, "kv/")).toBe(15);
    expect(requestsOnMount(between, "other/")).toBeUndefined();
  });
});

describe("who was served", () => {
  const request = (clientId: string, path: string, startedAtSeconds?: number) => ({ clientId, path, startedAtSeconds });
  const unknown = { paths: [], perSecond: () => undefined };

  it("is the client with most, by the beginning of its id, on the mount that it asks most", () => {
    const crowd = crowdOf(
      [
        {
          at: 5000,
          requests: [
            request("c0ffee1234", "team/kv/a", 3),
            request("c0ffee1234", "kv/b"),
            request("me", "sys/in-flight-req"),
          ],
        },
        { at: 6000, requests: [request("c0ffee1234", "team/kv/c"), request("other", "kv/d")] },
      ],
      { paths: ["kv/", "team/kv/", "team/"], perSecond: (mount) => (mount === "team/kv/" ? 70 : 1) },
    );

    expect(crowd).toEqual({
      atOnce: 2,
      oldestMs: 2000,
      busiest: { name: "client c0ffee12", share: 0.75, mount: "team/kv/", mountShare: 2 / 3, mountPerSecond: 70 },
    });
  });

  it.each([
    { what: "a login", id: "", path: "auth/userpass/login/x", name: "callers that log in", mount: "auth/userpass/" },
    { what: "an engine that is not known", id: "c0ffee1234", path: "kv/data/x", name: "client c0ffee12", mount: "kv/" },
  ])("finds the mount of $what", ({ id, path, name, mount }) => {
    const crowd = crowdOf([{ at: 0, requests: [request(id, path)] }], unknown);
    expect(crowd?.busiest).toMatchObject({ name, mount });
  });

  it("is told from those whose caller the server knows: others wait for that", () => {
    const crowd = crowdOf(
      [{ at: 0, requests: [request("", "kv/a"), request("", "kv/a"), request("c0ffee1234", "kv/a")] }],
      unknown,
    );
    expect(crowd).toMatchObject({ atOnce: 3, busiest: { name: "client c0ffee12", share: 1 } });
  });

  it("has no name as long as the server knows none", () => {
    const crowd = crowdOf([{ at: 0, requests: [request("", "kv/a"), request("", "auth/token/lookup-self")] }], {
      ...unknown,
      paths: ["kv/"],
    });
    expect(crowd?.busiest).toMatchObject({ name: "callers not known yet", share: 1, mount: "kv/" });
  });

  it("is nobody when nothing is under way, and unknown when nobody could look", () => {
    expect(crowdOf([{ at: 0, requests: [] }], unknown)).toEqual({ atOnce: 0, oldestMs: 0, busiest: undefined });
    expect(crowdOf([], unknown)).toBeUndefined();
  });
});

describe("the machine between two looks", () => {
  const host = (totalSeconds: number, idleSeconds: number, ioWaitSeconds: number) => ({
    cpu: { totalSeconds, idleSeconds, ioWaitSeconds },
    disks: [
      { path: "/", usedPercent: 30 },
      { path: "/data", usedPercent: 96 },
    ],
    memory: { totalBytes: 100, availableBytes: 4, swapTotalBytes: 0, swapFreeBytes: 0 },
  });

  it("is told by what passed in between, not since its start", () => {
    expect(hostBetween(host(1000, 900, 0), host(1010, 902, 3))).toEqual({
      busyPercent: 50,
      ioWaitPercent: 30,
      availableMemoryPercent: 4,
      usedSwapPercent: 0,
      fullestDisk: { path: "/data", usedPercent: 96 },
    });
  });

  it("has no processor to tell of after one look, and nothing after none", () => {
    expect(hostBetween(host(1, 1, 1), undefined)).toMatchObject({ busyPercent: undefined, availableMemoryPercent: 4 });
    expect(hostBetween(undefined, undefined)).toBeUndefined();
  });
});
