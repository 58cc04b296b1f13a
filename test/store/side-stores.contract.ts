import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { AlertGroup, SentMessage } from "../../src/runner/ports.ts";
import type { Machine } from "../../src/store/holder.ts";
import type { Store } from "../../src/store/store.ts";

/** Makes an alert group as Alertmanager told it at a time. */
export function alertGroup(changes: Partial<AlertGroup> = {}): AlertGroup {
  const alert = {
    fingerprint: "f1",
    status: "firing" as const,
    labels: { alertname: "VaultNodeSealed", vault_node: "vault-2" },
    annotations: {},
    startsAt: 100,
    endsAt: undefined,
  };
  return { key: '{}:{alertname="X"}', status: "firing", receivedAt: 200, startsAt: 100, alerts: [alert], ...changes };
}

const machine: Machine = { host: "here", processExists: (pid) => pid === 7 };

/** The time at which holders are judged. */
const NOW = 100_000;

/** Lets a store hear of a holder so many milliseconds before `NOW`. */
export type Hear = (store: Store, holder: string, agoMs: number) => Promise<void>;

/** How stores hear that go by the caller's clock; one with a clock of its own brings its own way. */
const hearByCallersClock: Hear = async ({ holders }, holder, agoMs) => await holders.beat(holder, NOW - agoMs);

/** What every store does besides runs; `open` gives an empty store on the given machine, which the suite closes. */
export function sideStoresContract(
  open: (machine: Machine) => Store | Promise<Store>,
  hear: Hear = hearByCallersClock,
): void {
  let store: Store;
  beforeEach(async () => {
    store = await open(machine);
  });
  afterEach(async () => await store.close());

  describe("alert groups", () => {
    alertsContract(() => store);
  });
  describe("sent messages", () => {
    messagesContract(() => store);
  });
  describe("holders", () => {
    holdersContract(() => store, hear);
  });
  describe("identities", () => {
    identitiesContract(() => store);
  });
}

function alertsContract(store: () => Store): void {
  it("gives a group back as it was put, and undefined for an unknown key", async () => {
    await store().alerts.put(alertGroup());
    expect(await store().alerts.get(alertGroup().key)).toStrictEqual(alertGroup());
    expect(await store().alerts.get("unknown")).toBeUndefined();
  });

  it.each([
    { name: "replaces a state by one received later", receivedAt: 201, status: "resolved" as const },
    { name: "replaces a state by one received in the same millisecond", receivedAt: 200, status: "resolved" as const },
    { name: "keeps a state when an older one comes late", receivedAt: 199, status: "firing" as const },
  ])("$name", async ({ receivedAt, status }) => {
    await store().alerts.put(alertGroup());
    await store().alerts.put(alertGroup({ status: "resolved", receivedAt }));
    expect((await store().alerts.get(alertGroup().key))?.status).toBe(status);
    expect(await store().alerts.list()).toHaveLength(1);
  });

  it("lists the group received last first", async () => {
    for (const [key, receivedAt] of [
      ["a", 1],
      ["b", 3],
      ["c", 2],
    ] as const)
      await store().alerts.put(alertGroup({ key, receivedAt }));
    expect((await store().alerts.list()).map(({ key }) => key)).toEqual(["b", "c", "a"]);
  });

  it("takes labels with the names of an object's own machinery", async () => {
    const [alert] = alertGroup().alerts;
    if (alert === undefined) throw new Error("the fixture has an alert");
    const labels = JSON.parse('{"constructor":"a","toString":"b"}') as Record<string, string>;
    const group = alertGroup({ alerts: [{ ...alert, labels }] });
    await store().alerts.put(group);
    expect((await store().alerts.get(group.key))?.alerts[0]?.labels).toEqual(labels);
  });
}

function messagesContract(store: () => Store): void {
  const message = (key: string): SentMessage => ({ key, channel: "C1", ts: "1.000100", digest: "d1" });

  it("gives a message back, and its newer form once it was put again", async () => {
    await store().messages.put(message("run:R1/card"));
    await store().messages.put({ ...message("run:R1/card"), digest: "d2" });
    expect(await store().messages.get("run:R1/card")).toEqual({ ...message("run:R1/card"), digest: "d2" });
    expect(await store().messages.get("run:R2/card")).toBeUndefined();
  });

  it("remembers that nobody knows yet whether a message was posted, until it is put with its ts", async () => {
    const intended = { ...message("run:R1/card"), ts: undefined };
    await store().messages.put(intended);
    expect(await store().messages.get("run:R1/card")).toStrictEqual(intended);
    expect(await store().messages.list("run:")).toStrictEqual([intended]);
    await store().messages.put(message("run:R1/card"));
    expect(await store().messages.get("run:R1/card")).toStrictEqual(message("run:R1/card"));
  });

  it("lists by prefix, in the order of keys, without reading any character as a pattern", async () => {
    for (const key of ["run:R1/step", "run:R1/card", "run:R11/card", "run_R1/card", "alert:%"])
      await store().messages.put(message(key));
    const keys = async (prefix: string) => (await store().messages.list(prefix)).map(({ key }) => key);
    expect(await keys("run:R1/")).toEqual(["run:R1/card", "run:R1/step"]);
    expect(await keys("run_")).toEqual(["run_R1/card"]);
    expect(await keys("alert:%")).toEqual(["alert:%"]);
    expect(await keys("")).toHaveLength(5);
  });
}

function holdersContract(store: () => Store, hear: Hear): void {
  it.each([
    { name: "was never heard of", ago: undefined, holder: "there:7:abc", alive: false },
    { name: "was heard of just now", ago: 0, holder: "there:9:abc", alive: true },
    { name: "was heard of 29 s ago", ago: 29_000, holder: "there:9:abc", alive: true },
    { name: "was heard of more than 30 s ago", ago: 30_001, holder: "there:9:abc", alive: false },
    { name: "has a process on this host", ago: 1, holder: "here:7:abc", alive: true },
    { name: "has no process on this host any more", ago: 1, holder: "here:9:abc", alive: false },
    { name: "has a process on this host, but is silent", ago: 40_000, holder: "here:7:abc", alive: false },
    { name: "has a name of another form", ago: 1, holder: "someone", alive: true },
    { name: "has a host name with colons", ago: 1, holder: "fe80::1:9:abc", alive: true },
  ])("says $alive of a holder that $name", async ({ ago, holder, alive }) => {
    if (ago !== undefined) await hear(store(), holder, ago);
    expect(await store().holders.isAlive(holder, NOW)).toBe(alive);
  });

  it("goes by the last beat, and forgets a holder that left", async () => {
    const { holders } = store();
    await hear(store(), "there:9:abc", 60_000);
    await holders.beat("there:9:abc", NOW);
    expect(await holders.isAlive("there:9:abc", NOW)).toBe(true);
    await holders.leave("there:9:abc");
    expect(await holders.isAlive("there:9:abc", NOW)).toBe(false);
  });
}

function identitiesContract(store: () => Store): void {
  it("remembers what a cluster called itself last, and nothing of one never seen", () => {
    const { identities } = store();
    expect(identities.load("prod")).toBeUndefined();
    identities.save("prod", { clusterId: "id-1", clusterName: "vault-cluster-1" });
    identities.save("prod", { clusterId: "id-2", clusterName: "vault-cluster-2" });
    expect(identities.load("prod")).toEqual({ clusterId: "id-2", clusterName: "vault-cluster-2" });
    expect(identities.load("staging")).toBeUndefined();
  });
}
