/** As Promise.all, but a failure is thrown only when all have ended: nobody works on with what the caller then closes. */
export async function allEnded<Value>(parts: readonly Promise<Value>[]): Promise<readonly Value[]> {
  const ended = await Promise.allSettled(parts);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** Calls all of them, the last one first. One that fails leaves none of the others open; the first failure is thrown at the end. */
export async function closeAll(closers: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const closer of closers.splice(0).reverse()) {
    try {
      await closer();
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
}
