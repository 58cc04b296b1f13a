import { z } from "zod";
import { compareVersions, parseVersion, type Version } from "../../lib/compare-versions.ts";
import { defineCheck } from "../action.ts";
import { readNodeStates } from "../node-state.ts";

const Names = z.array(z.string());

/**
 * Reads the version of every node (sealed ones tell it too) and judges a target by it: Vault and OpenBao cannot go back to an older version
 * once the newer one has written. Works without a token.
 */
export const versions = defineCheck({
  name: "vault.versions",
  summary: "Compare the versions of all nodes",
  input: z.strictObject({
    /** The version that is to be installed: `1.21.2`, `1.21.2+ent`. */
    target: z
      .string()
      .refine((text) => parseVersion(text) !== undefined, "a version like 1.21.2 or 1.21.2+ent")
      .optional(),
  }),
  output: z.object({
    nodes: z.array(z.object({ name: z.string(), version: z.string() })),
    /** Nodes that do not tell a version that can be read. */
    unknown_names: Names,
    oldest: z.string(),
    newest: z.string(),
    /** Not all nodes that tell have the same version, whatever build. */
    skew: z.boolean(),
    /** Some are Vault Enterprise and others are not, the target included. */
    edition_skew: z.boolean(),
    /** Every node told, and the target is newer than each; false without a target. */
    target_newer: z.boolean(),
    /** The target is older than some node: never to be installed there. */
    target_older: z.boolean(),
    /** Nodes that have the target's version already. */
    target_names: Names,
  }),
  policy: [],
  read: async (context, { target: text }) => {
    const readings = await readNodeStates(context);
    const told = readings.flatMap(({ node, health }) => toTold(node.name, health?.version ?? ""));
    const unknown = readings.map(({ node }) => node.name).filter((name) => told.every((each) => each.name !== name));
    const target = text === undefined ? undefined : parseVersion(text);
    return {
      nodes: told.map(({ name, text: version }) => ({ name, version })),
      unknown_names: unknown,
      ...span(told),
      edition_skew: new Set([...told.map(({ version }) => version.enterprise), ...editionOf(target)]).size > 1,
      ...judge(target, told, unknown.length === 0),
    };
  },
});

type Told = { readonly name: string; readonly text: string; readonly version: Version };

function toTold(name: string, text: string): Told[] {
  const version = parseVersion(text);
  return version === undefined ? [] : [{ name, text, version }];
}

function span(told: readonly Told[]) {
  const byAge = told.toSorted((left, right) => compareVersions(left.version, right.version));
  const [oldest, newest] = [byAge[0], byAge.at(-1)];
  if (oldest === undefined || newest === undefined) return { oldest: "", newest: "", skew: false };
  const skew = compareVersions(oldest.version, newest.version) !== 0;
  return { oldest: oldest.text, newest: newest.text, skew };
}

function editionOf(version: Version | undefined): readonly boolean[] {
  return version === undefined ? [] : [version.enterprise];
}

function judge(target: Version | undefined, told: readonly Told[], complete: boolean) {
  if (target === undefined) return { target_newer: false, target_older: false, target_names: [] };
  const ages = told.map(({ name, version }) => ({ name, age: compareVersions(target, version) }));
  return {
    target_newer: complete && ages.length > 0 && ages.every(({ age }) => age > 0),
    target_older: ages.some(({ age }) => age < 0),
    target_names: ages.filter(({ age }) => age === 0).map(({ name }) => name),
  };
}
