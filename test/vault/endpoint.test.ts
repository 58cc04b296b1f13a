import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { readEndpoint, type Endpoint } from "../../src/vault/endpoint.ts";
import type { VaultRequest, VaultTransport } from "../../src/vault/transport.ts";

function transport(): { readonly transport: VaultTransport; readonly asked: VaultRequest[] } {
  const asked: VaultRequest[] = [];
  const nobody = async () => await Promise.reject(new Error("nobody asks like this"));
  return {
    asked,
    transport: {
      nodeName: "vault-0",
      address: "https://vault-0.example:8200",
      request: async (request) => {
        asked.push(request);
        return await Promise.resolve({ statusCode: 200, headers: {}, text: "", body: { data: 7 } });
      },
      stream: nobody,
      probeListener: nobody,
      close: async () => {},
    },
  };
}

const SEVEN: Endpoint<number> = {
  path: "sys/seven",
  token: "read",
  answer: z.object({ data: z.number() }).transform(({ data }) => data),
};

describe("reading an endpoint", () => {
  it("is a GET, with the caller's options and nothing of the endpoint's schema", async () => {
    const { transport: to, asked } = transport();
    const { signal } = new AbortController();
    expect(await readEndpoint(to, { ...SEVEN, query: { list: "true" } }, { signal, timeoutMs: 5 })).toBe(7);
    expect(asked).toEqual([
      { method: "GET", path: "sys/seven", query: { list: "true" }, token: "read", signal, timeoutMs: 5 },
    ]);
  });

  it("is a POST with a question where the endpoint has one, marked as a call that changes nothing", async () => {
    const { transport: to, asked } = transport();
    await readEndpoint(to, { ...SEVEN, question: { id: "a" } });
    expect(asked).toEqual([{ method: "POST", path: "sys/seven", token: "read", body: { id: "a" }, asks: true }]);
  });
});
