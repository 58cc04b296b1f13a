import type { KubeConfig, V1Pod, Watch } from "@kubernetes/client-node";
import type { Pod } from "./pods.ts";
import type { PodApi, PodChange, WatchEnd, WatchListener } from "./pod-api.ts";
import { apiFailure, isExpired, noServiceAccount, unreadableKubeconfig, type Subject } from "./kubernetes-failure.ts";

/** Which pods are asked for, and as whom. */
export type PodSelection = Subject & {
  readonly labelSelector: string;
  /** Default: the service account of the pod that we run in. */
  readonly kubeconfigFile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long a watch lasts until we begin a new one; default 25. */
  readonly watchSeconds?: number;
};

const LIST_MS = 10_000;

/**
 * The client gives up a watch on which nothing came for 30 s, so that a frozen server is noticed. This ends it a little earlier and in
 * order: the server then sends a bookmark first, from which the next watch goes on even when no pod changed for days.
 */
const WATCH_SECONDS = 25;

/** Opens the Kubernetes API: loads the package and reads the kubeconfig, but asks nothing yet. Throws reason `refused`. */
export async function openKubernetesApi(selection: PodSelection): Promise<PodApi> {
  // The package is large: only who configures this discovery loads it.
  const kubernetes = await import("@kubernetes/client-node");
  const config = new kubernetes.KubeConfig();
  loadConfig(config, selection);
  const { namespace, labelSelector } = selection;
  const list = async (signal: AbortSignal) => {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]);
    const api = new kubernetes.CoreV1Api(
      kubernetes.createConfiguration({
        baseServer: new kubernetes.ServerConfiguration(config.getCurrentCluster()?.server ?? "", {}),
        authMethods: { default: config },
        promiseMiddleware: [
          {
            pre: async (request) => {
              request.setSignal(bounded);
              return await Promise.resolve(request);
            },
            post: async (response) => await Promise.resolve(response),
          },
        ],
      }),
    );
    return await api.listNamespacedPod({ namespace, labelSelector });
  };
  return {
    list: async (signal) => {
      const { items, metadata } = await list(signal).catch((error: unknown) => {
        throw apiFailure("list", selection, error);
      });
      return { pods: items.flatMap(podsOf), version: metadata?.resourceVersion ?? "" };
    },
    watch: async (version, listener, signal) =>
      await watchPods(new kubernetes.Watch(config), { selection, version, listener, signal }),
  };
}

function loadConfig(config: KubeConfig, { kubeconfigFile, env }: PodSelection): void {
  if (kubeconfigFile === undefined) {
    if (env["KUBERNETES_SERVICE_HOST"] === undefined) throw noServiceAccount();
    config.loadFromCluster();
    return;
  }
  try {
    config.loadFromFile(kubeconfigFile);
  } catch (error) {
    throw unreadableKubeconfig(kubeconfigFile, error);
  }
}

type WatchCall = {
  readonly selection: PodSelection;
  readonly version: string;
  readonly listener: WatchListener;
  readonly signal: AbortSignal;
};

async function watchPods(watch: Watch, { selection, version, listener, signal }: WatchCall): Promise<WatchEnd> {
  const { namespace, labelSelector, watchSeconds = WATCH_SECONDS } = selection;
  const end = Promise.withResolvers<WatchEnd>();
  let state: "connecting" | "connected" | "over" = "connecting";
  const fail = (error: unknown): void => {
    if (isExpired(error)) end.resolve("expired");
    else end.reject(apiFailure("watch", selection, error));
  };
  const done = (error: unknown): void => {
    // Once it was connected, a watch that breaks is one that ends: the next one is told what was missed, or says why it cannot be.
    if (error === null || state === "connected") end.resolve("ended");
    else fail(error);
    state = "over";
  };
  const hear = (kind: string, object: unknown): void => {
    if (kind === "ERROR") fail(object);
    else for (const change of changesOf(kind, object as V1Pod)) listener.changed(change);
  };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const query = { labelSelector, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: watchSeconds };
  const request = await watch.watch(path, query, hear, done);
  const stop = (): void => request.abort();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  if (state === "connecting") {
    state = "connected";
    listener.connected();
  }
  return await end.promise.finally(() => {
    signal.removeEventListener("abort", stop);
    stop();
  });
}

/** Others' answers: what is not as it should be is left out. */
function podsOf(pod: V1Pod): readonly Pod[] {
  const { name } = pod.metadata ?? {};
  const ip = pod.status?.podIP;
  return typeof name === "string" ? [{ name, ip: typeof ip === "string" && ip !== "" ? ip : undefined }] : [];
}

function changesOf(kind: string, object: V1Pod): readonly PodChange[] {
  const version = object.metadata?.resourceVersion;
  if (typeof version !== "string") return [];
  if (kind === "BOOKMARK") return [{ kind: "bookmark", version }];
  return podsOf(object).map((pod) => ({ kind: kind === "DELETED" ? "gone" : "there", pod, version }));
}
