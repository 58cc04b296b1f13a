/** Makes a function that asks until there is an answer, one question at a time, and then keeps it. */
export function onceItWorks<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return async () => {
    answer ??= ask();
    const mine = answer;
    return await mine.catch((error: unknown) => {
      if (answer === mine) answer = undefined;
      throw error;
    });
  };
}
