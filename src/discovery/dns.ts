import { lookup, Resolver } from "node:dns/promises";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import { apiAddress, type ApiPort } from "./api-address.ts";
import { byName } from "./by-name.ts";
import type { DiscoveryWorld } from "./discovery-world.ts";
import type { DiscoveredNode, NodeDiscovery } from "./node-discovery.ts";
import { createPolledDiscovery } from "./polled-discovery.ts";

/** One record of a service: a server's host and port. */
export type SrvRecord = { readonly name: string; readonly port: number; readonly priority: number };

/** DnsResolver answers questions about names; rejects with `code` as Node's own does. */
export type DnsResolver = {
  readonly addresses: (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;
  readonly services: (name: string) => Promise<readonly SrvRecord[]>;
};

/** What is looked up. */
export type DnsQuestion = ApiPort & {
  readonly name: string;
  readonly record: "A" | "SRV";
  /** Name to expect in the certificates; default: for addresses the name that was looked up, for services each one's host. */
  readonly serverName?: string | undefined;
  /** Whether the certificates are checked by an authority of one's own, and not by those that sign for everybody. */
  readonly hasOwnAuthority?: boolean;
  readonly refresh: number;
};

/**
 * The machine's resolver. Addresses are looked up as every connection does it (search list and /etc/hosts count); services are asked of the
 * name server itself, so their name must be complete.
 */
export const systemResolver: DnsResolver = {
  addresses: async (name) => await lookup(name, { all: true }),
  services: async (name) => await new Resolver({ timeout: 2000, tries: 2 }).resolveSrv(name),
};

/** Creates the discovery of what a name leads to. A name that leads nowhere is a failure, not a cluster without nodes. */
export function createDnsDiscovery(
  question: DnsQuestion,
  { resolver = systemResolver, ...world }: DiscoveryWorld & { readonly resolver?: DnsResolver },
): NodeDiscovery {
  const look = question.record === "SRV" ? lookUpServices : lookUpAddresses;
  return createPolledDiscovery(
    { kind: "dns", refreshMs: question.refresh, look: async () => await look(question, resolver) },
    world,
  );
}

/** Of a server with an address of each family there is one node, with its IPv4 address. */
async function lookUpAddresses(question: DnsQuestion, resolver: DnsResolver): Promise<readonly DiscoveredNode[]> {
  const all = await ask(question, resolver.addresses);
  const family = all.some((each) => each.family === 4) ? 4 : 6;
  const hosts = new Set(all.filter((each) => each.family === family).map(({ address }) => address));
  return [...hosts]
    .map((host) => ({
      name: host,
      address: apiAddress(host, question),
      serverName: question.serverName ?? question.name,
    }))
    .sort(byName);
}

/** A headless service lists every port of a pod: one counts, best the configured one. */
async function lookUpServices(question: DnsQuestion, resolver: DnsResolver): Promise<readonly DiscoveredNode[]> {
  const records = [...(await ask(question, resolver.services))].sort(
    (left, right) =>
      Number(right.port === question.port) - Number(left.port === question.port) ||
      left.priority - right.priority ||
      left.port - right.port,
  );
  const ports = new Map(records.reverse().map(({ name, port }) => [hostOf(name), port]));
  refuseStrangers([...ports.keys()], question);
  const nameOf = shortNames([...ports.keys()]);
  const { serverName } = question;
  return [...ports]
    .map(([host, port]) => ({
      name: nameOf(host),
      address: apiAddress(host, { ...question, port }),
      ...(serverName === undefined ? {} : { serverName }),
    }))
    .sort(byName);
}

/**
 * The DNS chooses each host, and with it the name that its certificate must have: one who forges an answer would name a host of their own, with
 * a good certificate of a public authority, and get the token.
 */
function refuseStrangers(hosts: readonly string[], { name, scheme, serverName, hasOwnAuthority }: DnsQuestion): void {
  if (scheme === "http" || serverName !== undefined || hasOwnAuthority === true) return;
  const domain = hostOf(name)
    .replace(/^(?:_[^.]*\.)+/u, "")
    .toLowerCase();
  const stranger = hosts.find((host) => !`.${host.toLowerCase()}`.endsWith(`.${domain}`));
  if (stranger === undefined) return;
  throw new FailureError({
    reason: "refused",
    retryable: true,
    message:
      `cannot take the services (SRV) of ${name} for nodes: ${stranger} is not in ${domain}, and any public certificate would do; ` +
      "set discovery.serverName or tls.caFile",
  });
}

function hostOf(target: string): string {
  return target.replace(/\.$/u, "");
}

/** `vault-0.vault-internal.vault.svc` is called `vault-0`, as long as no other host is. */
function shortNames(hosts: readonly string[]): (host: string) => string {
  const first = (host: string): string => host.split(".")[0] ?? host;
  const unique = new Set(hosts.map(first)).size === hosts.length;
  return unique ? first : (host) => host;
}

async function ask<T>({ name, record }: DnsQuestion, question: (name: string) => Promise<readonly T[]>) {
  const answers = await question(name).catch((error: unknown) => {
    const { code = "no answer" } = (error ?? {}) as NodeJS.ErrnoException;
    throw failed(name, record, code);
  });
  if (answers.length === 0) throw failed(name, record, "ENODATA");
  return answers;
}

function failed(name: string, record: string, code: string): FailureError {
  const nowhere = code === "ENOTFOUND" || code === "ENODATA";
  const reason: FailureReason = nowhere ? "not-found" : "unreachable";
  const advice = nowhere ? "check the name and that the service has pods" : "check the name server";
  const kind = record === "SRV" ? "services (SRV)" : "addresses";
  return new FailureError({
    reason,
    retryable: true,
    message: `cannot look up ${kind} of ${name} in the DNS: ${code}; ${advice}`,
  });
}
