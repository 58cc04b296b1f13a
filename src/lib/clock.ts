/** Milliseconds since the Unix epoch. Every stored or compared time has this type. */
export type Timestamp = number;

/** Clock is the only way by which time enters the program; `app/system.ts` has the real one. */
export type Clock = { readonly now: () => Timestamp };

/** Ids is the only way by which chance enters the program: `next("run")` gives a short id that was never given before. */
export type Ids = { readonly next: (kind: string) => string };

/** Timers wait: `after` calls back once and gives the function that cancels it. `app/system.ts` has the real ones. */
export type Timers = { readonly after: (milliseconds: number, callback: () => void) => () => void };
