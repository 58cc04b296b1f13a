import type { SimulatedAnswer } from "../../../sandbox/vault/answers.ts";
import type { Fault } from "../../../sandbox/vault/faults.ts";

/** What came of a request: an answer, a fault in place of it, or nothing while the node hangs or is down. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly answer: SimulatedAnswer;
      readonly fault: Fault | undefined;
      /** How long it takes, in milliseconds; default: no time. */
      readonly takesMs?: number;
    }
  | { readonly kind: "refused" }
  | { readonly kind: "frozen"; readonly thawed: Promise<void> };
