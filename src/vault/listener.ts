import type { Timestamp } from "../lib/clock.ts";

/** ListenerCertificate is what a listener shows to whoever connects, good or not. */
export type ListenerCertificate = {
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
  /** The earliest end from it up to the authority, as far as the listener shows the chain or our files complete it. */
  readonly chainNotAfter: Timestamp;
  /** Whether it lacks the name by which we know the node (`tls.serverName`, else the address' host). */
  readonly nameMismatch: boolean;
  /** Whether our authorities vouch for it now: it is signed by one of them, has begun and has not ended. Its name is not looked at. */
  readonly trusted: boolean;
};

/** ListenerProbe is how far a connection came: a phase that did not come to its end is undefined. In milliseconds. */
export type ListenerProbe = {
  /** 0 for an address that is no name. */
  readonly resolveMs: number | undefined;
  readonly connectMs: number | undefined;
  /** Always undefined for plain HTTP, as `certificate` is. */
  readonly tlsMs: number | undefined;
  readonly certificate: ListenerCertificate | undefined;
};
