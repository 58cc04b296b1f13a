import { expect, it } from "@jest/globals";
import { describeWith } from "../../support/real.ts";
import {
  answeredBy,
  approvedBy,
  carryOut,
  doneBy,
  inTurn,
  type Moment,
  type Scene,
  skippedBy,
  triedAgainBy,
} from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { approve, reject } from "../../support/slack-hands.ts";
import { prepareLogin, startIntruder } from "./intruder.ts";
import { endDrill } from "./record.ts";
import { listTokensOf, LISTS } from "./revocation-list.ts";
import { sealedByTwo } from "./sealed-by-two.ts";

/** Said to each test: `describeWith` sets what the others have. */
const PATIENCE_MS = 240_000;

const COMMAND = { command: "runbook emergency-seal prod" } as const;

/** Whoever began it, a wrong name, and then a no: nothing is called. */
const wrongTurns: Scene = async ({ world, loaded }: Moment) => {
  expect(await approve(world, loaded, "alice")).toContain("alice");
  expect(await approve(world, loaded, "bob", "staging")).toContain("type the cluster's name exactly: prod");
  expect(await approve(world, loaded, "bob")).toBe("approved");
  expect(await reject(world, loaded, "carol", "first ask the owner")).toBe("rejected");
};

describeWith(["openbao", "openssl"], "emergency-seal, where less or more is needed", () => {
  it(
    "with a leaked token that is known: its list is revoked after a no and a wrong name, the token is dead on every node, and everybody else goes on",
    async () => {
      await using world = await startDrill({ nodes: 3 }, LISTS);
      const { cluster } = world;
      await using intruder = await startIntruder(cluster);
      await using bystander = await startIntruder(cluster);
      await intruder.getsFrom();
      await listTokensOf(world, intruder);

      const carried = await carryOut(world, COMMAND, {
        measure: answeredBy("alice", "one token"),
        which_list: answeredBy("alice", "leaked-ci"),
        revoke_tokens: inTurn(
          async (moment) => {
            await wrongTurns(moment);
            await intruder.getsFrom();
          },
          triedAgainBy("alice"),
          approvedBy("bob", "carol"),
        ),
        enough: async (moment) => {
          await intruder.getsNothing();
          await answeredBy("alice", "it is over")(moment);
        },
      });

      const { run } = carried.ended;
      expect(run).toMatchObject({ status: "finished", result: "resolved" });
      expect(run.gates.map(({ outcome }) => outcome)).toEqual(["rejected", "agreed"]);
      await intruder.getsNothing();
      await bystander.getsFrom();
      await endDrill(world, carried, {
        name: "emergency-seal-one-token",
        fault: "a leaked token in use on every node, and known",
        cluster: "3 nodes, Shamir 2 of 3",
        begun: "/vault runbook emergency-seal prod",
        verified: "the token is refused on every node; another client reads on every node all the time",
      });
    },
    PATIENCE_MS,
  );

  it(
    "with a frozen node: two seal the others after a no, the frozen one is not taken for sealed, and somebody ends its process",
    async () => {
      await using world = await startDrill({ nodes: 3 });
      const { cluster } = world;
      await using intruder = await startIntruder(cluster);
      await intruder.getsFrom();
      const leader = await cluster.activeNode();
      const frozen = cluster.nodes.find((node) => node !== leader) ?? leader;
      frozen.suspend();

      const carried = await carryOut(world, COMMAND, {
        measure: answeredBy("alice", "seal everything"),
        holders: doneBy("alice"),
        evidence: doneBy("alice"),
        healing: doneBy("alice"),
        seal_all: inTurn(wrongTurns, triedAgainBy("alice"), sealedByTwo, sealedByTwo),
        silent: async (moment) => {
          await frozen.kill();
          await doneBy("alice")(moment);
        },
        "rounds[0].guard": skippedBy("alice", "the investigation is done"),
      });

      const { run } = carried.ended;
      expect(run).toMatchObject({ status: "finished", result: "resolved" });
      const [first] = run.gates;
      expect(JSON.stringify(first?.gate.plan.preconditions)).toContain(`not to be sealed from here: ${frozen.name}`);
      expect(run.steps.find(({ id }) => id === "silent")).toMatchObject({ status: "done" });
      for (const node of cluster.nodes.filter(({ pid }) => pid !== undefined))
        expect((await cluster.call(node, "GET", "sys/seal-status")).body).toMatchObject({ sealed: true });
      expect(frozen.pid).toBeUndefined();
      await intruder.getsNothing();
      await endDrill(world, carried, {
        name: "emergency-seal-frozen-node",
        fault: "a leaked token in use; one standby frozen (SIGSTOP)",
        cluster: "3 nodes, Shamir 2 of 3",
        begun: "/vault runbook emergency-seal prod",
        verified: "the others say sealed, the frozen process is gone, and no read gets anything",
      });
    },
    PATIENCE_MS,
  );

  it(
    "with logins that are misused: a quota keeps them out, and then the method is disabled by hand, which ends their tokens",
    async () => {
      await using world = await startDrill({ nodes: 1 });
      const { cluster } = world;
      const logIn = await prepareLogin(cluster);
      const { token } = await logIn();
      await using intruder = await startIntruder(cluster, token);
      await intruder.getsFrom();
      const asked = {
        measure: answeredBy("alice", "one auth method"),
        method: answeredBy("alice", "userpass"),
        enough: answeredBy("alice", "it is over"),
      };

      const blocked = await carryOut(world, COMMAND, {
        ...asked,
        how: answeredBy("alice", "block"),
        block: approvedBy("erin"),
      });
      expect(blocked.ended.run).toMatchObject({ status: "finished", result: "resolved" });
      const statuses = [await logIn(), await logIn()].map(({ status }) => status);
      expect(statuses).toContain(429);
      // A quota takes nobody's token away, as the run says.
      await intruder.getsFrom();

      const active = await cluster.activeNode();
      const disabled = await carryOut(world, COMMAND, {
        ...asked,
        how: answeredBy("alice", "disable"),
        disable: async () => void (await cluster.call(active, "DELETE", "sys/auth/userpass")),
      });
      expect(disabled.ended.run).toMatchObject({ status: "finished", result: "resolved" });
      await intruder.getsNothing();
      await endDrill(world, disabled, {
        name: "emergency-seal-one-auth-method",
        fault: "logins of one auth method misused",
        cluster: "1 node, Shamir 2 of 3",
        begun: "/vault runbook emergency-seal prod",
        verified: "logins are answered 429 under the quota; after the method was disabled the token is refused",
      });
    },
    PATIENCE_MS,
  );
});
