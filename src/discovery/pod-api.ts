import type { Pod } from "./pods.ts";

/** PodChange is what a watch tells: a pod as it is now, one that is no more, or only how far we have heard. */
export type PodChange =
  | { readonly kind: "there" | "gone"; readonly pod: Pod; readonly version: string }
  | { readonly kind: "bookmark"; readonly version: string };

/** How a watch ended: `ended` can be continued where it stopped, after `expired` (410 Gone) everything is listed anew. */
export type WatchEnd = "ended" | "expired";

/** Hears what a watch tells. */
export type WatchListener = { readonly connected: () => void; readonly changed: (change: PodChange) => void };

/** PodApi is what we ask of Kubernetes: two reads, `list` and `watch` of `pods`. Both throw `FailureError`. */
export type PodApi = {
  readonly list: (signal: AbortSignal) => Promise<{ readonly pods: readonly Pod[]; readonly version: string }>;
  /** Watches from a state of the world on; settles when the server ends it, when the connection breaks, or with the signal. */
  readonly watch: (version: string, listener: WatchListener, signal: AbortSignal) => Promise<WatchEnd>;
};
