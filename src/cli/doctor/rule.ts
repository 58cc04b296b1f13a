import type { Diagnosis } from "./diagnosis.ts";
import type { ClusterExam } from "./examination.ts";

/** Rule judges one subject of an examination; it asks nobody, so that what it says can be read from what was seen. */
export type Rule = {
  /** Stands in the first column and in the JSON; never changes. */
  readonly name: string;
  readonly help: string;
  readonly judge: (exam: ClusterExam) => readonly Diagnosis[];
};
