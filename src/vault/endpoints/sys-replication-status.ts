import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** A kind of replication as one cluster sees it. Numbers are undefined where its mode has none. */
export type Replication = {
  /** `disabled`, `primary`, `secondary`, `bootstrapping`. */
  readonly mode: string;
  /** `running`, `stream-wals`, `merkle-diff`, `merkle-sync`, `idle`; empty while disabled. */
  readonly state: string;
  /** Last entry of the write-ahead log that this cluster wrote. */
  readonly lastWal: number | undefined;
  /** Of a secondary: last entry that it got from its primary. */
  readonly lastRemoteWal: number | undefined;
  /** Of a secondary: `ready`, `connecting`, `transient_failure`, `idle`, `shutdown`; undefined when it does not say. */
  readonly connectionState: string | undefined;
  /** Of a primary: how many secondaries were given access, and how many of them are connected. */
  readonly knownSecondaries: number | undefined;
  readonly connectedSecondaries: number | undefined;
};

/** ReplicationStatus is both kinds; undefined where the edition does not replicate. */
export type ReplicationStatus = { readonly dr: Replication | undefined; readonly performance: Replication | undefined };

const Kind = z
  .object({
    mode: z.string(),
    state: z.string().default(""),
    last_wal: z.number().optional(),
    last_remote_wal: z.number().optional(),
    connection_state: z.string().optional(),
    known_secondaries: z.array(z.string()).nullish(),
    secondaries: z.array(z.object({ connection_status: z.string().default("") })).nullish(),
  })
  .transform((kind) => ({
    mode: kind.mode,
    state: kind.state,
    lastWal: kind.last_wal,
    lastRemoteWal: kind.last_remote_wal,
    connectionState: kind.connection_state,
    ...(kind.mode === "primary"
      ? secondariesOf(kind)
      : { knownSecondaries: undefined, connectedSecondaries: undefined }),
  }));

/** `GET sys/replication/status` (Vault, no token): replication of both kinds. Without Enterprise only `mode: disabled`; OpenBao: 404. */
export const replicationStatus: Endpoint<ReplicationStatus> = {
  path: "sys/replication/status",
  token: "none",
  answer: z
    .object({ data: z.object({ dr: Kind.optional(), performance: Kind.optional() }) })
    .transform(({ data: { dr, performance } }) => ({ dr, performance })),
};

type Secondaries = {
  readonly known_secondaries?: readonly string[] | null | undefined;
  readonly secondaries?: readonly { readonly connection_status: string }[] | null | undefined;
};

function secondariesOf({ known_secondaries: known, secondaries }: Secondaries) {
  return {
    knownSecondaries: known?.length ?? 0,
    connectedSecondaries: secondaries?.filter((each) => each.connection_status === "connected").length ?? 0,
  };
}
