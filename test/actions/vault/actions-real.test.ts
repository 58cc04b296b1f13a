import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { z } from "zod";
import { createDirectorySnapshots } from "../../../src/backup/directory-snapshots.ts";
import { createSnapshotTarget } from "../../../src/backup/snapshot-target.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { makeLeases } from "../../acceptance/make-leases.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { broken, createRealWorld, textOf, type RealAction, type RealWorld } from "./real-world.ts";

const LEASES = 5000;
/** OpenBao revokes some 80 leases a second on a slow disk. */
const REVOKED_MS = 180_000;
/** Nobody waits for its answer: the server goes on, and the list of the leases tells how far it is. */
const ASKED_MS = 5000;

describeWith(["openbao", "openssl"], "the actions on a real OpenBao cluster", () => {
  let server: OpenBaoCluster;
  let world: RealWorld;

  beforeAll(async () => {
    server = await openBaoForTest({ nodes: 3, clusterName: "prod" });
    world = await createRealWorld(server);
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const root = async (method: string, path: string, body?: unknown): Promise<unknown> =>
    (await server.call(await server.activeNode(), method, path, body)).body;

  /** A change that the server answers well and does not make: the probe must not see it as made. */
  const catchesTheLie = async (action: RealAction, method: string, path: RegExp): Promise<void> => {
    await world.whileLying({ method, path, answer: "204" }, async () => void (await action.perform()));
    expect(await action.probe()).toMatchObject({ verdict: "not-done" });
  };

  it("vault.rate-limit-quota-set limits a path, and vault.rate-limit-quota-clear takes it away", async () => {
    const input = { name: "slow-cubby", path: "cubbyhole", rate: 12.5, interval_seconds: 10 };
    const set = await world.act("vault.rate-limit-quota-set", input);
    expect(broken(await set.preconditions())).toEqual([]);
    await catchesTheLie(set, "POST", /rate-limit/u);
    expect(await set.perform()).toEqual(input);
    expect(await set.probe()).toMatchObject({ verdict: "done" });
    expect(await root("GET", "sys/quotas/rate-limit/slow-cubby")).toMatchObject({
      data: { rate: 12.5, interval: 10, path: "cubbyhole/" },
    });

    const clear = await world.act("vault.rate-limit-quota-clear", { name: "slow-cubby" });
    expect(broken(await clear.preconditions())).toEqual([]);
    await catchesTheLie(clear, "DELETE", /rate-limit/u);
    await clear.perform();
    expect(await clear.probe()).toMatchObject({ verdict: "done" });
    expect(broken(await clear.preconditions())).toEqual(["current"]);
  });

  it("vault.rate-limit-quota-set is refused for every path at once, unless that is said, and on no mount", async () => {
    const all = await world.act("vault.rate-limit-quota-set", { name: "all", rate: 1 });
    expect(broken(await all.preconditions())).toEqual(["scope"]);
    await expect(all.perform()).rejects.toMatchObject({ reason: "refused" });
    const nowhere = await world.act("vault.rate-limit-quota-set", { name: "no-mount", path: "nowhere", rate: 1 });
    await expect(nowhere.perform()).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("invalid mount"),
    });
    expect(await nowhere.probe()).toMatchObject({ verdict: "not-done" });
  });

  it("vault.rotate-keyring puts a new key in use", async () => {
    const { data } = (await root("GET", "sys/key-status")) as { readonly data: { readonly term: number } };
    const rotate = await world.act("vault.rotate-keyring", { term: data.term });
    expect(broken(await rotate.preconditions())).toEqual([]);
    await catchesTheLie(rotate, "PUT", /sys\/rotate$/u);
    expect(await rotate.perform()).toEqual({ replaced_term: data.term });
    expect(await rotate.probe()).toEqual({
      verdict: "done",
      evidence: expect.stringMatching(new RegExp(`term ${data.term + 1}$`, "u")),
    });
    await expect(rotate.perform()).rejects.toMatchObject({ reason: "refused" });
    expect(broken(await rotate.preconditions())).toEqual(["term"]);
  });

  it("vault.rotate-keyring waits for a ceremony of the key holders", async () => {
    await root("POST", "sys/rotate/root/init", { secret_shares: 1, secret_threshold: 1 });
    const { data } = (await root("GET", "sys/key-status")) as { readonly data: { readonly term: number } };
    const rotate = await world.act("vault.rotate-keyring", { term: data.term });
    expect(broken(await rotate.preconditions())).toEqual(["ceremony"]);
    await root("DELETE", "sys/rotate/root/init");
    expect(broken(await rotate.preconditions())).toEqual([]);
  });

  it("vault.revoke-accessor ends a token with the tokens that it made", async () => {
    const made = (await root("POST", "auth/token/create", { policies: ["default"], display_name: "ci" })) as Made;
    const { accessor, client_token: token } = made.auth;
    const revoke = await world.act("vault.revoke-accessor", { accessor });
    const facts = await revoke.preconditions();
    expect(broken(facts)).toEqual([]);
    expect(textOf(facts, "token")).toContain('"token-ci"');
    expect(JSON.stringify(facts)).not.toContain(accessor);
    await catchesTheLie(revoke, "PUT", /revoke-accessor/u);
    expect(await revoke.perform()).toEqual({ display_name: "token-ci", path: "auth/token/create" });
    expect(await revoke.probe()).toMatchObject({ verdict: "done" });
    const asked = await server.call(await server.activeNode(), "GET", "auth/token/lookup-self", undefined, token);
    expect(asked.statusCode).toBe(403);
    expect(broken(await revoke.preconditions())).toEqual(["token"]);
    await expect(revoke.perform()).rejects.toMatchObject({ reason: "not-found" });
  });

  it("vault.revoke-accessor wants a root token named as one", async () => {
    const made = (await root("POST", "auth/token/create", { policies: ["root"], ttl: "1h" })) as Made;
    const unsaid = await world.act("vault.revoke-accessor", { accessor: made.auth.accessor });
    expect(broken(await unsaid.preconditions())).toEqual(["root"]);
    await expect(unsaid.perform()).rejects.toMatchObject({ reason: "refused" });
    const said = await world.act("vault.revoke-accessor", { accessor: made.auth.accessor, root: true });
    expect(broken(await said.preconditions())).toEqual([]);
    await said.perform();
    expect(await said.probe()).toMatchObject({ verdict: "done" });
  });

  it(`vault.revoke-prefix revokes ${LEASES} leases, and is seen at work before it has ended`, async () => {
    await makeLeases({ cluster: server, token: server.rootToken, mounts: 1, each: LEASES });
    const revoke = await world.act("vault.revoke-prefix", { prefix: "auth/approle-0/login" });
    const facts = await revoke.preconditions();
    expect(broken(facts)).toEqual([]);
    expect(textOf(facts, "scope")).toContain("LOGS PEOPLE AND PROGRAMS OUT");
    expect(textOf(facts, "leases")).toMatch(
      /^at least 5000 leases below .*, for instance auth\/approle-0\/login\/\w{8}…/u,
    );
    await catchesTheLie(revoke, "PUT", /revoke-prefix/u);

    const answer = await revoke.perform(ASKED_MS).catch((error: unknown) => error);
    if (answer instanceof Error) expect(answer).toMatchObject({ reason: "timeout" });
    const { evidence: atWork } = await waitFor("leases grow fewer", async () => {
      const seen = await revoke.probe();
      return seen.verdict === "not-done" ? undefined : seen;
    });
    expect(atWork).toMatch(/and falling$|no lease below/u);
    const { evidence } = await waitFor(
      "every lease revoked",
      async () => {
        const seen = await revoke.probe();
        return seen.verdict === "done" ? seen : undefined;
      },
      { timeoutMs: REVOKED_MS, everyMs: 500 },
    );
    expect(evidence).toContain("lists no lease below auth/approle-0/login");
    expect(broken(await revoke.preconditions())).toEqual(["leases"]);
  }, 300_000);

  const refusals: readonly { readonly name: string; readonly prefix: string }[] = [
    { name: "a whole mount", prefix: "auth/approle-0/" },
    { name: "a whole mount without its slash", prefix: "cubbyhole" },
    { name: "every auth method", prefix: "auth" },
    { name: "a mount that is not there", prefix: "database/creds/app" },
    { name: "a way out of the prefix", prefix: "auth/approle-0/login/../../token" },
  ];

  it.each(refusals)("vault.revoke-prefix refuses $name, and calls nothing", async ({ prefix }) => {
    const revoke = await world.act("vault.revoke-prefix", { prefix });
    expect(broken(await revoke.preconditions())).toEqual(["scope"]);
    await expect(revoke.perform()).rejects.toMatchObject({ reason: "refused" });
  });

  it("vault.snapshot-save keeps a snapshot that is whole, and none that was cut off", async () => {
    await using directory = await temporaryDirectory();
    const snapshots = createSnapshotTarget(new Map([["prod", createDirectorySnapshots(directory.path)]]));
    const save = await world.act("vault.snapshot-save", { name: "night.snap" }, { snapshots });
    expect(broken(await save.preconditions())).toEqual([]);

    await world.whileLying({ method: "GET", path: /raft\/snapshot/u, answer: "cut" }, async () => {
      await expect(save.perform()).rejects.toMatchObject({
        reason: "invalid-answer",
        message: expect.stringContaining("cut off or broken"),
      });
    });
    await world.whileLying({ method: "GET", path: /raft\/snapshot/u, answer: "204" }, async () => {
      await expect(save.perform()).rejects.toMatchObject({ reason: "invalid-answer" });
    });
    expect(await save.probe()).toMatchObject({ verdict: "not-done" });
    expect(await readdir(directory.path)).toEqual([]);

    const output = await save.perform();
    const file = join(directory.path, "night.snap");
    expect(output).toMatchObject({ name: "night.snap", bytes: (await readFile(file)).length });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory.path)).toEqual(["night.snap"]);
    expect(await save.probe()).toEqual({
      verdict: "done",
      evidence: expect.stringContaining(z.string().parse(output["sha256"])),
    });
    expect(broken(await save.preconditions())).toEqual(["free"]);
    await expect(save.perform()).rejects.toMatchObject({ reason: "refused" });
  });

  it("vault.audit-disable says beforehand what OpenBao refuses: devices that its configuration file declares", async () => {
    const disable = await world.act("vault.audit-disable", { device: "file-a" });
    const facts = await disable.preconditions();
    expect(broken(facts)).toEqual(["by-api"]);
    expect(textOf(facts, "by-api")).toContain("declares file-a");
    await expect(disable.perform()).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("configuration-managed audit device"),
    });
    expect(await disable.probe()).toMatchObject({ verdict: "not-done" });
  });

  it("vault.step-down moves the leadership", async () => {
    const former = (await server.activeNode()).name;
    const down = await world.act("vault.step-down", { node: former });
    await waitFor("followers that caught up", async () =>
      broken(await down.preconditions()).length === 0 ? true : undefined,
    );
    await catchesTheLie(down, "PUT", /step-down/u);
    await down.perform();
    const seen = await waitFor("another leader", async () => {
      const probe = await down.probe();
      if (probe.verdict === "done") return probe;
      throw new Error(probe.evidence);
    });
    expect(seen.evidence).toContain(`and ${former} does not`);
    expect((await server.activeNode()).name).not.toBe(former);
    expect(broken(await down.preconditions())).toContain("leads");
    await expect(down.perform()).rejects.toMatchObject({ reason: "refused" });
  });

  it("vault.raft-remove-peer takes a dead member out", async () => {
    const active = await server.activeNode();
    const dead = server.nodes.find(({ name }) => name !== active.name);
    if (dead === undefined) throw new Error("there is no other node");
    await dead.kill();
    const remove = await world.act("vault.raft-remove-peer", { node: dead.name });
    await waitFor(
      "the facts of a removal",
      async () => (broken(await remove.preconditions()).length === 0 ? true : undefined),
      {
        timeoutMs: 40_000,
        everyMs: 500,
      },
    );
    await catchesTheLie(remove, "POST", /remove-peer/u);
    expect(await remove.perform()).toEqual({ removed_id: dead.name });
    expect(await remove.probe()).toMatchObject({ verdict: "done" });
  });
});

type Made = { readonly auth: { readonly accessor: string; readonly client_token: string } };
