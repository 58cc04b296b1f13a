import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { systemClock, systemTimers } from "../../src/app/system.ts";
import { Cluster } from "../../src/config/schema.ts";
import { createDiscovery } from "../../src/discovery/create-discovery.ts";
import { openKubernetesApi } from "../../src/discovery/kubernetes-api.ts";
import type { PodChange } from "../../src/discovery/pod-api.ts";
import type { NodeDiscovery } from "../../src/discovery/node-discovery.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { helm } from "../helm/helm.ts";
import { requireBinary } from "../support/binaries.ts";
import { startKubernetesApi, type KubernetesApi } from "../support/kubernetes-api.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const podsOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;
const PODS = podsOf("vault");

/** What HashiCorp's and OpenBao's charts write on the pods of their servers, and on others. */
const VAULT = { "app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": "vault", component: "server" };
const OPENBAO = { "app.kubernetes.io/name": "openbao", "app.kubernetes.io/instance": "bao", component: "server" };
const INJECTOR = { "app.kubernetes.io/name": "vault-agent-injector", component: "webhook" };

let api: KubernetesApi;
/** A kubeconfig of the service account that the chart binds to its role. */
let account: string;

/** Installs the chart's own role: what is proven here is what people get. */
async function installRole(): Promise<void> {
  await using directory = await temporaryDirectory();
  const [values, manifest] = [join(directory.path, "values.yaml"), join(directory.path, "rbac.yaml")];
  const clusters = [{ name: "prod", discovery: { type: "kubernetes", namespace: "vault" } }];
  await writeFile(values, stringify({ config: { clusters } }));
  const shown = ["--show-only", "templates/rbac.yaml"];
  const rendered = await helm(["template", "sealwatch", "helm/sealwatch", "-n", "monitoring", "-f", values, ...shown]);
  await writeFile(manifest, rendered.stdout);
  const kubectl = ["--kubeconfig", api.adminKubeconfig, "apply", "-f", manifest];
  await promisify(execFile)(requireBinary("kubectl"), kubectl);
  await api.admin("POST", "/api/v1/namespaces/monitoring/serviceaccounts", { metadata: { name: "sealwatch" } });
}

type PodFacts = {
  readonly namespace?: string;
  readonly labels: object;
  readonly status?: object;
  readonly finalizers?: readonly string[];
};

async function createPod(name: string, { namespace = "vault", labels, status = {}, finalizers = [] }: PodFacts) {
  const containers = [{ name: "server", image: "server" }];
  const pods = podsOf(namespace);
  await api.admin("POST", pods, { metadata: { name, labels, finalizers }, spec: { containers } });
  await api.admin("PATCH", `${pods}/${name}/status`, { status });
}

/** Nothing runs the pods here, so nobody would end them: they go at once. */
async function deletePod(name: string): Promise<void> {
  await api.admin("DELETE", `${PODS}/${name}`, { gracePeriodSeconds: 0 });
}

/** A discovery as the configuration makes it, begun. */
async function discover(change: object = {}): Promise<NodeDiscovery & Disposable> {
  const discovery = { type: "kubernetes", namespace: "vault", kubeconfigFile: account, ...change };
  const created = createDiscovery(Cluster.parse({ name: "prod", discovery }), {
    clock: systemClock,
    timers: systemTimers,
    chance: () => 1,
    logger: silentLogger,
    env: {},
    cluster: () => {
      throw new Error("pods need no cluster");
    },
  });
  if (created === undefined) throw new Error("no discovery was made");
  await created.start();
  return { ...created, [Symbol.dispose]: created.stop };
}

const namesOf = (discovery: NodeDiscovery): string =>
  discovery
    .nodes()
    .map(({ name }) => name)
    .join(" ");

async function waitForNames(discovery: NodeDiscovery, names: string): Promise<void> {
  await waitFor(`the nodes ${names}`, async () =>
    namesOf(discovery) === names ? await Promise.resolve(true) : undefined,
  );
}

async function waitForStale(discovery: NodeDiscovery, stale: boolean): Promise<void> {
  await waitFor(`stale: ${stale}`, async () =>
    discovery.status().stale === stale ? await Promise.resolve(true) : undefined,
  );
}

describeWith(["etcd", "kube-apiserver", "openssl", "helm", "kubectl"], "discovery in a real Kubernetes API", () => {
  beforeAll(async () => {
    api = await startKubernetesApi();
    for (const name of ["vault", "monitoring"]) await api.admin("POST", "/api/v1/namespaces", { metadata: { name } });
    await installRole();
    account = await api.kubeconfigOf("monitoring", "sealwatch");
    await createPod("vault-0", { labels: VAULT, status: { podIP: "10.1.0.10", podIPs: [{ ip: "10.1.0.10" }] } });
    await createPod("bao-0", { labels: OPENBAO, status: { podIP: "10.1.0.20", podIPs: [{ ip: "10.1.0.20" }] } });
    await createPod("injector", { labels: INJECTOR, status: { podIP: "10.1.0.30", podIPs: [{ ip: "10.1.0.30" }] } });
  });
  afterAll(async () => await api[Symbol.asyncDispose]());

  it("needs no more than the chart's role, which permits list and watch of pods there and nothing else", async () => {
    const status = async (path: string): Promise<number> => await api.statusOf(account, path);

    expect(await status(PODS)).toBe(200);
    expect(await status(`${PODS}?watch=true&timeoutSeconds=1`)).toBe(200);
    expect(await status(`${PODS}/vault-0`)).toBe(403);
    expect(await status(`${PODS}/vault-0/log`)).toBe(403);
    expect(await status("/api/v1/namespaces/vault/secrets")).toBe(403);
    expect(await status("/api/v1/namespaces/vault/configmaps")).toBe(403);
    expect(await status("/api/v1/namespaces/monitoring/pods")).toBe(403);
    expect(await status("/api/v1/pods")).toBe(403);
    expect(await status("/api/v1/nodes")).toBe(403);
  });

  it("finds the servers of both charts by their labels, and nobody else", async () => {
    using discovery = await discover();

    expect(discovery.nodes()).toEqual([
      { name: "bao-0", address: "https://10.1.0.20:8200" },
      { name: "vault-0", address: "https://10.1.0.10:8200" },
    ]);
    expect(discovery.status().stale).toBe(false);
  });

  it("sees pods come, get an address and go; a pod that is not ready or about to end is still a node", async () => {
    using discovery = await discover();

    await createPod("vault-1", { labels: VAULT });
    await api.admin("PATCH", `${PODS}/vault-1/status`, {
      status: { phase: "Running", podIP: "10.1.0.11", conditions: [{ type: "Ready", status: "False" }] },
    });
    await waitForNames(discovery, "bao-0 vault-0 vault-1");
    await createPod("vault-2", {
      labels: VAULT,
      status: { podIP: "10.1.0.12", podIPs: [{ ip: "10.1.0.12" }] },
      finalizers: ["sealwatch.example/kept"],
    });
    await waitForNames(discovery, "bao-0 vault-0 vault-1 vault-2");
    await deletePod("vault-2");
    await deletePod("vault-1");
    await waitForNames(discovery, "bao-0 vault-0 vault-2");
    await api.admin("PATCH", `${PODS}/vault-2`, { metadata: { finalizers: null } });
    await waitForNames(discovery, "bao-0 vault-0");
  });

  it("reaches pods by their names in the headless service, even those without an address", async () => {
    using discovery = await discover({ service: "vault-internal", labelSelector: "app.kubernetes.io/name=vault" });
    await createPod("vault-1", { labels: VAULT });

    await waitForNames(discovery, "vault-0 vault-1");

    expect(discovery.nodes()[1]?.address).toBe("https://vault-1.vault-internal.vault.svc:8200");
    await deletePod("vault-1");
  });

  it("keeps the last known pods and marks them stale while the API is away, and recovers by itself", async () => {
    using discovery = await discover();
    const before = discovery.nodes();

    await api.kill();
    await waitForStale(discovery, true);
    expect(discovery.nodes()).toBe(before);
    await api.start();
    await createPod("vault-1", { labels: VAULT, status: { podIP: "10.1.0.11", podIPs: [{ ip: "10.1.0.11" }] } });

    await waitForNames(discovery, "bao-0 vault-0 vault-1");
    await waitForStale(discovery, false);
    await deletePod("vault-1");
    await waitForNames(discovery, "bao-0 vault-0");
  });

  it("is told how far it has heard when only others' pods changed, and that it expired when that is too long ago", async () => {
    const opened = await openKubernetesApi({
      namespace: "vault",
      labelSelector: "component=server",
      kubeconfigFile: account,
      env: {},
      // The server sends the bookmark two seconds before the end.
      watchSeconds: 5,
    });
    const { signal } = new AbortController();
    const told: PodChange[] = [];
    const created = Promise.withResolvers<void>();
    const listener = {
      connected: () => created.resolve(createPod("other", { namespace: "monitoring", labels: VAULT })),
      changed: (change: PodChange) => void told.push(change),
    };
    const { version } = await opened.list(signal);

    expect(await opened.watch(version, listener, signal)).toBe("ended");
    await created.promise;
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(["bookmark"]));
    expect(Number(told[0]?.version)).toBeGreaterThan(Number(version));
    expect(await opened.watch("1", { ...listener, connected: () => {} }, signal)).toBe("expired");
  });

  it("says who is not permitted, and starts all the same", async () => {
    await api.admin("POST", "/api/v1/namespaces/vault/serviceaccounts", { metadata: { name: "nobody" } });
    const kubeconfigFile = await api.kubeconfigOf("vault", "nobody");
    using discovery = await discover({ kubeconfigFile });

    expect(discovery.nodes()).toEqual([]);
    expect(discovery.status()).toEqual({ stale: true, lastSuccessAt: undefined });
  });
});
