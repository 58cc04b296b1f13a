import type { Runbook } from "../../runbook/schema.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import { BLOCKS } from "../ids.ts";
import { inputValue, type Filled } from "../payloads.ts";
import type { Inputs } from "../run-inputs.ts";
import { namedBy } from "./choose.ts";
import type { ModalMemory } from "./modal.ts";
import { HOW, type StartHow } from "./start-run.ts";

/** A field of the form as it was filled in; undefined when it is empty. */
export type AskedInput = { readonly blockId: string; readonly name: string; readonly value: string | undefined };

/** Reads the fields of the form that starts a runbook, in the order of the runbook's inputs. */
export function readStartForm(
  runbook: Pick<Runbook, "inputs">,
  body: Filled,
  clusters: readonly VaultCluster[],
): readonly AskedInput[] {
  const names = clusters.flatMap((cluster) => [cluster.name, ...cluster.nodes.map((node) => node.name)]);
  const blocks = Object.keys(body.view.state.values);
  return Object.entries(runbook.inputs).flatMap(([name, input]) => {
    const blockId = blocks.findLast((id) => inputNameOf(id) === name);
    if (blockId === undefined) return [];
    const value = inputValue(body, blockId);
    const all = input.type === "enum" ? input.options : names;
    return [{ blockId, name, value: value === undefined ? undefined : namedBy(value, all) }];
  });
}

/** Reads the input's name from the id of its block; undefined for another block. */
export function inputNameOf(blockId: string): string | undefined {
  const prefix = BLOCKS.runInput("");
  return blockId.startsWith(prefix) ? blockId.slice(prefix.length).split(":")[0] : undefined;
}

/** Gives what is filled in, by name. */
export function filledIn(asked: readonly AskedInput[]): Inputs {
  return Object.fromEntries(asked.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

/** Reads whether a dry run or a drill is wanted; a form without these boxes is as it was opened. */
export function readHow(body: Filled, memory: Pick<ModalMemory, "dryRun" | "drill">): StartHow {
  const [state] = Object.values(body.view.state.values[BLOCKS.runHow] ?? {});
  if (state === undefined) return { dryRun: memory.dryRun, drill: memory.drill };
  const ticked = (state.selected_options ?? []).map(({ value }) => value);
  return { dryRun: ticked.includes(HOW.dryRun), drill: ticked.includes(HOW.drill) };
}
