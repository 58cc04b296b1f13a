/** Facts that go beside a log message. Never put a secret or a whole payload here. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Logger writes a static message with facts beside it, so that messages can be searched and counted. */
export type Logger = {
  readonly debug: (message: string, facts?: LogFacts) => void;
  readonly info: (message: string, facts?: LogFacts) => void;
  readonly warn: (message: string, facts?: LogFacts) => void;
  readonly error: (message: string, facts?: LogFacts) => void;
};

/** A logger that says nothing, the default of every part that takes one. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
