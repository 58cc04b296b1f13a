import { describe, expect, it } from "@jest/globals";
import { list } from "../../../src/actions/investigation/list.ts";
import type { ActionServices, RevocationList } from "../../../src/actions/services.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

const NOW = 1_767_225_600_000;
const ask = async (services: ActionServices) =>
  await settle(
    list.read(
      { ...contextOf(createFakeCluster(["unreachable"])), clock: { now: () => NOW }, services },
      { list: "leaked-ci" },
    ),
  );
const finding = (found: RevocationList | undefined): ActionServices => ({
  investigations: { find: async () => await Promise.resolve(found) },
});
const LIST: RevocationList = {
  cluster: "prod",
  digest: `sha256:${"ab".repeat(32)}`,
  madeAt: NOW - 90_999,
  items: [
    { id: 1, accessor: "kq7uJ2mB9xZcQ1", displayName: "token-ci", requests: 12 },
    { id: 2, accessor: "Zz1YbbT3m0pLkQ", displayName: "token-batch", requests: 3 },
  ],
  unresolved: 4,
};

describe("investigation.list", () => {
  it("tells of a list while no node can be reached, and never an accessor", async () => {
    const answer = await ask(finding(LIST));
    expect(answer).toEqual({
      found: true,
      count: 2,
      digest: LIST.digest,
      names: ["1: token-ci", "2: token-batch"],
      unresolved: 4,
      requests: 15,
      made_seconds: 90,
    });
    expect(JSON.stringify(answer)).not.toMatch(/kq7uJ2|Zz1Ybb/u);
  });

  it("finds none where there is none", async () => {
    expect(await ask(finding(undefined))).toMatchObject({ found: false, count: 0, digest: "" });
  });

  it("says what to configure when no lists are kept", async () => {
    expect(await ask({})).toMatchObject({
      reason: "refused",
      message: "cannot read the list leaked-ci of prod: this program keeps no lists; set investigations.directory",
    });
  });

  it("takes no list of another cluster", async () => {
    expect(await ask(finding({ ...LIST, cluster: "stage" }))).toMatchObject({
      reason: "invalid-answer",
      message: "cannot use the list leaked-ci on prod: it is of stage; make one for prod",
    });
  });
});
