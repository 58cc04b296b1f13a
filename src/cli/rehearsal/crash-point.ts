/**
 * Where the program is killed in a play: right after an append was stored, or when a call has left. What becomes of that call: it never reaches
 * the cluster, it took effect and its answer is lost, or it reaches the cluster later, when the program is long dead.
 */
export type CrashPoint =
  | { readonly kind: "append"; readonly number: number }
  | { readonly kind: "call"; readonly number: number; readonly fate: CallFate };

export const CALL_FATES = ["lost", "answered", "late"] as const;
export type CallFate = (typeof CALL_FATES)[number];

/** How much there is to be killed at in a play: appends that were stored, and calls that left. */
export type Boundaries = { readonly appends: number; readonly calls: number };

/** Lists every point at which a play can be killed. */
export function crashPoints({ appends, calls }: Boundaries): readonly CrashPoint[] {
  const after = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
  return [
    ...after(appends).map((number): CrashPoint => ({ kind: "append", number })),
    ...after(calls).flatMap((number) => CALL_FATES.map((fate): CrashPoint => ({ kind: "call", number, fate }))),
  ];
}
