/** A request as Node's server gives it: headers by their names in lower case, and a body that can be read once. */
export type HttpRequest = AsyncIterable<Uint8Array> & {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
};

/** A response as Node's server gives it. */
export type HttpResponse = {
  readonly headersSent: boolean;
  readonly writeHead: (status: number, headers?: Record<string, string>) => unknown;
  readonly end: (body?: string) => unknown;
};

/** HttpHandler answers one request, whatever comes; it never rejects. */
export type HttpHandler = (request: HttpRequest, response: HttpResponse) => Promise<void>;

/** Answers with a status and nothing else, unless an answer is on its way. */
export function answerStatus(response: HttpResponse, status: number, headers: Record<string, string> = {}): void {
  if (response.headersSent) return;
  response.writeHead(status, headers);
  response.end();
}
