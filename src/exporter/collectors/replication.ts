import { replicationStatus, type Replication } from "../../vault/endpoints/sys-replication-status.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector, Family, FamilyDeclaration, Sample } from "../collector.ts";
import { gauge, withSamples } from "../family.ts";

const SHARE = 0.4;
const KIND = ["replication"];

const WHICH = "replication is dr or performance. Vault Enterprise only.";
const info = gauge(
  "sealwatch_replication_info",
  `1, with the mode (disabled, primary, secondary, bootstrapping) and the state (running, stream-wals, merkle-diff, merkle-sync, idle). ${WHICH}`,
  [...KIND, "mode", "state"],
);
const lastWal = gauge(
  "sealwatch_replication_last_wal",
  `Number of the last log entry that this cluster wrote. None while disabled. ${WHICH}`,
  KIND,
);
const lastRemoteWal = gauge(
  "sealwatch_replication_last_remote_wal",
  `Number of the last log entry that a secondary got; its primary's last_wal minus this is its lag. None on a primary. ${WHICH}`,
  KIND,
);
const connected = gauge(
  "sealwatch_replication_connected",
  `1 if a secondary's connection to its primary is ready, 0 if not. None on a primary. ${WHICH}`,
  KIND,
);
const knownSecondaries = gauge(
  "sealwatch_replication_known_secondaries",
  `Secondaries that a primary gave access to, used or not. None on a secondary. ${WHICH}`,
  KIND,
);
const connectedSecondaries = gauge(
  "sealwatch_replication_connected_secondaries",
  `Secondaries that a primary is connected to. None on a secondary. ${WHICH}`,
  KIND,
);
const FAMILIES = [info, lastWal, lastRemoteWal, connected, knownSecondaries, connectedSecondaries];

/** A kind of replication by its name. */
type Named = Replication & { readonly name: string };

/** Whether other clusters follow this one, or it another, from the active node; other editions and OpenBao do not replicate. */
export const replication: Collector = {
  name: "replication",
  help: "Replication of Vault Enterprise (disaster recovery and performance), from the active node.",
  families: FAMILIES,
  policy: [],
  async collect(context) {
    const probes = await context.probes();
    if (!probes.some(({ health }) => health?.enterprise === true)) return familiesOf([]);
    const active = await context.active();
    const { dr, performance } = await active.read(replicationStatus, callBudget(context, SHARE));
    return familiesOf([
      ...(dr ? [{ name: "dr", ...dr }] : []),
      ...(performance ? [{ name: "performance", ...performance }] : []),
    ]);
  },
};

function familiesOf(kinds: readonly Named[]): readonly Family[] {
  return [
    withSamples(
      info,
      kinds.map(({ name, mode, state }) => ({ labels: { replication: name, mode, state }, value: 1 })),
    ),
    perKind(lastWal, (kind) => kind.lastWal),
    perKind(lastRemoteWal, (kind) => kind.lastRemoteWal),
    perKind(connected, ({ connectionState }) =>
      connectionState === undefined ? undefined : Number(connectionState === "ready"),
    ),
    perKind(knownSecondaries, (kind) => kind.knownSecondaries),
    perKind(connectedSecondaries, (kind) => kind.connectedSecondaries),
  ];

  function perKind(family: FamilyDeclaration, read: (kind: Named) => number | undefined): Family {
    const samples = kinds.flatMap((kind): readonly Sample[] => {
      const value = read(kind);
      return value === undefined ? [] : [{ labels: { replication: kind.name }, value }];
    });
    return withSamples(family, samples);
  }
}
