/** A listener that throws keeps neither the others from hearing nor what was told of from having happened. */
export function tellOne(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    console.error(error);
  }
}
