/**
 * Kafka's default partitioner: murmur2(utf8(key)) & 0x7fffffff % partitions.
 *
 * The outbox writes the partition into a column and the connector obeys it, so this function and
 * the Java client must agree for ever: a key that moved would lose its order. Source of the
 * algorithm and of the test vectors: Apache Kafka's `Utils.murmur2`.
 */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions;
}

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

export function murmur2(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = data.byteLength;
  let hash = SEED ^ length;
  const words = length >> 2;
  for (let i = 0; i < words; i++) {
    let k = Math.imul(view.getInt32(i * 4, true), M);
    k ^= k >>> R;
    hash = Math.imul(hash, M) ^ Math.imul(k, M);
  }
  const tail = words * 4;
  const rest = length & 3;
  if (rest === 3) hash ^= view.getUint8(tail + 2) << 16;
  if (rest >= 2) hash ^= view.getUint8(tail + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ view.getUint8(tail), M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}
