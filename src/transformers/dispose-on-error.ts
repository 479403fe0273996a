/** Frees a model that was loaded, when what is still to be done for its caller fails: nobody else could. Throws what the work throws. */
export async function disposeOnError<Result>(
  model: { dispose(): Promise<void> },
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await model.dispose();
    throw error;
  }
}
