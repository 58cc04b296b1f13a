import { expect, it } from "@jest/globals";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { describeWith } from "../../support/real.ts";
import {
  answeredBy,
  approvedBy,
  carryOut,
  doneBy,
  type Moment,
  type Scene,
  type Script,
  skippedBy,
} from "./carry-out.ts";
import { startDrill, type DrillWorld } from "./drill-world.ts";
import { prepareLogin, startIntruder } from "./intruder.ts";
import { endDrill } from "./record.ts";
import { listTokensOf, LISTS } from "./revocation-list.ts";
import { sealedByTwo } from "./sealed-by-two.ts";

/** Said to each test: `describeWith` sets what the others have. */
const PATIENCE_MS = 240_000;

/** What people do when the run asks for a node: somebody restarts it, or the holders enter their shares there. */
const openAsked: Scene = async ({ world: { cluster }, loaded: { run } }: Moment) => {
  const asked = run.status === "open" && run.phase.name === "manual" ? run.phase.text : "";
  const node = cluster.nodes.find(({ name }) => asked.includes(`\`${name}\``));
  if (node === undefined) throw new Error(`no node is named: ${asked}`);
  const { body } = await cluster.call(node, "GET", "sys/seal-status").catch(() => ({ body: undefined }));
  const { type = "" } = (body ?? {}) as { readonly type?: string };
  if (type !== "shamir") await node.kill();
  // OpenBao 2.7.2 now and then ends when it is sealed.
  if (node.pid === undefined) await node.start();
  await node.unseal();
};

const OPENED: Script = {
  findings: doneBy("alice"),
  cut_off: doneBy("alice"),
  "first.shares": openAsked,
  "first.start": openAsked,
  "rest.open": openAsked,
  by_hand: doneBy("alice"),
  credentials: doneBy("alice"),
  let_in: doneBy("alice"),
};

describeWith(["openbao", "openssl"], "reopen-after-seal on real clusters", () => {
  it(
    "with Shamir: a majority is unsealed, stolen tokens and logins are revoked, the key is rotated, and then the last node is opened",
    async () => {
      await using world = await startDrill({ nodes: 3 }, LISTS);
      const { cluster } = world;
      const logIn = await prepareLogin(cluster);
      await using thief = await startIntruder(cluster);
      await using contractor = await startIntruder(cluster, (await logIn()).token);
      await using bystander = await startIntruder(cluster);
      await thief.getsFrom();
      await listTokensOf(world, thief);
      const before = await termOf(cluster);
      await sealAll(world);
      await bystander.getsNothing();

      const carried = await carryOut(
        world,
        { command: "runbook reopen-after-seal prod" },
        {
          ...OPENED,
          storage: answeredBy("alice", "yes"),
          which_list: async (moment) => {
            // Why it hurries: a seal revokes nothing.
            await thief.getsFrom(await cluster.activeNode());
            await answeredBy("alice", "leaked-ci")(moment);
          },
          prefix: answeredBy("alice", "auth/userpass/login/contractor"),
          revoke_list: approvedBy("bob", "carol"),
          revoke_prefix: approvedBy("bob", "carol"),
          by_hand: async (moment) => {
            await thief.getsNothing();
            await contractor.getsNothing();
            await doneBy("alice")(moment);
          },
          rotate: approvedBy("carol"),
        },
      );

      expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
      await thief.getsNothing();
      await contractor.getsNothing();
      await bystander.getsFrom();
      expect(await termOf(cluster)).toBe(before + 1);
      await endDrill(world, carried, {
        name: "reopen-after-seal-shamir",
        fault:
          "all three nodes sealed on purpose; one token of a list and one user's logins were stolen; storage was in reach",
        cluster: "3 nodes, Shamir 2 of 3",
        begun: "/vault runbook reopen-after-seal prod",
        verified:
          "both are refused on every node, another client reads on every node, sys/key-status tells the next term",
        example: true,
      });
    },
    PATIENCE_MS,
  );

  it(
    "with auto-unseal: nodes are restarted one by one, and what no list names is revoked by hand",
    async () => {
      await using world = await startDrill({ nodes: 3, seal: { type: "static" } });
      const { cluster } = world;
      await using thief = await startIntruder(cluster);
      await thief.getsFrom();
      await sealAll(world);

      const carried = await carryOut(
        world,
        { command: "runbook reopen-after-seal prod" },
        {
          ...OPENED,
          storage: answeredBy("alice", "no"),
          which_list: answeredBy("alice", "none"),
          prefix: answeredBy("alice", "none"),
          by_hand: async (moment) => {
            const { accessor } = thief;
            await cluster.call(await cluster.activeNode(), "POST", "auth/token/revoke-accessor", { accessor });
            await thief.getsNothing();
            await doneBy("alice")(moment);
          },
        },
      );

      expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
      expect(carried.ended.run.gates).toEqual([]);
      await thief.getsNothing();
      for (const node of cluster.nodes)
        expect((await cluster.call(node, "GET", "sys/seal-status")).body).toMatchObject({ sealed: false });
      await endDrill(world, carried, {
        name: "reopen-after-seal-auto-unseal",
        fault: "all three nodes sealed on purpose; a token was stolen that no list names",
        cluster: "3 nodes, auto-unseal by a static key",
        begun: "/vault runbook reopen-after-seal prod",
        verified: "every node's own sys/seal-status says unsealed, and the token is refused on every node",
      });
    },
    PATIENCE_MS,
  );
});

/** Carries emergency-seal out before: what is opened again was closed by people, and their run gave the cluster back. */
async function sealAll(world: DrillWorld): Promise<void> {
  const { ended } = await carryOut(
    world,
    { command: "runbook emergency-seal prod" },
    {
      measure: answeredBy("alice", "seal everything"),
      holders: doneBy("alice"),
      evidence: doneBy("alice"),
      healing: doneBy("alice"),
      seal_all: sealedByTwo,
      silent: doneBy("alice"),
      "rounds[0].guard": skippedBy("alice", "the investigation knows enough"),
    },
  );
  expect(ended.run).toMatchObject({ status: "finished", result: "resolved" });
}

async function termOf(cluster: OpenBaoCluster): Promise<number> {
  const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/key-status");
  return (body as { readonly data: { readonly term: number } }).data.term;
}
