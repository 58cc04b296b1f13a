/*
 * `import … from "node:http"` reads every export of the module, and some of them (`WebSocket`, `CloseEvent`) load Node's own copy of undici when
 * they are read: 13 MiB and 50 ms for every process, used by nobody here. Asked for in this way, the module is given as it is.
 */
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

/** Creates an HTTP server, as `node:http` does. */
export const createHttpServer: typeof http.createServer = http.createServer;

/** Creates an HTTPS server, as `node:https` does. */
export const createHttpsServer: typeof https.createServer = https.createServer;
