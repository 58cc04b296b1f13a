import type { Actor } from "../../access/person.ts";
import type { Action } from "../../actions/action.ts";
import type { CatalogEntry } from "../../catalog/entry.ts";
import type { CompileRun } from "../../runner/timeline.ts";
import type { ClusterSetting, Rehearsal } from "./test-file.ts";

/** Rehearsed is a test, ready to be played as often as one likes. */
export type Rehearsed = {
  readonly test: Rehearsal;
  readonly entry: CatalogEntry;
  readonly setting: ClusterSetting;
  readonly inputs: Readonly<Record<string, string>>;
  readonly cast: ReadonlyMap<string, Actor>;
  readonly compile: CompileRun;
  /** What steps can do. */
  readonly actions: ReadonlyMap<string, Action>;
};

/** The alert group of a run that an alert began. */
export const ALERT = "rehearsal";
