import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { parseGoTime } from "../go-time.ts";

/** InFlightRequest is a request that a node has begun and not yet answered; the caller's address is not kept. */
export type InFlightRequest = {
  /** Who asks: an entity's id, or for tokens without one a digest of their policies, which all tokens with the same policies share. Empty for a request without a token. */
  readonly clientId: string;
  /** Path without `/v1/`. */
  readonly path: string;
  /** Unix seconds by the node's clock, milliseconds kept; undefined when it is not told. */
  readonly startedAtSeconds: number | undefined;
};

const API = "/v1/";

/** `GET sys/in-flight-req` (token, `read`): what the node asked is working on, itself included; no standby answers for another node. */
export const sysInFlightReq: Endpoint<readonly InFlightRequest[]> = {
  path: "sys/in-flight-req",
  token: "read",
  // Raw, without `data`.
  answer: z
    .record(
      z.string(),
      z.object({ start_time: z.string().default(""), request_path: z.string(), client_id: z.string().default("") }),
    )
    .transform((requests) =>
      Object.values(requests).map(({ start_time, request_path, client_id }) => ({
        clientId: client_id,
        path: request_path.startsWith(API) ? request_path.slice(API.length) : request_path,
        startedAtSeconds: parseGoTime(start_time),
      })),
    ),
};
