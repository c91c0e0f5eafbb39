/**
 * The work's result, or a rejection after `ms`: a database that hangs must not hold a request. `onLate` ends the work
 * where that can be done, and says what went wrong.
 */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  onLate: () => Error = () => new Error(`No answer within ${ms} ms.`),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onLate()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
