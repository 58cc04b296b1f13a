import { describe, expect, it } from "@jest/globals";
import { policyLine } from "../../src/vault/policy-line.ts";
import type { VaultRequest } from "../../src/vault/transport.ts";

type Row = Pick<VaultRequest, "method" | "path" | "query"> & { readonly line: string };

describe("policyLine", () => {
  it.each<Row>([
    { method: "GET", path: "sys/metrics", line: `path "sys/metrics" { capabilities = ["read"] }` },
    {
      method: "GET",
      path: "sys/leases/lookup/database/creds",
      query: { list: "true" },
      line: `path "sys/leases/lookup/database/creds/" { capabilities = ["list", "sudo"] }`,
    },
    {
      method: "GET",
      path: "sys/version-history/",
      query: { list: "true" },
      line: `path "sys/version-history/" { capabilities = ["list"] }`,
    },
    {
      method: "POST",
      path: "sys/storage/raft/remove-peer",
      line: `path "sys/storage/raft/remove-peer" { capabilities = ["update"] }`,
    },
    { method: "PUT", path: "sys/seal", line: `path "sys/seal" { capabilities = ["update", "sudo"] }` },
    { method: "GET", path: "sys/audit", line: `path "sys/audit" { capabilities = ["read", "sudo"] }` },
    { method: "DELETE", path: "sys/audit/file", line: `path "sys/audit/file" { capabilities = ["delete", "sudo"] }` },
    { method: "GET", path: "sys/leases/count", line: `path "sys/leases/count" { capabilities = ["read"] }` },
  ])("names what $method $path needs", ({ line, ...request }) => {
    expect(policyLine(request)).toBe(line);
  });
});
