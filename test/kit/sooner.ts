// Time limits without a clock: the limit is a timer of the same process, and a machine that is late is late with both.

/** Whether `what` ends before a timer of `ms` that is set now. Rejects when `what` does. */
export async function isSooner(what: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([what.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
