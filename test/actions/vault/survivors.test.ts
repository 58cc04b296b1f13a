import { describe, expect, it } from "@jest/globals";
import { survivors } from "../../../src/actions/vault/survivors.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

const peer = (id: string, address: string) => ({ id, address, non_voter: false });

describe("vault.survivors", () => {
  it("writes peers.json of whoever holds data, by the word of any node that tells its members", async () => {
    const fake = createFakeCluster(["sealed", "standby", "unreachable", "uninitialized", "removed"]);
    const answer = await survivors.read(contextOf(fake), {});
    expect(answer).toMatchObject({
      survivor_names: ["vault-0", "vault-1"],
      lost_names: ["vault-2", "vault-3", "vault-4"],
      newest_names: ["vault-1"],
      untold_names: ["vault-0"],
      complete: true,
    });
    expect(JSON.parse(answer["peers_json"] as string)).toEqual([
      peer("raft-0", "vault-0.example:8201"),
      peer("raft-1", "vault-1.example:8201"),
    ]);
  });

  it("leaves blanks when every survivor is sealed, and says that it does", async () => {
    const answer = await survivors.read(contextOf(createFakeCluster(["sealed", "unreachable", "frozen"])), {});
    expect(answer).toMatchObject({ complete: false, newest_names: [], newest_index: 0, untold_names: ["vault-0"] });
    expect(JSON.parse(answer["peers_json"] as string)).toEqual([peer("NODE_ID of vault-0", "CLUSTER_ADDR of vault-0")]);
  });

  it("leaves blanks when the token may not ask", async () => {
    const answer = await survivors.read(contextOf(createFakeCluster(["denied", "denied", "unreachable"])), {});
    expect(answer).toMatchObject({ complete: false, survivor_names: ["vault-0", "vault-1"] });
  });

  it("is not complete when nobody is left, whom no file helps", async () => {
    expect(await survivors.read(contextOf(createFakeCluster(["unreachable", "uninitialized"])), {})).toMatchObject({
      survivor_names: [],
      complete: false,
    });
  });
});
