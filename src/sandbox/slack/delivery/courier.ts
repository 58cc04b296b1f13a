import type { Part } from "../part.ts";
import type { Workspace } from "../workspace.ts";
import { failed, type Attempt, type Delivery, type Envelope, type EnvelopeKind } from "./delivery.ts";
import { createHttpMode, replay, type HttpMode, type HttpModeOptions, type SentRequest } from "./http-mode.ts";
import type { SocketMode } from "./socket-mode.ts";

/** Courier brings to the app what people do, over Socket Mode or HTTP. */
export type Courier = {
  /** Delivers what a person did, once: Slack never tries again. */
  readonly deliver: (kind: EnvelopeKind, payload: Part) => Promise<Delivery>;
  /** Tries once to deliver, and says why it failed. */
  readonly attempt: (envelope: Envelope) => Promise<Attempt>;
  readonly http: (requestUrl: string) => void;
  readonly socket: () => void;
  readonly deliverTwice: (on: boolean) => void;
  /** Sends the last signed request once more; throws when there is none. */
  readonly replayLast: () => Promise<{ readonly status: number; readonly body: string }>;
  readonly lastRequest: () => SentRequest | undefined;
  readonly verifyUrl: () => Promise<boolean>;
  /** Whether anything could be delivered now. */
  readonly reaches: () => boolean;
  readonly cut: (on: boolean) => void;
};

/** What a courier is made of. */
export type CourierOptions = Omit<HttpModeOptions, "url"> & {
  readonly sockets: SocketMode;
  readonly workspace: Workspace;
};

/** Makes a courier that uses Socket Mode until it is told otherwise. */
export function createCourier({ sockets, workspace, ...options }: CourierOptions): Courier {
  let http: HttpMode | undefined;
  let twice = false;
  let cut = false;
  const attempt = async (envelope: Envelope): Promise<Attempt> => {
    if (cut) return failed("connection_failed");
    if (http === undefined) return await sockets.attempt(envelope, twice);
    const result = await http.attempt(envelope, twice);
    if (result.outcome === "acked") workspace.payloads.push({ via: "ack", body: result.payload });
    return result;
  };
  return {
    attempt,
    deliver: async (kind, payload) => {
      const result = await attempt({ kind, payload });
      return result.outcome === "acked" ? result : { outcome: "dispatch_failed" };
    },
    http: (url) => {
      http = createHttpMode({ ...options, url });
      workspace.changed();
    },
    socket: () => {
      http = undefined;
      workspace.changed();
    },
    deliverTwice: (on) => {
      twice = on;
    },
    lastRequest: () => http?.last(),
    replayLast: async () => {
      const last = http?.last();
      if (last === undefined) throw new Error("cannot replay: nothing was sent over HTTP yet; call http(url) and act");
      return await replay(last);
    },
    verifyUrl: async () => {
      if (http === undefined) throw new Error("cannot verify the Request URL: there is none; call http(url) first");
      return await http.verifyUrl();
    },
    reaches: () => !cut && (http !== undefined || sockets.connections() > 0),
    cut: (on) => {
      cut = on;
    },
  };
}
