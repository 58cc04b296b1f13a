import type { Clock } from "../../../lib/clock.ts";
import { createState } from "../../../sandbox/vault/create-state.ts";
import { createFaults } from "../../../sandbox/vault/faults.ts";
import { settle } from "../../../sandbox/vault/leadership.ts";
import { createTokenAccess } from "../../../sandbox/vault/token-access.ts";
import type { World } from "../../../sandbox/vault/world.ts";
import type { ClusterSetting } from "../test-file.ts";
import { stagedTokens } from "./staged-lists.ts";

/** Makes the simulated cluster that a test describes, without its faults. */
export function createStagedWorld(setting: ClusterSetting, clock: Clock): World {
  const { nodes = 3, seal = "shamir", shares = 5, threshold = 3, name = "prod", product = "openbao" } = setting;
  const state = createState(
    {
      clock,
      ...(typeof nodes === "number" ? { nodes } : { names: nodes }),
      product,
      sealType: seal,
      shares,
      threshold,
      ...timesOf(setting),
    },
    clock.now(),
  );
  for (const node of state.nodes) {
    const host = `${node.name}.${name}.example`;
    node.address = `https://${host}:8200`;
    node.clusterAddress = setting.unmatched?.includes(node.name) === true ? "192.0.2.1:8201" : `${host}:8201`;
  }
  const { leases = [] } = setting;
  state.leases = { irrevocable: {}, ...leasesOf(leases) };
  settle(state, clock.now());
  const access = createTokenAccess("nobody has it");
  for (const token of stagedTokens(setting)) access.grant(token, []);
  return {
    state,
    clock,
    access,
    faults: createFaults(),
    calls: [],
    servers: new Map(),
    thawed: new Map(),
    latencyMs: 0,
  };
}

function timesOf({ version, electionTakes, votesAfter }: ClusterSetting) {
  return {
    ...(version === undefined ? {} : { version }),
    ...(electionTakes === undefined ? {} : { electionMs: electionTakes }),
    ...(votesAfter === undefined ? {} : { stabilizationMs: votesAfter }),
  };
}

/** The leases of the simulated cluster, all of them with these ids. */
export function leasesOf(ids: readonly string[]) {
  return { total: ids.length, ids };
}
