import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import type { Certificate } from "../../src/sandbox/openbao/certificates.ts";
import { createVaultCluster, type ClusterAddress } from "../../src/vault/create-cluster.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { createDatedAuthority, type DatedAuthority } from "../vault/dated-authority.ts";
import { json, startRawServer } from "../vault/raw-server.ts";
import { serve } from "./serve.ts";

const DAY_MS = 86_400_000;
const day = (days: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + days * DAY_MS);

/** A node that answers well whoever accepts its certificate. */
async function pageOf({ certFile, keyFile }: Certificate, tls: ClusterAddress["tls"]) {
  const files = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const health = { initialized: true, sealed: false, standby: false, server_time_utc: 1, version: "2.7.2" };
  await using server = await startRawServer(json(200, health), (listener) => createServer(files, listener), "https");
  const cluster = createVaultCluster(
    { name: "prod", product: "auto", nodes: [{ name: "vault-0", address: server.address }], tls },
    { identityMemory: { load: () => undefined, save: () => {} } },
  );
  try {
    await using exporter = await serve({ clusters: [cluster], collectors: [createNodeCollector()] });
    const page = await (await fetch(`${exporter.url}/metrics`)).text();
    return { lines: page.split("\n"), requests: server.received.length };
  } finally {
    await cluster.close();
  }
}

const of = (metric: string, value: number, label = ""): string =>
  `sealwatch_node_${metric}{vault_cluster="prod",vault_node="vault-0"${label}} ${value}`;

describeWith(["openssl"], "a node whose certificate we do not accept", () => {
  let directory: TemporaryDirectory;
  let ours: DatedAuthority;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    ours = await createDatedAuthority(join(directory.path, "ours"));
  });

  afterAll(async () => {
    await directory[Symbol.asyncDispose]();
  });

  it.each([
    { name: "has ended", from: -9, until: -1, tls: {}, trusted: 0, mismatch: 0 },
    { name: "has not begun", from: 1, until: 9, tls: {}, trusted: 0, mismatch: 0 },
    { name: "has another name", from: -1, until: 9, tls: { serverName: "vault-1" }, trusted: 1, mismatch: 1 },
    { name: "is of an authority that we do not know", from: -1, until: 9, tls: undefined, trusted: 0, mismatch: 0 },
  ])("is unreachable and shows the certificate that $name", async ({ from, until, tls, trusted, mismatch }) => {
    const [begin, end] = [day(from), day(until)];
    const certificate = await ours.issue({ name: `node${from}${until}`, from: begin, until: end });

    const { lines, requests } = await pageOf(certificate, tls === undefined ? {} : { caFile: ours.certFile, ...tls });

    expect(lines).toEqual(
      expect.arrayContaining([
        of("up", 0),
        of("state", 1, ',state="unreachable"'),
        of("failure_info", 1, ',reason="unreachable"'),
        of("certificate_not_before_timestamp_seconds", begin.getTime() / 1000),
        of("certificate_not_after_timestamp_seconds", end.getTime() / 1000),
        of("certificate_trusted", trusted),
        of("certificate_name_mismatch", mismatch),
      ]),
    );
    expect(requests).toBe(0);
  });

  it("is another one with a certificate in order, so that the tests above can fail", async () => {
    const certificate = await ours.issue({ name: "good", from: day(-1), until: day(9) });

    const { lines, requests } = await pageOf(certificate, { caFile: ours.certFile });

    expect(lines).toEqual(
      expect.arrayContaining([of("up", 1), of("certificate_trusted", 1), of("certificate_name_mismatch", 0)]),
    );
    expect(requests).toBeGreaterThan(0);
  });
});
