import { describe, expect, it } from "@jest/globals";
import { podsToNodes, type PodAddressing } from "../../src/discovery/pods.ts";

const ADDRESSING: PodAddressing = { scheme: "https", port: 8200, namespace: "vault" };

describe("podsToNodes", () => {
  it.each([
    {
      name: "reaches pods by their own IPs when there is no headless service",
      addressing: ADDRESSING,
      pods: [{ name: "vault-0", ip: "10.0.0.7" }],
      expected: [{ name: "vault-0", address: "https://10.0.0.7:8200" }],
    },
    {
      name: "reaches them by their names in the headless service, even before they have an IP",
      addressing: { ...ADDRESSING, service: "vault-internal" },
      pods: [{ name: "vault-0", ip: undefined }],
      expected: [{ name: "vault-0", address: "https://vault-0.vault-internal.vault.svc:8200" }],
    },
    {
      name: "writes IPv6 in brackets, and passes on scheme, port and the name to expect",
      addressing: { ...ADDRESSING, scheme: "http" as const, port: 8210, serverName: "vault.example" },
      pods: [{ name: "vault-0", ip: "fd00::7" }],
      expected: [{ name: "vault-0", address: "http://[fd00::7]:8210", serverName: "vault.example" }],
    },
    {
      name: "leaves out a pod without an address, and sorts by the number in the name",
      addressing: ADDRESSING,
      pods: [
        { name: "vault-10", ip: "10.0.0.10" },
        { name: "vault-1", ip: undefined },
        { name: "vault-2", ip: "10.0.0.2" },
      ],
      expected: [
        { name: "vault-2", address: "https://10.0.0.2:8200" },
        { name: "vault-10", address: "https://10.0.0.10:8200" },
      ],
    },
  ])("$name", ({ addressing, pods, expected }) => {
    expect(podsToNodes(pods, addressing)).toEqual(expected);
  });
});
