import { createHmac } from "node:crypto";
import { enveloped, errors } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { Route, RouteContext } from "./route.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Where one lease is looked up by its id, and somebody's token by its accessor: questions that are sent as a body. */
export const LOOKUP_ROUTES: readonly Route[] = [
  { method: "PUT", path: "sys/leases/lookup", needs: ["update"], onStandby: "read", answer: leaseAnswer },
  {
    method: "GET",
    path: "auth/token/accessors/",
    needs: ["list", "sudo"],
    onStandby: "read",
    answer: ({ access }) => enveloped({ keys: access.accessors() }),
  },
  { method: "PUT", path: "sys/audit-hash/+", needs: ["update"], onStandby: "forwarded", answer: hashAnswer },
  { method: "PUT", path: "auth/token/lookup-accessor", needs: ["update"], onStandby: "read", answer: accessorAnswer },
];

/** Each device has its own salt: the same value is another hash in another log. */
function hashAnswer({ state, path, body }: RouteContext): SimulatedAnswer {
  const device = path.slice(path.lastIndexOf("/") + 1);
  const { input } = body;
  if (typeof input !== "string" || input === "") return errors(400, 'the "input" parameter is empty');
  if (!state.system.auditDevices.includes(`${device}/`)) return errors(400, `unknown audit backend "${device}/"`);
  return enveloped({ hash: `hmac-sha256:${createHmac("sha256", `salt of ${device}`).update(input).digest("hex")}` });
}

/** Every simulated lease was given when the cluster was made, and renewed just now, for an hour. */
function leaseAnswer({ state, body, now }: RouteContext): SimulatedAnswer {
  const { lease_id: id } = body;
  if (typeof id !== "string" || id === "") return errors(400, "lease_id must be specified");
  if (state.leases.ids?.includes(id) !== true) return errors(400, "invalid lease");
  return enveloped({
    id,
    issue_time: new Date(state.system.startedAt).toISOString(),
    expire_time: new Date(now + HOUR_MS).toISOString(),
    last_renewal: new Date(now).toISOString(),
    renewable: true,
    ttl: HOUR_MS / 1000,
  });
}

function accessorAnswer({ access, body, now }: RouteContext): SimulatedAnswer {
  const { accessor } = body;
  if (typeof accessor !== "string" || accessor === "") return errors(400, "missing accessor");
  const token = access.tokenOf(accessor);
  if (token === undefined) return errors(400, "1 error occurred:\n\t* invalid accessor\n\n");
  const root = access.capabilities(token, "sys/health")?.[0] === "root";
  return enveloped({
    id: "",
    accessor,
    display_name: root ? "root" : "token",
    path: root ? "auth/token/root" : "auth/token/create",
    policies: root ? ["root"] : ["granted"],
    type: "service",
    orphan: true,
    ...(root
      ? { expire_time: null, ttl: 0 }
      : { expire_time: new Date(now + DAY_MS).toISOString(), ttl: DAY_MS / 1000 }),
  });
}
