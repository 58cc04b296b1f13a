import { describe, expect, it } from "@jest/globals";
import { createDnsDiscovery, systemResolver } from "../../src/discovery/dns.ts";
import type { DnsQuestion, DnsResolver } from "../../src/discovery/dns.ts";
import type { DiscoveredNode } from "../../src/discovery/node-discovery.ts";
import { manualWorld } from "./world.ts";

const NAME = "vault-internal.vault.svc";
const QUESTION: DnsQuestion = { name: NAME, record: "A", port: 8200, scheme: "https", refresh: 30_000 };

type Answers = { readonly [Kind in keyof DnsResolver]?: Awaited<ReturnType<DnsResolver[Kind]>> | string };

/** A resolver that gives one answer, or fails with a code; it knows one name. */
function resolverOf(answers: Answers): DnsResolver {
  const answer = async <T>(asked: string, given: T | string | undefined): Promise<T> => {
    if (asked !== NAME || given === undefined) throw new Error(`the fake resolver does not expect ${asked}`);
    if (typeof given === "string") throw Object.assign(new Error(`queryX ${given} ${asked}`), { code: given });
    return await Promise.resolve(given);
  };
  return {
    addresses: async (name) => await answer(name, answers.addresses),
    services: async (name) => await answer(name, answers.services),
  };
}

async function look(answers: Answers, question: Partial<DnsQuestion> = {}) {
  const manual = manualWorld();
  const discovery = createDnsDiscovery(
    { ...QUESTION, ...question },
    { ...manual.world, resolver: resolverOf(answers) },
  );
  await discovery.start();
  discovery.stop();
  return { nodes: discovery.nodes(), stale: discovery.status().stale };
}

const v4 = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }));
const v6 = (...addresses: string[]) => addresses.map((address) => ({ address, family: 6 }));
const srv = (name: string, port: number, priority = 0) => ({ name, port, priority });

describe("discovery of addresses", () => {
  const node = (host: string, address = `https://${host}:8200`): DiscoveredNode => ({
    name: host,
    address,
    serverName: NAME,
  });

  it.each([
    { name: "calls each address by itself", found: v4("10.0.0.7"), expected: [node("10.0.0.7")] },
    {
      name: "sorts them by their numbers, whatever order they came in, and counts each once",
      found: v4("10.0.0.10", "10.0.0.2", "10.0.0.2"),
      expected: [node("10.0.0.2"), node("10.0.0.10")],
    },
    { name: "writes IPv6 in brackets", found: v6("fd00::7"), expected: [node("fd00::7", "https://[fd00::7]:8200")] },
    {
      name: "makes one node of a server with an address of each family",
      found: [...v6("fd00::7"), ...v4("10.0.0.7")],
      expected: [node("10.0.0.7")],
    },
  ])("$name", async ({ found, expected }) => {
    expect(await look({ addresses: found })).toEqual({ nodes: expected, stale: false });
  });

  it("expects the configured name in the certificates, and speaks by the configured scheme and port", async () => {
    const { nodes } = await look(
      { addresses: v4("10.0.0.7") },
      { scheme: "http", port: 8210, serverName: "vault.example" },
    );

    expect(nodes).toEqual([{ name: "10.0.0.7", address: "http://10.0.0.7:8210", serverName: "vault.example" }]);
  });

  it("asks the machine's own resolver when it is given none", async () => {
    const { world } = manualWorld();
    const discovery = createDnsDiscovery({ ...QUESTION, name: "localhost" }, world);

    await discovery.start();
    discovery.stop();

    expect(discovery.nodes()[0]?.address).toMatch(/^https:\/\/(?:127\.0\.0\.1|\[::1\]):8200$/u);
    await expect(systemResolver.addresses("no-such-host.invalid")).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
});

describe("discovery of services", () => {
  const host = (pod: string) => `${pod}.vault-internal.vault.svc.cluster.local`;
  const node = (pod: string, port = 8200): DiscoveredNode => ({ name: pod, address: `https://${host(pod)}:${port}` });
  const SRV = { record: "SRV" as const, hasOwnAuthority: true };

  it.each([
    {
      name: "calls a node by the first label of its host, with the port of the record",
      found: [srv(host("vault-1"), 8300), srv(`${host("vault-0")}.`, 8300)],
      expected: [node("vault-0", 8300), node("vault-1", 8300)],
    },
    {
      name: "sorts by the number in the name",
      found: [srv(host("vault-10"), 8200), srv(host("vault-9"), 8200)],
      expected: [node("vault-9"), node("vault-10")],
    },
    {
      name: "takes the configured port where a host has several",
      found: [srv(host("vault-0"), 8201), srv(host("vault-0"), 8200), srv(host("vault-0"), 8202)],
      expected: [node("vault-0")],
    },
    {
      name: "takes the more important, then the lower port where none is the configured one",
      found: [srv(host("vault-0"), 9001, 2), srv(host("vault-0"), 9003, 1), srv(host("vault-0"), 9002, 1)],
      expected: [node("vault-0", 9002)],
    },
    {
      name: "calls hosts by their full names where two have the same first label",
      found: [srv("vault.b.example", 8200), srv("vault.a.example", 8200)],
      expected: [
        { name: "vault.a.example", address: "https://vault.a.example:8200" },
        { name: "vault.b.example", address: "https://vault.b.example:8200" },
      ],
    },
  ])("$name", async ({ found, expected }) => {
    expect(await look({ services: found }, SRV)).toEqual({ nodes: expected, stale: false });
  });

  it("expects the configured name in the certificates, else each host's own", async () => {
    const found = { services: [srv(host("vault-0"), 8200)] };

    expect((await look(found, { ...SRV, serverName: "vault.example" })).nodes).toEqual([
      { ...node("vault-0"), serverName: "vault.example" },
    ]);
    expect((await look(found, SRV)).nodes).toEqual([node("vault-0")]);
  });
});

describe("services whose hosts prove themselves by a public certificate", () => {
  const name = "_https._tcp.Vault.example";
  const resolver = (host: string): DnsResolver => ({
    addresses: async () => await Promise.reject(new Error("not asked")),
    services: async () => await Promise.resolve([srv("vault-0.vault.example", 8200), srv(host, 8200)]),
  });
  const find = async (host: string, question: Partial<DnsQuestion> = {}) => {
    const { world } = manualWorld();
    const asked: DnsQuestion = { ...QUESTION, name, record: "SRV", ...question };
    const discovery = createDnsDiscovery(asked, { ...world, resolver: resolver(host) });
    await discovery.start();
    discovery.stop();
    return discovery.nodes().length;
  };

  it.each(["vault-1.vault.example", "VAULT-1.b.vault.EXAMPLE.", "vault.example"])("are nodes as %s", async (host) => {
    expect(await find(host)).toBe(2);
  });

  it.each(["vault.attacker.example", "evilvault.example", "example"])(
    "are none at all with %s among them",
    async (host) => {
      expect(await find(host)).toBe(0);
      expect(await find(host, { serverName: "vault.example" })).toBe(2);
      expect(await find(host, { hasOwnAuthority: true })).toBe(2);
      expect(await find(host, { scheme: "http" })).toBe(2);
    },
  );
});

describe("a DNS that does not answer well", () => {
  it.each([
    { name: "no such name", answer: "ENOTFOUND", expected: "ENOTFOUND; check the name and that the service has pods" },
    { name: "no addresses", answer: [], expected: "ENODATA; check the name and that the service has pods" },
    { name: "a server that fails", answer: "ESERVFAIL", expected: "ESERVFAIL; check the name server" },
    { name: "no server", answer: "EAI_AGAIN", expected: "EAI_AGAIN; check the name server" },
  ])("leaves the last nodes in use when there is $name", async ({ answer, expected }) => {
    const said: object[] = [];
    const { world, time } = manualWorld();
    const answers: { addresses: Answers["addresses"] } = { addresses: v4("10.0.0.7") };
    const resolver: DnsResolver = {
      addresses: async (name) => await resolverOf(answers as Answers).addresses(name),
      services: async () => await Promise.reject(new Error("not asked")),
    };
    const logger = { ...world.logger, warn: (_message: string, facts = {}) => void said.push(facts) };
    const discovery = createDnsDiscovery(QUESTION, { ...world, logger, resolver });
    await discovery.start();
    const before = discovery.nodes();

    answers.addresses = answer;
    await time.advance(30_000);

    expect(discovery.nodes()).toBe(before);
    expect(discovery.status().stale).toBe(true);
    expect(said).toEqual([{ why: `cannot look up addresses of ${NAME} in the DNS: ${expected}` }]);
    discovery.stop();
  });
});
