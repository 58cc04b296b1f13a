import type { ActionServices } from "../actions/services.ts";

/**
 * Gives services whose only call that changes something, a configured program, asks first, immediately before it begins: `ask` throws when it
 * may not. A look for its effect asks nobody.
 */
export function guardServices(services: ActionServices, ask: () => Promise<void>): ActionServices {
  const { exec } = services;
  if (exec === undefined) return services;
  return {
    ...services,
    exec: {
      ...exec,
      run: async (...given) => {
        await ask();
        return await exec.run(...given);
      },
    },
  };
}
