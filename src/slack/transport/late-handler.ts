import { answerStatus, type HttpHandler } from "./http-types.ts";

/** LateHandler stands where the bot will be: the server listens before there is a bot. */
export type LateHandler = {
  readonly handle: HttpHandler;
  /** From now on requests go to the bot. */
  readonly become: (handle: HttpHandler) => void;
};

/** Makes a handler that answers 503 until it is told of the real one; Slack then delivers events again, and tells people to try again. */
export function createLateHandler(): LateHandler {
  let real: HttpHandler | undefined;
  return {
    handle: async (request, response) => {
      if (real === undefined) answerStatus(response, 503, { "retry-after": "1" });
      else await real(request, response);
    },
    become: (handle) => {
      real = handle;
    },
  };
}
