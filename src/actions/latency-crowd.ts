import type { InFlightRequest } from "../vault/endpoints/sys-in-flight-req.ts";
import type { Client, Crowd } from "./latency-facts.ts";

/** Look is what one node was working on at a moment (Unix milliseconds by our clock). */
export type Look = { readonly at: number; readonly requests: readonly InFlightRequest[] };

/** What sealwatch asks itself while it measures, and what load balancers and monitors ask of every node. */
const NOT_CLIENTS = [
  "auth/token/lookup-self",
  "sys/health",
  "sys/host-info",
  "sys/in-flight-req",
  "sys/leader",
  "sys/metrics",
  "sys/mounts",
  "sys/seal-status",
];
const NAME_LENGTH = 8;

/** What is needed to tell mounts: the secrets engines' paths, and how many requests end on one in a second. */
export type Mounts = {
  readonly paths: readonly string[];
  readonly perSecond: (mount: string) => number | undefined;
};

/** Tells who was served at the moments at which we looked; undefined when nobody could look. */
export function crowdOf(looks: readonly Look[], { paths, perSecond }: Mounts): Crowd | undefined {
  if (looks.length === 0) return undefined;
  const others = looks.map(({ at, requests }) => ({
    at,
    requests: requests.filter(({ path }) => !NOT_CLIENTS.includes(path)),
  }));
  const all = others.flatMap(({ requests }) => requests);
  const known = all.filter((request) => isLogin(request) || request.clientId !== "");
  const counted = known.length === 0 ? all : known;
  const [name, own] = largest(counted, nameOf) ?? ["", []];
  const [mount, there] = largest(own, ({ path }) => mountOf(path, paths)) ?? ["", []];
  const busiest: Client = {
    name,
    share: own.length / counted.length,
    mount,
    mountShare: there.length / own.length,
    mountPerSecond: perSecond(mount),
  };
  return {
    atOnce: all.length / looks.length,
    oldestMs: oldestOf(others),
    busiest: all.length === 0 ? undefined : busiest,
  };
}

/** Clients are told apart by the beginning of what the server calls them; no address, no name of a person. */
function nameOf(request: InFlightRequest): string {
  if (isLogin(request)) return "callers that log in";
  // The server itself learns who asks only when it has looked the token up; a request may wait long before that.
  return request.clientId === "" ? "callers not known yet" : `client ${request.clientId.slice(0, NAME_LENGTH)}`;
}

/** A login has no client yet. */
function isLogin({ clientId, path }: InFlightRequest): boolean {
  return clientId === "" && path.startsWith("auth/") && !path.startsWith("auth/token/");
}

/** An engine may be mounted below another's path: the longest fits. Without the table it is the first part of the path, below `auth/` the first two. */
function mountOf(path: string, paths: readonly string[]): string {
  const [known] = paths.filter((each) => path.startsWith(each)).sort((left, right) => right.length - left.length);
  if (known !== undefined) return known;
  const parts = path.split("/");
  return `${parts.slice(0, parts[0] === "auth" ? 2 : 1).join("/")}/`;
}

function oldestOf(looks: readonly Look[]): number {
  const ages = looks.flatMap(({ at, requests }) =>
    requests.flatMap(({ startedAtSeconds }) => (startedAtSeconds === undefined ? [] : [at - startedAtSeconds * 1000])),
  );
  return Math.max(0, ...ages);
}

function largest(
  requests: readonly InFlightRequest[],
  keyOf: (request: InFlightRequest) => string,
): [key: string, requests: readonly InFlightRequest[]] | undefined {
  const groups = Map.groupBy(requests, keyOf);
  return [...groups].sort(([, left], [, right]) => right.length - left.length)[0];
}
