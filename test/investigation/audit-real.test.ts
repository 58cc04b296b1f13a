import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { list as listCheck } from "../../src/actions/investigation/list.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openActionServices } from "../../src/app/action-services.ts";
import { INVESTIGATION_POLICY } from "../../src/investigation/resolve-accessors.ts";
import { renderPolicy } from "../../src/lib/vault-policy.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { broken, createRealWorld, textOf, type RealWorld } from "../actions/vault/real-world.ts";
import { call } from "../cli/captured-io.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";

const CANARY = "canary-of-a-secret-value";
const PLAIN = `audit "file" "plain" {\n  options {\n    file_path = "audit-plain.log"\n    hmac_accessor = "false"\n  }\n}`;
const NAMES = ["leaked", "honest", "batch"] as const;

type Token = { readonly token: string; readonly accessor: string };

describeWith(["openbao", "openssl"], "a leaked token in the audit log of a real OpenBao", () => {
  let server: OpenBaoCluster;
  let world: RealWorld;
  let node: OpenBaoNode;
  let directory: TemporaryDirectory;
  let tokens: Readonly<Record<(typeof NAMES)[number], Token>>;
  let orphan: Token;
  let window: { readonly from: string; readonly to: string };

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await openBaoForTest({ nodes: 1, clusterName: "prod", tls: false, extraConfig: PLAIN });
    node = await server.activeNode();
    world = await createRealWorld(server);
    await root("PUT", "sys/mounts/secret", { type: "kv", options: { version: "1" } });
    const policy = 'path "secret/app/*" { capabilities = ["create", "read", "update"] }';
    const children = 'path "auth/token/create-orphan" { capabilities = ["update", "sudo"] }';
    await root("PUT", "sys/policies/acl/app", { policy: `${policy}\n${children}` });
    tokens = {
      leaked: await tokenOf("leaked"),
      honest: await tokenOf("honest"),
      batch: await tokenOf("batch", "batch"),
    };
    await as("honest", "GET", "secret/app/before");
    const from = await soon();
    await as("leaked", "PUT", "secret/app/db", { password: CANARY });
    await as("leaked", "GET", "secret/app/db");
    await as("leaked", "GET", "secret/forbidden");
    await as("honest", "GET", "secret/app/db");
    await as("batch", "GET", "secret/app/other");
    orphan = made(await as("leaked", "PUT", "auth/token/create-orphan", { display_name: "hidden", ttl: "1h" }));
    window = { from, to: await soon() };
    await as("leaked", "GET", "secret/app/db");
    await writeFiles();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  const root = async (method: string, path: string, body?: unknown) => await server.call(node, method, path, body);
  const as = async (name: (typeof NAMES)[number], method: string, path: string, body?: unknown) =>
    await server.call(node, method, path, body, tokens[name].token);
  const tokenOf = async (name: string, type = "service"): Promise<Token> =>
    made(await root("PUT", "auth/token/create", { display_name: name, policies: ["app"], ttl: "1h", type }));
  const alive = async ({ token }: Token): Promise<boolean> =>
    (await server.call(node, "GET", "auth/token/lookup-self", undefined, token)).statusCode === 200;
  const file = (name: string): string => join(directory.path, name);
  const writeFiles = async (): Promise<void> => {
    const investigator = await server.createToken(renderPolicy(INVESTIGATION_POLICY));
    await writeFile(file("investigator"), `${investigator}\n`);
    await writeFile(file("leaked-accessor"), `${tokens.leaked.accessor}\n`);
    await writeFile(file("leaked-token"), `${tokens.leaked.token}\n`);
    const log = await readFile(join(node.directory, "audit-file-a.log"));
    await writeFile(file("audit.log"), log);
    await writeFile(file("audit.log.gz"), gzipSync(log));
    await writeFile(file("plain.log"), await readFile(join(node.directory, "audit-plain.log")));
    const clusters = [{ name: "prod", nodes: [{ name: node.name, address: node.address }] }];
    await writeFile(file("sealwatch.yaml"), stringify({ clusters, investigations: { directory: file("lists") } }));
  };
  const search = async (...args: readonly string[]) => {
    const answer = await call(["audit-log", "search", "--config", file("sealwatch.yaml"), ...args]);
    for (const text of [answer.out, answer.err])
      for (const secret of [CANARY, ...Object.values(tokens).flatMap((held) => [held.token, held.accessor])])
        if (secret !== "") expect(text).not.toContain(secret);
    return answer;
  };
  const searchJson = async (...args: readonly string[]) =>
    JSON.parse((await search("--json", ...args)).out) as {
      readonly requests: number;
      readonly errors: number;
      readonly unreadable: number;
      readonly actors: readonly Record<string, unknown>[];
    };

  it("is found by what it touched in the time window, requests and answers counted once", async () => {
    const found = await searchJson("--file", file("audit.log"), ...within(window), "--path", "secret/", "--paths");
    expect(found).toMatchObject({ requests: 5, errors: 1, unreadable: 0 });
    expect(found.actors).toMatchObject([
      {
        displayName: "token-leaked",
        accessor: expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/u),
        requests: 3,
        errors: 1,
        mounts: { "secret/": 3 },
        operations: { read: 2, create: 1 },
        paths: { "secret/app/db": 2, "secret/forbidden": 1 },
      },
      { displayName: "token-honest", requests: 1, errors: 0 },
      // A batch token has no accessor: nothing can revoke it.
      { displayName: "token-batch", accessor: "(none)", requests: 1 },
    ]);
    const packed = await searchJson("--file", file("audit.log.gz"), ...within(window), "--path", "secret/", "--paths");
    expect(packed.actors).toEqual(found.actors);
  });

  it.each([
    { name: "its accessor", values: "leaked-accessor" },
    { name: "the token itself", values: "leaked-token" },
  ])("is found by $name, which Vault hashes, with the orphan that it made", async ({ values }) => {
    const hashing = ["--hash-of", file(values), "--device", "file-a", "--token-file", file("investigator")];
    const found = await searchJson("--file", file("audit.log"), ...hashing, ...within(window));
    expect(found.actors.filter(({ wanted }) => wanted)).toMatchObject([
      { displayName: "token-leaked", requests: 4, errors: 1 },
      { displayName: "token-hidden", requests: 0, issued: { path: "auth/token/create-orphan", by: "token-leaked" } },
    ]);
    expect(found.actors.map(({ displayName }) => displayName)).not.toContain("token-honest");
  });

  it("is found in plain accessors without any hash", async () => {
    const found = await searchJson("--file", file("plain.log"), ...within(window), "--display-name", "token-leaked");
    const [leaked] = found.actors;
    expect(leaked).toMatchObject({ accessor: `${tokens.leaked.accessor.slice(0, 6)}…`, requests: 4 });
  });

  it.each([
    { name: "a device that is not there", args: ["--device", "nowhere"], says: "sys/audit-hash/nowhere" },
    { name: "no device", args: [], says: "say with --device which audit device wrote it" },
  ])("is matched with no living token by $name", async ({ args, says }) => {
    const listing = ["--list", "never", "--display-name", "token-leaked", "--token-file", file("investigator")];
    const { code, err } = await search("--file", file("audit.log"), ...listing, ...args);
    expect(code).toBe(1);
    expect(err).toContain(says);
  });

  it("is matched by a token that may do just what the printed policy says, and by no lesser one", async () => {
    const { code, out } = await call(["policy", "investigation", "--config", file("sealwatch.yaml")]);
    expect(code).toBe(0);
    expect(out).toContain(renderPolicy(INVESTIGATION_POLICY).trimEnd());
    const [accessors, ...rest] = INVESTIGATION_POLICY;
    await writeFile(file("lesser"), await server.createToken(renderPolicy(rest)));
    const args = ["--device", "file-a", "--list", "lesser", "--display-name", "token-leaked"];
    const lesser = await search("--file", file("audit.log"), ...args, "--token-file", file("lesser"));
    expect(lesser.code).toBe(1);
    expect(lesser.err).toContain(renderPolicy([accessors]).trim());
  });

  it("is written down with its orphan and nobody else, and vault.revoke-list ends exactly these", async () => {
    const listing = ["--list", "leaked-ci", "--hash-of", file("leaked-accessor"), "--device", "file-a"];
    const args = [...listing, "--token-file", file("investigator"), ...within(window)];
    const { code, err } = await search("--file", file("audit.log.gz"), ...args);
    expect(err).toContain("2 living tokens to revoke, 0 actors without one");
    expect(code).toBe(0);
    const again = await search("--file", file("audit.log.gz"), ...args);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("none is ever replaced")]);

    const config = {
      clusters: [],
      exec: [],
      prometheus: undefined,
      probes: [],
      investigations: { directory: file("lists") },
    };
    const { services, close } = openActionServices(config, { env: {} }, createMemoryStore().runs);
    const signal = new AbortController().signal;
    const context = { cluster: world.cluster, clock: { now: () => Date.now() }, signal, services };
    expect(await listCheck.read(context, { list: "leaked-ci" })).toMatchObject({
      found: true,
      count: 2,
      names: ["1: token-leaked", "2: token-hidden"],
      unresolved: 0,
    });

    const revoke = await world.act("vault.revoke-list", { list: "leaked-ci" }, services);
    const facts = await revoke.preconditions();
    expect(broken(facts)).toEqual([]);
    expect(textOf(facts, "living")).toBe("2 of 2 live now");
    await world.whileLying({ method: "PUT", path: /revoke-accessor/u, answer: "204" }, async () => {
      expect(await revoke.perform()).toEqual({ listed: 2, answered: 2, failed: 0 });
    });
    expect(await revoke.probe()).toMatchObject({ verdict: "not-done" });
    expect(await alive(tokens.leaked)).toBe(true);

    expect(await revoke.perform()).toEqual({ listed: 2, answered: 2, failed: 0 });
    expect(await revoke.probe()).toMatchObject({ verdict: "done" });
    expect(await alive(tokens.leaked)).toBe(false);
    expect(await alive(orphan)).toBe(false);
    expect(await alive(tokens.honest)).toBe(true);
    expect(await alive(tokens.batch)).toBe(true);
    // Once more: nothing is left to revoke, and nothing is wrong with that.
    expect(await revoke.perform()).toEqual({ listed: 2, answered: 2, failed: 0 });
    expect(broken(await revoke.preconditions())).toEqual(["living"]);
    await close();
  });
});

function made({ body }: { readonly body: unknown }): Token {
  const { auth } = body as { readonly auth: { readonly client_token: string; readonly accessor: string } };
  return { token: auth.client_token, accessor: auth.accessor };
}

function within({ from, to }: { readonly from: string; readonly to: string }): readonly string[] {
  return ["--from", from, "--to", to];
}

/** A moment after everything before, and before everything after: the server's clock is ours. */
async function soon(): Promise<string> {
  const now = Date.now();
  while (Date.now() <= now + 1) await Promise.resolve();
  return new Date(now + 1).toISOString();
}
