import type { client as Client } from "node-vault";
import type { WireRequest, WireResponse } from "../wire/send.ts";

/** What node-vault hands to the layer that sends. */
type Prepared = WireRequest & { readonly uri: string };

/**
 * Creates the node-vault client of one node; what it gives sends a request to a path below `/v1/`, with `?query` if any.
 *
 * What node-vault is used for: it builds the request (address, API version, path) and gives the answer back. What it is
 * kept from: its own HTTP layer follows redirects with the token, cannot be aborted and has no time-outs, so `send`
 * replaces it; its answer handler loses the code of `sys/health` and refuses 202, so ours passes everything on; it takes
 * token, namespace and path prefix from the environment and logs bodies with DEBUG set, so all of that is emptied.
 */
export function createNodeVault(
  address: string,
  send: Send,
): (path: string, request: Omit<WireRequest, "url">) => Promise<WireResponse> {
  let opening: Promise<Client> | undefined;
  return async (path, request) => {
    const client = await (opening ??= openClient(address, send));
    return (await client.request({ ...request, headers: { ...request.headers }, path: `/${path}` })) as WireResponse;
  };
}

type Send = (request: WireRequest) => Promise<WireResponse>;

async function openClient(address: string, send: Send): Promise<Client> {
  // With the first call, because it brings axios: a program that has asked nothing yet starts without it.
  const { default: nodeVault } = await import("node-vault");
  const client = nodeVault({
    endpoint: address,
    commands: {},
    debug: () => {},
    "request-promise": {
      defaults:
        () =>
        async ({ uri, ...request }: Prepared) =>
          await send({ ...request, url: uri }),
    },
  });
  Object.assign(client, { token: "", namespace: "", pathPrefix: "" });
  client.handleVaultResponse = async (response) => await Promise.resolve(response);
  return client;
}
