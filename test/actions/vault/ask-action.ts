import { actions } from "../../../src/actions/registry.ts";
import type { Action, ActionContext, Precondition, Probe, Values } from "../../../src/actions/action.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import type { FakeCluster } from "../fake-cluster.ts";

/** Everything that can be asked of one action, on fake clusters. */
export type AskedAction = {
  readonly facts: (fake: FakeCluster) => Promise<readonly Precondition[]>;
  /** Names of the facts that do not hold. */
  readonly broken: (fake: FakeCluster) => Promise<readonly string[]>;
  /** One fact; throws when it is not there. */
  readonly fact: (fake: FakeCluster, name: string) => Promise<Precondition>;
  readonly perform: (fake: FakeCluster) => Promise<Values>;
  readonly probe: (fake: FakeCluster, options?: ProbeOptions) => Promise<Probe>;
};

/** When the attempt was, and what time it is now by our clock. */
export type ProbeOptions = { readonly at?: number; readonly now?: number };

/** Finds an action by its name, to be asked with one input and, where given, other services. */
export function askAction(name: string, input: Values, services: ActionContext["services"] = {}): AskedAction {
  const action: Action | undefined = actions.get(name);
  if (action === undefined) throw new Error(`there is no action ${name}`);
  const context = (fake: FakeCluster): ActionContext => {
    const usual = contextOf(fake);
    return { ...usual, services: { ...usual.services, ...services } };
  };
  const facts = async (fake: FakeCluster) => await action.preconditions(context(fake), input);
  return {
    facts,
    broken: async (fake) => (await facts(fake)).filter(({ ok }) => !ok).map((fact) => fact.name),
    fact: async (fake, wanted) => {
      const found = (await facts(fake)).find((fact) => fact.name === wanted);
      if (found === undefined) throw new Error(`there is no fact ${wanted}`);
      return found;
    },
    perform: async (fake) => await action.perform(context(fake), input),
    probe: async (fake, { at = 0, now = 0 } = {}) =>
      await action.probe({ ...context(fake), clock: { now: () => now } }, input, { at }),
  };
}

/** Gives a fake cluster with changes. */
export function changed(fake: FakeCluster, change: (fake: FakeCluster) => void): FakeCluster {
  change(fake);
  return fake;
}
