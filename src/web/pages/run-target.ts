import { showValue } from "../../engine/program.ts";
import type { FinishedRun, OpenRun } from "../../engine/run.ts";

/** Names what a run is about: its cluster and its other inputs. */
export function runTarget(run: OpenRun | FinishedRun): string {
  const others = Object.values(run.inputs).filter((value) => value !== run.cluster);
  return [run.cluster, ...others.map(showValue)].join(" · ");
}
