import { apiAddress, type ApiPort } from "./api-address.ts";
import { byName } from "./by-name.ts";
import type { DiscoveredNode } from "./node-discovery.ts";

/** Pod is what we want to know of one. Whether it is ready is not asked: a sealed node's pod never is. */
export type Pod = {
  readonly name: string;
  /** Undefined until it has one. */
  readonly ip: string | undefined;
};

/** How the nodes in pods are spoken to. */
export type PodAddressing = ApiPort & {
  readonly namespace: string;
  /** Headless service by whose names pods are reached; default: their own IPs. */
  readonly service?: string | undefined;
  readonly serverName?: string | undefined;
};

/** Gives the nodes that run in these pods. A pod without an address yet is none; one that is not ready, or is about to end, still is. */
export function podsToNodes(pods: Iterable<Pod>, addressing: PodAddressing): readonly DiscoveredNode[] {
  const { namespace, service, serverName } = addressing;
  const hostOf = ({ name, ip }: Pod): string | undefined =>
    service === undefined ? ip : `${name}.${service}.${namespace}.svc`;
  return [...pods]
    .flatMap((pod) => {
      const host = hostOf(pod);
      if (host === undefined) return [];
      const address = apiAddress(host, addressing);
      return [{ name: pod.name, address, ...(serverName === undefined ? {} : { serverName }) }];
    })
    .sort(byName);
}
