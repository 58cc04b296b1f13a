import { expect, it } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { answeredBy, approvedBy, carryOut, doneBy, type Scene } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { answer } from "../../support/slack-hands.ts";
import { BATCH, makeLeasesAt, mountLenders, startNoisyClient, WEB } from "./lease-storm.ts";
import { pathOf, textOf } from "./path-of.ts";
import { endDrill } from "./record.ts";

/** Of 20 000 (SEALWATCH_LEASES=20000) OpenBao revokes some hundred a second, on a busy machine far fewer. */
const STORM = Number(process.env["SEALWATCH_LEASES"] ?? "3000");
const USED_WELL = 20;
const PATIENCE_MS = 900_000;
const COMMAND = { command: "runbook lease-explosion" };

describeWith(["openbao", "openssl"], "lease-explosion on a real cluster", () => {
  it(
    "with thousands of leases of one role and a client that makes more: the role is found, limited and revoked, and the other role keeps what it has",
    async () => {
      await using world = await startDrill({ nodes: 3 });
      const { cluster } = world;
      await mountLenders(cluster);
      await makeLeasesAt(cluster, WEB, USED_WELL);
      await makeLeasesAt(cluster, BATCH, STORM);
      await using client = await startNoisyClient(cluster, BATCH);
      const heldBack: Scene = async (moment) => {
        await waitFor("a client that is held back", async () => (client.codes.has(429) ? true : undefined));
        await answeredBy("alice", "revoke")(moment);
      };
      let revokedAt = Infinity;
      const aStandbyDies: Scene = async (moment) => {
        const active = await cluster.activeNode();
        await cluster.nodes.find((node) => node !== active)?.kill();
        await approvedBy("bob", "carol")(moment);
        revokedAt = Date.now();
      };
      const repaired: Scene = async (moment) => {
        await client.stop();
        await doneBy("alice")(moment);
      };

      const carried = await carryOut(world, COMMAND, {
        which: answeredBy("alice", "this one"),
        source: doneBy("alice"),
        limit: answeredBy("alice", "limit it"),
        quota: approvedBy("bob"),
        next: heldBack,
        revoke: aStandbyDies,
        client: repaired,
        clear: approvedBy("bob"),
      });

      expect(textOf(carried.ended, "done")).not.toBe("");
      expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
      expect(textOf(carried.ended, "target")).toMatch(
        /^`ssh\/creds\/batch\/`: \d+ leases, for instance ssh\/creds\/batch\/.{8}…/u,
      );
      // The quota lets one through each minute, and a large revocation takes longer than that.
      expect(await olderThan(cluster, BATCH, revokedAt)).toEqual([]);
      expect(await leasesAt(cluster, WEB)).toBe(USED_WELL);
      const quotas = await cluster.call(await cluster.activeNode(), "GET", "sys/quotas/rate-limit?list=true");
      expect(quotas.statusCode).toBe(404);
      await endDrill(world, carried, {
        name: "lease-explosion-one-role",
        fault: `${STORM} leases of one role, and a client that goes on making them; a standby is killed before the revocation`,
        cluster: "3 nodes, Shamir 2 of 3",
        begun: "/vault runbook",
        verified:
          "sys/leases/lookup: below the role no lease from before the revocation, all of the other role's; no quota is left",
        example: true,
      });
    },
    PATIENCE_MS,
  );

  it(
    "with a hand that slips: auth/ and a whole mount are refused, and logins are not revoked by their prefix",
    async () => {
      await using world = await startDrill({ nodes: 1 });
      const { cluster } = world;
      const active = await cluster.activeNode();
      for (let login = 0; login < USED_WELL; login++)
        await cluster.call(active, "POST", "auth/token/create", { ttl: "1h" });
      const before = await leasesAt(cluster, "auth/token/create");
      const slips: Scene = async ({ world: there, loaded }) => {
        expect(await answer(there, loaded, "alice", "auth/")).not.toBe("answered");
        await answeredBy("alice", "auth/token/")({ world: there, loaded });
      };

      const refused = await carryOut(world, COMMAND, { which: answeredBy("alice", "another"), typed: slips });
      const logins = await carryOut(world, COMMAND, {
        which: answeredBy("alice", "this one"),
        source: doneBy("alice"),
        limit: answeredBy("alice", "it is stopped"),
        next: answeredBy("alice", "revoke"),
      });

      expect(refused.ended.run).toMatchObject({ status: "finished", result: "stopped", gates: [] });
      expect(refused.ended.run).toMatchObject({
        text: expect.stringContaining("`auth/token/` may not be touched: it covers the whole of auth/token/"),
      });
      expect(logins.ended.run).toMatchObject({ status: "finished", result: "resolved", gates: [] });
      expect(textOf(logins.ended, "logins")).toContain(
        "`auth/token/create/` lies below an auth method: nothing is revoked.",
      );
      expect(pathOf(logins.ended)).not.toContain("revoke");
      expect(await leasesAt(cluster, "auth/token/create")).toBeGreaterThanOrEqual(before);
      await endDrill(world, logins, {
        name: "lease-explosion-logins",
        fault: `${USED_WELL} logins; a whole mount and everything below auth/ are asked for first, in vain`,
        cluster: "1 node, Shamir 2 of 3",
        begun: "/vault runbook, twice",
        verified: "every login is still in the list of sys/leases/lookup",
      });
    },
    PATIENCE_MS,
  );
});

async function leasesAt(cluster: OpenBaoCluster, path: string): Promise<number> {
  return (await namesAt(cluster, path)).length;
}

/** What Vault lists right below a path; its 404 is none. */
async function namesAt(cluster: OpenBaoCluster, path: string): Promise<readonly string[]> {
  const active = await cluster.activeNode();
  const { statusCode, body } = await cluster.call(active, "GET", `sys/leases/lookup/${path}?list=true`);
  if (statusCode === 404) return [];
  return (body as { readonly data: { readonly keys: readonly string[] } }).data.keys;
}

/** The leases that were given out before a moment. */
async function olderThan(cluster: OpenBaoCluster, path: string, moment: number): Promise<readonly string[]> {
  const active = await cluster.activeNode();
  const older: string[] = [];
  for (const name of await namesAt(cluster, path)) {
    const { body } = await cluster.call(active, "PUT", "sys/leases/lookup", { lease_id: `${path}/${name}` });
    const { issue_time: issued } = (body as { readonly data: { readonly issue_time: string } }).data;
    if (!(Date.parse(issued) > moment)) older.push(name);
  }
  return older;
}
