import { describe, expect, it } from "@jest/globals";
import { MUTATIONS } from "../../src/runner/guarded-cluster.ts";
import { createVaultNode } from "../../src/vault/create-node.ts";
import type { VaultRequest, VaultTransport } from "../../src/vault/transport.ts";

/** Asks what the token for actions may do, and changes nothing. */
const ASKS_ONLY = ["operateCapabilities"];

describe("createVaultNode", () => {
  it("has the token for actions sent by those calls that ask first, and by no other", async () => {
    const sent: Pick<VaultRequest, "token">[] = [];
    const node = createVaultNode(recordingTransport(sent), "raft-0");
    const methods = Object.entries(node).filter(([, value]) => typeof value === "function");
    const operating: string[] = [];

    for (const [name, call] of methods) {
      sent.length = 0;
      // Neither the arguments nor the answer matter: only whose token goes out.
      await (call as (...given: readonly unknown[]) => Promise<unknown>)("x", {}).catch(() => {});
      if (sent.some(({ token }) => token === "operate")) operating.push(name);
    }

    expect(methods.length).toBeGreaterThan(MUTATIONS.length);
    expect(operating.sort()).toEqual([...MUTATIONS, ...ASKS_ONLY].sort());
  });
});

function recordingTransport(sent: Pick<VaultRequest, "token">[]): VaultTransport {
  const fail = async (asked: Pick<VaultRequest, "token">): Promise<never> => {
    sent.push(asked);
    return await Promise.reject(new Error("nobody answers"));
  };
  return {
    nodeName: "vault-0",
    address: "http://vault-0.example:8200",
    request: fail,
    stream: fail,
    probeListener: async () => await Promise.reject(new Error("nobody answers")),
    close: async () => {},
  };
}
