import { createHash, randomUUID } from "node:crypto";
import { raw } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import { hostAnswer } from "./host-answers.ts";
import type { Route, RouteContext } from "./route.ts";

/** How many requests a noisy client has under way. */
const CROWD = 20;
const OWN_PATH = "sys/in-flight-req";

/** What a node is working on, and how its machine does: each node for itself. */
export const LOAD_ROUTES: readonly Route[] = [
  { method: "GET", path: OWN_PATH, needs: ["read"], onStandby: "redirected-by-vault", answer: inFlightAnswer },
  { method: "GET", path: "sys/host-info", needs: ["read"], onStandby: "redirected-by-vault", answer: hostAnswer },
];

/** Raw, and the question itself is among them. */
function inFlightAnswer({ state, node, token, now }: RouteContext): SimulatedAnswer {
  const crowded = state.system.slowness === "client" && state.leader === node.name;
  const paths = [OWN_PATH, ...Array.from({ length: crowded ? CROWD : 0 }, (_, index) => `secret/app/${index}`)];
  return raw(
    Object.fromEntries(
      paths.map((path) => [
        randomUUID(),
        {
          start_time: new Date(now - 100).toISOString(),
          client_remote_address: "192.0.2.7:41000",
          request_path: `/v1/${path}`,
          request_method: "GET",
          client_id: path === OWN_PATH ? digestOf(token ?? "") : digestOf("a noisy client"),
        },
      ]),
    ),
  );
}

/** Tokens without an entity are told apart by a digest. */
function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
