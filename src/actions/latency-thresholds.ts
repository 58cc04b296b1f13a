/**
 * From what on something is called slow. Averages over some seconds, in milliseconds: the server's own quantiles cover only the last ten
 * seconds and are no number when nothing happened, so that two readings of sum and count say more.
 */
export const SLOW = {
  /** A request of a healthy cluster takes some milliseconds; at a hundred people notice, and a service that asks for several secrets at its start takes a second. */
  requestMs: 100,
  /** Our own read is one small request over the network; a quarter of a second is a network around the world. */
  ownReadMs: 250,
  /** `sys/health` reads no storage and writes no audit: when it is slow, the machine or the way to it is. */
  healthMs: 250,
  /** Two entries in files take a tenth of a millisecond; no request should wait for its record as long as for its answer. */
  auditMs: 50,
  /** etcd's rule for raft: the 99th percentile of a commit stays below 25 ms on a disk that is good enough. An average of twice that is not. */
  commitMs: 50,
  /** The same rule for the disk alone. */
  diskMs: 25,
  /** Reads come from memory or the page cache: Vault's own advice alerts at a 99th percentile of 50 ms. */
  storageReadMs: 20,
  /** A KMS in the same region answers in 10 to 50 ms. */
  sealMs: 100,
  /** Go's collector stops everything for less than a thousandth of the time; on a machine without a free processor it was measured at 0.07. */
  gcShare: 0.1,
} as const;

/** From what on leases are a storm. */
export const STORM = {
  /** Revocations that wait; idle clusters have none, and workers take some hundred a second. */
  queue: 1000,
  /** Leases that come or go in a second: 180 000 in an hour, and Vault itself warns at 256 000. */
  perSecond: 50,
} as const;

/** From what on one client is a crowd. */
export const CROWD = {
  /** Most of what is served is its own. */
  share: 0.6,
  /** Served at a time; a cluster that keeps up has one or two. */
  atOnce: 8,
  /** Or so many answers in a second: what is fast is served one after the other even when it is far too much for the machine. */
  perSecond: 1000,
} as const;

/** From what on a machine is at its end, in percent. */
export const MACHINE = { busy: 85, availableMemory: 5, usedSwap: 50 } as const;
