/** Level is how bad a diagnosis is: only a problem makes `sealwatch doctor` end with 1. */
export type Level = "ok" | "warning" | "problem";

/** Diagnosis is what one rule says of a cluster or of one of its nodes. */
export type Diagnosis = {
  readonly level: Level;
  /** The node that it is about; undefined: the cluster, or sealwatch itself. */
  readonly node?: string;
  /** What was seen. */
  readonly seen: string;
  /** What to change, to the line; absent when nothing is to be done. */
  readonly fix?: string;
};

/** Creates a diagnosis that needs nothing done. */
export function ok(seen: string, node?: string): Diagnosis {
  return { level: "ok", ...(node === undefined ? {} : { node }), seen };
}

/** Creates a diagnosis of something that misleads or will hurt later. */
export function warning(seen: string, fix: string, node?: string): Diagnosis {
  return { level: "warning", ...(node === undefined ? {} : { node }), seen, fix };
}

/** Creates a diagnosis of something that does not work now. */
export function problem(seen: string, fix: string, node?: string): Diagnosis {
  return { level: "problem", ...(node === undefined ? {} : { node }), seen, fix };
}
