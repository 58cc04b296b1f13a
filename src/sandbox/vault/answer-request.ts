import { ANSWERS, NO_CONTENT, errors } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import { leaderSeenBy } from "./cluster-state.ts";
import type { Route, RouteContext } from "./route.ts";
import { ROUTES } from "./routes.ts";

/** Answers a request to one node: the seal first, then the token, then who is to answer, then the route. */
export function answerRequest(method: string, requested: string, asked: RouteContext): SimulatedAnswer {
  const lists = asked.query.get("list") === "true" && !requested.endsWith("/");
  const path = lists ? `${requested}/` : requested;
  const context = { ...asked, path };
  const { state, node } = context;
  const verb = method === "POST" ? "PUT" : method;
  const route = ROUTES.find((each) => fits(each, path) && each.method === verb);
  const tokenFree = ROUTES.some((each) => fits(each, path) && each.needs === undefined);
  if (tokenFree) return route?.answer(context) ?? { statusCode: 405 };
  const refusal = refuse(path, route, context);
  if (refusal !== undefined) return refusal;
  if (route === undefined) return path.startsWith("sys/") ? ANSWERS.unsupported : noHandler(path);
  return state.leader === node.name ? route.answer(context) : answerOnStandby(route, context);
}

function fits(route: Route, path: string): boolean {
  if (route.path.endsWith("*")) return path.startsWith(route.path.slice(0, -1));
  const wanted = route.path.split("/");
  const segments = path.split("/");
  const same = (part: string, at: number): boolean => part === segments[at] || (part === "+" && segments[at] !== "");
  return wanted.length === segments.length && wanted.every(same);
}

function refuse(
  path: string,
  route: Route | undefined,
  { node, access, token }: RouteContext,
): SimulatedAnswer | undefined {
  // A sealed node takes `sys/seal` from anyone: there is nothing left to do.
  if (node.sealed) return route?.path === "sys/seal" ? NO_CONTENT : ANSWERS.sealed;
  if (access.capabilities(token, path) === undefined) return ANSWERS.badToken;
  return access.allows(token, path, route?.needs ?? ["read"]) ? undefined : ANSWERS.denied;
}

function answerOnStandby(route: Route, context: RouteContext): SimulatedAnswer {
  const { state, node } = context;
  const vault = state.settings.product === "vault";
  const local =
    route.onStandby === "local" ||
    (!vault && (route.onStandby === "read" || route.onStandby === "redirected-by-vault"));
  if (local) return route.answer(context);
  const leader = leaderSeenBy(state, node);
  if (leader === undefined) return ANSWERS.noLeader;
  // Forwarding to a leader that is gone fails, and then the standby redirects to it.
  if (route.onStandby === "redirected-by-vault" || context.forwardingForbidden || state.leader === undefined) {
    return { statusCode: 307, headers: { location: `${leader.address}/v1/${context.path}` } };
  }
  return route.answer({ ...context, node: leader });
}

function noHandler(path: string): SimulatedAnswer {
  return errors(404, `no handler for route ${JSON.stringify(path)}. route entry not found.`);
}
