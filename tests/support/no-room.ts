/** Whatever is written fails as on a device that is full, from now until the end of the work; deleting goes on. */
export async function withoutRoom<T>(work: () => Promise<T>): Promise<T> {
  const { add, put } = IDBObjectStore.prototype;
  const full = () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  };
  Object.assign(IDBObjectStore.prototype, { add: full, put: full });
  try {
    return await work();
  } finally {
    Object.assign(IDBObjectStore.prototype, { add, put });
  }
}
