import type { ActionContext } from "../../src/actions/action.ts";
import type { VaultNode } from "../../src/vault/cluster.ts";
import { contextOf } from "../contracts/action.contract.ts";
import { createFakeCluster } from "./fake-cluster.ts";

/** A context of three nodes that are well, whose active node answers some calls as the test says. */
export function contextWithActive(calls: Partial<VaultNode>): ActionContext {
  const context = contextOf(createFakeCluster(["active", "standby", "standby"]));
  const { cluster } = context;
  const activeNode = async () => ({ ...(await cluster.activeNode({ signal: context.signal })), ...calls });
  return { ...context, cluster: { ...cluster, activeNode } };
}

/** A streamed answer of this text. */
export async function streamOf(text: string): ReturnType<VaultNode["stream"]> {
  const body = (async function* () {
    yield await Promise.resolve(new TextEncoder().encode(text));
  })();
  return await Promise.resolve({ headers: {}, body });
}
