import type { Sample } from "../collector.ts";
import { gauge } from "../family.ts";
import type { NodeProbe } from "../probe-nodes.ts";
import type { ListenerCertificate } from "../../vault/listener.ts";
import { reading, type Reading } from "./reading.ts";

const ALSO_BAD =
  "Also of a certificate that we do not accept. No sample for http:// and while no TLS connection can be made.";

/** What a node's listener shows to whoever connects, and how long each phase of asking the node took. */
export const LISTENER_READINGS: readonly Reading[] = [
  certificateReading(
    "sealwatch_node_certificate_not_before_timestamp_seconds",
    `When the listener's certificate begins, as a Unix time. ${ALSO_BAD}`,
    ({ notBefore }) => notBefore / 1000,
  ),
  certificateReading(
    "sealwatch_node_certificate_not_after_timestamp_seconds",
    `When the listener's certificate ends, as a Unix time. ${ALSO_BAD}`,
    ({ notAfter }) => notAfter / 1000,
  ),
  certificateReading(
    "sealwatch_node_certificate_chain_not_after_timestamp_seconds",
    `When the first certificate of the chain from the listener's up to the authority ends, as a Unix time. ${ALSO_BAD}`,
    ({ chainNotAfter }) => chainNotAfter / 1000,
  ),
  certificateReading(
    "sealwatch_node_certificate_name_mismatch",
    `1 if the listener's certificate lacks the name that we expect (tls.serverName, else the host of the address), 0 if not. ${ALSO_BAD}`,
    ({ nameMismatch }) => Number(nameMismatch),
  ),
  certificateReading(
    "sealwatch_node_certificate_trusted",
    `1 if tls.caFile (else the system's authorities) vouches for the listener's certificate now, 0 if not: unknown authority, ended, not begun. ${ALSO_BAD}`,
    ({ trusted }) => Number(trusted),
  ),
  {
    family: gauge(
      "sealwatch_node_probe_duration_seconds",
      "How long a phase of asking the node took in this scrape: resolve, connect and tls on a connection of their own, health (sys/health) on one that may be kept. No sample for a phase that came to no end.",
      ["vault_node", "phase"],
    ),
    read: (probe) => phasesOf(probe).flatMap(toSample),
  },
];

function certificateReading(
  name: Reading["family"]["name"],
  help: string,
  value: (certificate: ListenerCertificate) => number,
): Reading {
  return reading(name, help, ({ listener }) => listener?.certificate && value(listener.certificate));
}

function phasesOf({ listener, healthMs }: NodeProbe): readonly (readonly [string, number | undefined])[] {
  return [
    ["resolve", listener?.resolveMs],
    ["connect", listener?.connectMs],
    ["tls", listener?.tlsMs],
    ["health", healthMs],
  ];
}

function toSample([phase, milliseconds]: readonly [string, number | undefined]): readonly Sample[] {
  return milliseconds === undefined ? [] : [{ labels: { phase }, value: milliseconds / 1000 }];
}
